"""Finding a bank by what a customer types: in English or Arabic, with aliases and typing errors.

The picker's ``search.js`` has the same rules for search as you type; ``search_vectors.json`` in the
tests holds both to the same results.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import IntEnum
from functools import lru_cache

from .aliases import Aliases, aliases_of
from .bank import Bank
from .words import GENERIC_WORDS, fold, initials, strip_generic_words

#: Characters of a query, as of the search box and of ``GET /banks``; further ones are ignored.
MAX_QUERY_LENGTH = 100

_SAUDI = re.compile("^(saudi|ksa|سعودي).*")  # the end of Saudi identifiers is "sau"
#: Spellings that sound alike, each with the one that stands for it: jazeera, riyadh, mashriq.
_SOUNDS = ((re.compile("[ey]"), "i"), (re.compile("o"), "u"), (re.compile("[cq]"), "k"))
_DOUBLED = re.compile(r"(.)\1+")


class Rank(IntEnum):
    """How a query matches a name, best first."""

    EXACT = 0
    PREFIX = 1
    WORDS = 2
    INSIDE = 3


def search_keys(bank: Bank, aliases: Aliases = ()) -> tuple[str, ...]:
    """Return all that finds *bank*, folded: names, initials, identifier, SWIFT code, aliases."""
    texts = (bank.name, bank.commercial_name, bank.arabic_name, bank.commercial_name_arabic)
    names = [fold(text) for text in texts if text]
    keys = [*names, initials(names[0]), fold(bank.identifier), fold(bank.swift_code or "")]
    return _without_repeats(filter(None, [*keys, *aliases_of(bank, names, aliases)]))


def _without_repeats(keys: Iterable[str]) -> tuple[str, ...]:
    """Return *keys* without those that find nothing more than the ones before them."""
    kept: dict[str, str] = {}
    for key in keys:
        kept.setdefault(strip_generic_words(key), key)
    return tuple(kept.values())


def search(banks: Iterable[Bank], query: str, aliases: Aliases = ()) -> tuple[Bank, ...]:
    """Return the banks that *query* may mean, best first; all banks if it has no letter or digit.

    Matches are ranked by :class:`Rank`. If there are none, words of several names of one bank are
    matched. If there are none either, other spellings and typing errors are.

    :param aliases: the host's own names of banks, besides the built-in ones.
    """
    banks = tuple(banks)
    queries = _variants(fold(query[:MAX_QUERY_LENGTH])[:MAX_QUERY_LENGTH])
    if queries == ("",):
        return banks
    names = [(bank, _names_of(bank, aliases)) for bank in banks]
    return (
        _best_first(names, queries, _rank)
        or tuple(bank for bank, own in names if _matches_across_names(own, queries[-1]))
        or _best_first(names, queries, _typo_distance)
    )


def _best_first(
    names: Iterable[tuple[Bank, tuple[str, ...]]],
    queries: tuple[str, ...],
    judge: Callable[[str, str], int | None],
) -> tuple[Bank, ...]:
    found = []
    for bank, own in names:
        ranks = [
            (rank, position)  # the query as typed before the one without generic words
            for name in own
            for position, query in enumerate(queries)
            if (rank := judge(name, query)) is not None
        ]
        best = min(ranks, default=None)
        if best is not None:
            found.append((best, bank))
    return tuple(bank for _, bank in sorted(found, key=lambda pair: pair[0]))


@lru_cache(maxsize=8192)
def _names_of(bank: Bank, aliases: Aliases) -> tuple[str, ...]:
    variants = (name for key in search_keys(bank, aliases) for name in _variants(key))
    return tuple(dict.fromkeys(variants))


def _variants(folded: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((folded, strip_generic_words(folded))))


def _rank(name: str, query: str) -> Rank | None:
    joined, typed = name.replace(" ", ""), query.replace(" ", "")
    if joined == typed:
        return Rank.EXACT
    if joined.startswith(typed):
        return Rank.PREFIX
    if all(_has_word(name, part) for part in query.split()):
        return Rank.WORDS
    if len(typed) > 2 and query in name:
        return Rank.INSIDE
    return None


def _has_word(name: str, start: str) -> bool:
    return f" {start}" in f" {name}"


def _matches_across_names(names: tuple[str, ...], query: str) -> bool:
    """Return whether each word of *query* begins a word of some name, or is the country."""
    parts = [_SAUDI.sub("sau", part) for part in query.split()]
    return all(any(_has_word(name, part) for name in names) for part in parts)


def _typo_distance(name: str, query: str) -> int | None:
    """Return the typing errors between *query* and *name* from one of its words on.

    ``None`` is more than are allowed for a query of this length.
    """
    typed = _phonetic_key(query.replace(" ", ""))
    allowed = -1 if len(typed) < 3 else 0 if len(typed) < 4 else 1 if len(typed) < 8 else 2
    for errors in range(allowed + 1):
        if any(
            _fuzzy_prefix(start, typed, errors) and not _is_generic(word, typed, errors)
            for word, start in zip(name.split(), _word_starts(name), strict=True)
        ):
            return errors
    return None


def _is_generic(word: str, typed: str, errors: int) -> bool:
    """Return whether *typed* is a generic *word* with errors, which would find every bank."""
    return word in GENERIC_WORDS and _fuzzy_prefix(_phonetic_key(word), typed, errors)


@lru_cache(maxsize=65536)
def _word_starts(name: str) -> tuple[str, ...]:
    words = name.split()
    return tuple(_phonetic_key("".join(words[position:])) for position in range(len(words)))


def _phonetic_key(text: str) -> str:
    for spelling, sound in _SOUNDS:
        text = spelling.sub(sound, text)
    return _DOUBLED.sub(r"\1", text)


def _fuzzy_prefix(text: str, typed: str, errors: int) -> bool:
    """Return whether *text* begins with *typed*, with up to *errors* wrong or swapped letters."""
    if len(typed) <= errors:
        return True
    if text[:1] == typed[0]:
        return _fuzzy_prefix(text[1:], typed[1:], errors)
    if not errors:
        return False
    swapped = text[:2] == typed[1] + typed[0]
    return (
        _fuzzy_prefix(text[1:], typed[1:], errors - 1)
        or _fuzzy_prefix(text, typed[1:], errors - 1)
        or _fuzzy_prefix(text[1:], typed, errors - 1)
        or (swapped and _fuzzy_prefix(text[2:], typed[2:], errors - 1))
    )
