"""Amounts, dates and ages as a reader of each language expects them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from ...common.languages import lean_language
from ...common.money import currency_decimals, used_decimals
from ..language import PageLanguage

_UTC_OFFSETS = {"sa": timedelta(hours=3), "ae": timedelta(hours=4)}  # all year
#: In Arabic: one word whose form never changes. The new signs of both are in few fonts.
_UNITS: dict[str, str] = {"SAR": "ريال", "AED": "درهم"}


def format_amount(amount: Decimal | int, currency: str, language: str) -> str:
    """Return *amount* with its currency, as the pages do: ``SAR 1,250.50`` or ``1,250.50 ريال``.

    It is never rounded, and its digits are Latin in all languages.

    :param amount: in major units of *currency* (riyals, not halalas).
    :param currency: ISO 4217 code.
    :param language: tag of a page language, such as ``ar``.
    """
    amount = Decimal(amount)
    used = used_decimals(amount)
    digits = f"{amount:,.{max(used, currency_decimals(currency)) if used else 0}f}"
    if lean_language(language) == "ar":
        return f"{digits} {_UNITS.get(currency, currency)}"
    return f"{currency} {digits}"


def format_date(day: date, language: PageLanguage, *, is_short: bool = False) -> str:
    """Return *day* of the Gregorian calendar, with Latin digits: ``31 January 2026``.

    :param is_short: ``31 Jan 2026``; in English alone: Arabic has no short names of months.
    """
    month = _months(language.gettext)[day.month - 1]
    month = month[:3] if is_short and language == "en" else month
    return f"{day.day} {month} {day.year}"


def _months(_: Callable[[str], str]) -> tuple[str, ...]:
    return (
        _("January"),
        _("February"),
        _("March"),
        _("April"),
        _("May"),
        _("June"),
        _("July"),
        _("August"),
        _("September"),
        _("October"),
        _("November"),
        _("December"),
    )


def day_in(country: str, moment: datetime) -> date:
    """Return the day that it is at *moment*, an aware datetime in UTC, in ``sa`` or ``ae``."""
    return (moment + _UTC_OFFSETS[country]).date()


def bidi_isolate(text: str) -> str:
    """Return *text* between marks that keep its direction from mixing with the words around."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def format_age(seconds: float, language: PageLanguage) -> str:
    """Return *seconds* in minutes, hours or days."""
    ngettext = language.ngettext
    minutes = int(seconds // 60)
    if minutes < 60:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(num)s hour", "%(num)s hours", hours) % {"num": hours}
    days = hours // 24
    return ngettext("%(num)s day", "%(num)s days", days) % {"num": days}
