"""Times as the operations page writes them: how long ago in words, moments in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from ..language import PageLanguage
from ..picker.formatting import format_age


def format_span(seconds: float, language: PageLanguage) -> str:
    """Return *seconds* in words: ``less than a minute``, ``3 minutes``."""
    if seconds < 60:
        return language.gettext("less than a minute")
    return format_age(seconds, language)


def format_moment(moment: float | datetime) -> str:
    """Return a moment in UTC, as the logs have it: ``2026-11-27 14:05 UTC``.

    :param moment: seconds since the epoch, or an aware datetime.
    """
    if not isinstance(moment, datetime):
        moment = datetime.fromtimestamp(moment, UTC)
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
