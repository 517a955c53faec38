"""The words of bank names: one form of each letter, and which words tell banks apart.

The picker's ``search.js`` has the same rules; ``tests/banks/test_search.py``
compares the tables and the results.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from ..common.types import Language

STOP_WORDS = frozenset({"of", "the", "and", "for", "by"})
ARTICLES = frozenset({"al", "el", "ال"})
GENERIC_TERMS = frozenset({"bank", "banking", "corporation", "banque", "بنك", "مصرف"})
#: Words that count only in a name, or a query, that has no other.
GENERIC_WORDS = GENERIC_TERMS | STOP_WORDS | ARTICLES
#: Articles as prefixes of a longer word.
ARTICLE_PREFIXES = ("al", "ال", "لل")

_LETTERS = str.maketrans("ٱىةکی", "ايهكي")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return *text* for comparison: lower case, no marks or punctuation, one form per letter."""
    letters = unicodedata.normalize("NFKD", text).lower().translate(_LETTERS)
    return " ".join("".join(map(_fold_letter, letters)).split())


def _fold_letter(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Mn" or letter == "\N{ARABIC TATWEEL}":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    return letter if category[0] in "LN" else " "


def strip_generic_words(folded: str) -> str:
    """Return *folded* without articles and generic words, or as it is if nothing else is left."""
    words = map(strip_article, folded.split())
    return " ".join(word for word in words if word not in GENERIC_WORDS) or folded


def strip_article(word: str) -> str:
    """Return *word* without an article in front; a short word keeps it."""
    return word[2:] if len(word) > 4 and word.startswith(ARTICLE_PREFIXES) else word


def initials(folded: str) -> str:
    """Return the first letters of a name of more than two words, else an empty string."""
    words = [word for word in folded.split() if word not in STOP_WORDS]
    return "".join(word[0] for word in words) if len(words) > 2 else ""


def text_language(name: str) -> Language:
    """Return the language that *name* is written in, by its script."""
    return "ar" if any(map(_is_arabic, name)) else "en"


def _is_arabic(character: str) -> bool:
    return "\u0600" <= character <= "\u08ff" or "\ufb50" <= character <= "\ufefc"
