"""Which of the page languages a request gets, and its texts."""

from __future__ import annotations

from functools import lru_cache
from gettext import NullTranslations
from typing import Literal, Self

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from ..common.languages import closest, direction, lean_language
from ..common.types import Language
from ..config.settings import Settings


class PageLanguage(str):
    """The tag of a page's language, such as ``ar``, with the texts of one blueprint."""

    __slots__ = ("texts",)
    texts: NullTranslations

    def __new__(cls, tag: str, settings: Settings) -> Self:
        """Return *tag*, one of the languages of *settings*, with its texts."""
        language = super().__new__(cls, tag)
        language.texts = settings.texts[tag]
        return language

    def gettext(self, text: str) -> str:
        """Return the English *text* in this language."""
        return self.texts.gettext(text)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Return the text for *number* of things, by the catalogue's own plural forms."""
        return self.texts.ngettext(singular, plural, number)

    @property
    def direction(self) -> Literal["rtl", "ltr"]:
        """The direction in which it is written."""
        return direction(self)

    @property
    def lean(self) -> Language:
        """The language of Lean's SDK, and of banks' names."""
        return lean_language(self)


@lru_cache(512)
def choose_language(
    requested: str | None,
    flow_language: str | None,
    accept_language: str | None,
    default: str,
    languages: tuple[str, ...],
) -> str:
    """Return the language of a page: that of the URL, else the flow, the browser, the default.

    :param accept_language: the request's ``Accept-Language`` header.
    :param languages: of the pages.
    """
    for asked in (requested, flow_language):
        if asked in languages:
            return asked
    # Not LanguageAccept.best_match: for "ar-SA, en;q=0.5" that prefers the exact "en".
    accepted = parse_accept_header(accept_language, LanguageAccept)
    browser = (closest(tag, languages) for tag, quality in accepted if quality > 0)
    return next(filter(None, browser), default)
