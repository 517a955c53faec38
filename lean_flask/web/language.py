"""English and Arabic: which one a request gets, and its texts."""

from __future__ import annotations

import gettext
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from ..common.types import LANGUAGES, Language

#: What each language calls itself.
OWN_NAMES: dict[Language, str] = {"en": "English", "ar": "العربية"}

_DOMAIN = "lean_flask"
_CATALOGUES = Path(__file__).parent.parent / "translations"


@lru_cache(512)
def choose_language(
    requested: str | None,
    flow_language: str | None,
    accept_language: str | None,
    default: Language,
) -> Language:
    """Return the language of a page: that of the URL, else the flow, the browser, the default.

    :param accept_language: the request's ``Accept-Language`` header.
    """
    # Not LanguageAccept.best_match: for "ar-SA, en;q=0.5" that prefers the exact "en".
    accepted = parse_accept_header(accept_language, LanguageAccept)
    browser = [tag.split("-")[0].lower() for tag, quality in accepted if quality > 0]
    for asked in (requested, flow_language, *browser):
        for language in LANGUAGES:
            if asked == language:
                return language
    return default


def other_language(language: Language) -> Language:
    """Return the language that the page can switch to."""
    return "en" if language == "ar" else "ar"


def direction(language: Language) -> Literal["rtl", "ltr"]:
    """Return the direction in which *language* is written."""
    return "rtl" if language == "ar" else "ltr"


@cache
def translations(language: Language) -> gettext.NullTranslations:
    """Return ``gettext`` and ``ngettext`` of *language*. The code's texts are English."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(_DOMAIN, _CATALOGUES, [language])
