"""What stands in the place of a logo: the letters by which people know a bank."""

from __future__ import annotations

import re

from .sorting import telling_words, without_article
from .words import ARTICLES, STOP_WORDS, fold, strip_generic_words, text_language

_MAX_INITIALS = 4
_WORD = re.compile(r"[^\W_]+")


def logo_initials(name: str) -> str:
    """Return the letters in place of a logo: ``ADIB``, ``SNB``, ``R`` for Riyad Bank.

    Of an Arabic name it is the first letter of what people call the bank: there are no acronyms.
    """
    words = _WORD.findall(name) or [name]
    if text_language(name) == "ar":
        telling = "".join(_WORD.findall(telling_words(name)[0])) or words[0]
        return without_article(telling)[:1]
    core = strip_generic_words(fold(name))
    if " " not in core:
        telling = next((word for word in words if strip_generic_words(fold(word)) == core), name)
        is_short = telling.isupper() and len(telling) <= _MAX_INITIALS
        return telling if is_short else telling[:1].upper()
    small = STOP_WORDS | ARTICLES
    words = [word for word in words if word.lower() not in small] or words
    letters = "".join(word if word.isupper() else word[0] for word in words)
    return (letters if len(letters) <= _MAX_INITIALS else letters[:2]).upper()
