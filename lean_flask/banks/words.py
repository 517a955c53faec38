"""The words of bank names: one form of each letter, and which words tell banks apart.

The picker's ``search-words.js`` has the same rules, from the same ``search_table.json``.
"""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

from ..common.types import Language

#: What the search in Python and the picker's script know of the market, in one file.
TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "search_table.json").read_text("utf-8"))
STOP_WORDS = frozenset(TABLE["small"].split())
ARTICLES = frozenset(TABLE["articles"].split())
GENERIC_TERMS = frozenset(TABLE["generic"].split())
#: Words that count only in a name, or a query, that has no other.
GENERIC_WORDS = GENERIC_TERMS | STOP_WORDS | ARTICLES
#: Articles as prefixes of a longer word, the longer ones with what is written in one with them.
ARTICLE_PREFIXES = ("al", "el", "ال", "لل")
_JOINED_BANK = re.compile(TABLE["joined"])
_JOINED_ARTICLES = ("بال", "وال", "فال", "كال")

_LETTERS = dict(zip(*TABLE["letters"], strict=True))
_BMP = 0x10000
_FAR_LETTER = "\N{YI SYLLABLE IT}"


class _Folding(dict[int, str]):
    """What each letter is folded to, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_letter(chr(code))
        if code < _BMP:
            self[code] = folded
        # Browsers count such a letter as two; no bank's name has one, nor what stands for it.
        return folded if code < _BMP or folded.isascii() else _FAR_LETTER


def _fold_letter(letter: str) -> str:
    letter = _LETTERS.get(letter, letter)
    category = unicodedata.category(letter)
    if category == "Mn" or letter == "\N{ARABIC TATWEEL}":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    return letter if category[0] in "LN" else " "


_folding = _Folding()


def fold(text: str) -> str:
    """Return *text* for comparison: lower case, no marks or punctuation, one form per letter."""
    letters = unicodedata.normalize("NFKD", text).lower().translate(_folding)
    return " ".join(letters.split())


def strip_generic_words(folded: str) -> str:
    """Return *folded* without articles and generic words, or as it is if nothing else is left."""
    return " ".join(core_words(folded)) or folded


def article_free(folded: str) -> list[str]:
    """Return the words of *folded* without articles."""
    return [word for word in map(strip_article, folded.split()) if word not in ARTICLES]


def core_words(folded: str) -> list[str]:
    """Return the words of *folded* that tell banks apart, without articles."""
    words = map(strip_article, map(_strip_bank, folded.split()))
    return [word for word in words if word not in GENERIC_WORDS]


def _strip_bank(word: str) -> str:
    return _JOINED_BANK.sub("", word) if len(word) > 6 else word


def strip_article(word: str) -> str:
    """Return *word* without an article in front; a short word keeps it."""
    if len(word) > 5 and word.startswith(_JOINED_ARTICLES):
        return word[3:]
    return word[2:] if len(word) > 4 and word.startswith(ARTICLE_PREFIXES) else word


def _folded_words(text: str) -> frozenset[str]:
    return frozenset(strip_article(word) for word in fold(text).split())


#: Words beside a bank's name in a sentence: the account, the app, the verb.
FILLERS = _folded_words(TABLE["fillers"])
#: Words that tell that no bank is meant: an airline, a mall, a club.
ELSEWHERE = _folded_words(TABLE["elsewhere"])
#: Names of other companies, near to those of banks.
COMPANIES = _folded_words(TABLE["companies"])
#: Names of banks that name other things too: a town, a club.
AMBIGUOUS = frozenset(map(fold, TABLE["ambiguous"].split(", ")))


def initials(folded: str) -> str:
    """Return the first letters of a name of more than two words, else an empty string."""
    words = [word for word in folded.split() if word not in STOP_WORDS]
    return "".join(word[0] for word in words) if len(words) > 2 and folded.isascii() else ""


def text_language(name: str) -> Language:
    """Return the language that *name* is written in, by its script."""
    return "ar" if any(map(_is_arabic, name)) else "en"


def _is_arabic(character: str) -> bool:
    return "\u0600" <= character <= "\u08ff" or "\ufb50" <= character <= "\ufefc"
