"""The order of banks, as people look them up: by what they call a bank, without "Bank"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..common.types import Language
from .bank import Bank
from .words import fold, text_language

#: Words that come before what people call a bank.
_LEADING_WORDS = frozenset({"bank", "the", "of", "بنك", "البنك", "مصرف", "المصرف"})
_ARABIC_ARTICLE = "ال"
_MIN_WORD_WITH_ARTICLE = 5  # letters; a shorter word may begin like one


def telling_words(name: str) -> list[str]:
    """Return the words of *name* from the first that tells it apart: not "Bank", not ``مصرف``."""
    words = re.split(r"[\s\-\u2010-\u2015]+", name.strip())
    first = next((n for n, word in enumerate(words) if fold(word) not in _LEADING_WORDS), 0)
    return words[first:]


def without_article(word: str) -> str:
    """Return an Arabic *word* without its article; Latin script keeps "Al", as people look it up.

    An alef with hamza is no article: ``ألفا``.
    """
    if len(word) >= _MIN_WORD_WITH_ARTICLE and word.startswith(_ARABIC_ARTICLE):
        return word.removeprefix(_ARABIC_ARTICLE)
    return word


def sort_key(name: str, language: Language) -> tuple[bool, str]:
    """Return the key that sorts *name* on a page in *language*: names in its script come first."""
    first, *others = telling_words(name)
    return text_language(name) != language, fold(" ".join((without_article(first), *others)))


def sort_banks(banks: Iterable[Bank], language: Language) -> tuple[Bank, ...]:
    """Return *banks* in the order of a page in *language*; what works for nothing is last."""

    def key(bank: Bank) -> tuple[bool, tuple[bool, str]]:
        works = bank.is_available("data") or bank.is_available("payments")
        return not works, sort_key(bank.names[language], language)

    return tuple(sorted(banks, key=key))
