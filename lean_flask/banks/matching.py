"""How well a folded name matches what was typed: as it is, or with typing errors.

Names are taken apart once. A query then costs a few substring searches a bank, and letters are
compared one by one only in names that have enough of the letters that were typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import cached_property

from .words import GENERIC_WORDS

#: Spellings that sound alike, each with the one that stands for it: jazeera, riyadh, mashriq.
_ALIKE = str.maketrans("eyocq", "iiukk")
_DOUBLED = re.compile(r"(.)\1+")
_SAUDI = re.compile("^(saudi|ksa|سعودي).*")  # for which identifiers end in "sau"


class Rank(IntEnum):
    """How a name matches, best first."""

    EXACT = 0
    PREFIX = 1
    WORDS = 2
    INSIDE = 3


class Query:
    """A folded query, taken apart once for all banks."""

    def __init__(self, folded: str) -> None:
        self.text = folded
        self.joined = folded.replace(" ", "")
        words = dict.fromkeys(folded.split())
        self.starts = tuple(f" {word}" for word in words)
        self.countries = tuple(f" {_SAUDI.sub('sau', word)}" for word in words)
        self.has_inside = len(self.joined) > 2

    @cached_property
    def key(self) -> str:
        """What it sounds like."""
        return _phonetic_key(self.joined)

    @cached_property
    def letters(self) -> frozenset[str]:
        """The sounds in it."""
        return frozenset(self.key)

    @cached_property
    def max_errors(self) -> int:
        """How many typing errors it may have; -1 where it is too short for this search."""
        length = len(self.key)
        return -1 if length < 3 else 0 if length < 4 else 1 if length < 8 else 2


class Name:
    """One form of a bank's name."""

    def __init__(self, folded: str) -> None:
        self.text = folded
        self.joined = folded.replace(" ", "")
        self.padded = f" {folded}"

    @cached_property
    def starts(self) -> tuple[tuple[str, str | None], ...]:
        """What it sounds like from each word on, and the word alone where it is a generic one."""
        words = self.text.split()
        return tuple(
            (
                _phonetic_key("".join(words[position:])),
                _phonetic_key(word) if word in GENERIC_WORDS else None,
            )
            for position, word in enumerate(words)
        )

    @cached_property
    def letters(self) -> frozenset[str]:
        """The sounds in it."""
        return frozenset(self.starts[0][0] if self.starts else "")


class Names:
    """All forms of one bank's names."""

    def __init__(self, folded: Iterable[str]) -> None:
        self.forms = tuple(map(Name, folded))
        # One text to search in; a line break is in no query.
        self._padded = "\n".join(name.padded for name in self.forms)
        self._joined = "\n".join(name.joined for name in self.forms)

    def rank(self, query: Query) -> Rank | None:
        """Return how the best of the names matches *query* as it is typed."""
        if not (
            query.joined in self._joined
            or self.has_words(query.starts)
            or (query.has_inside and query.text in self._padded)
        ):
            return None
        ranks = [rank for name in self.forms if (rank := _rank(name, query)) is not None]
        return min(ranks, default=None)

    def has_words(self, starts: Sequence[str]) -> bool:
        """Return whether each of *starts*, a space before it, begins a word in some name."""
        return all(start in self._padded for start in starts)

    def typo_distance(self, query: Query) -> int | None:
        """Return how many typing errors are in *query*; ``None`` is too many."""
        allowed = query.max_errors
        fewest = None
        for name in self.forms:
            errors = _typo_distance(name, query, allowed)
            if errors is not None:
                fewest, allowed = errors, errors - 1
        return fewest


def _rank(name: Name, query: Query) -> Rank | None:
    if name.joined.startswith(query.joined):
        return Rank.EXACT if name.joined == query.joined else Rank.PREFIX
    if all(start in name.padded for start in query.starts):
        return Rank.WORDS
    if query.has_inside and query.text in name.text:
        return Rank.INSIDE
    return None


def _typo_distance(name: Name, query: Query, allowed: int) -> int | None:
    """Count the typing errors between *query* and a word's start in *name*, up to *allowed*."""
    if len(query.letters - name.letters) > allowed:
        return None
    # Each letter that a name lacks is an error, so most names are out before they are compared.
    lacking = sum(letter not in name.letters for letter in query.key)
    for errors in range(lacking, allowed + 1):
        for start, generic in name.starts:
            if _fuzzy_prefix(start, query.key, errors) and not (
                # No more than a generic word with typing errors, which would find every bank.
                generic is not None and _fuzzy_prefix(generic, query.key, errors)
            ):
                return errors
    return None


def _phonetic_key(text: str) -> str:
    return _DOUBLED.sub(r"\1", text.translate(_ALIKE))


def _fuzzy_prefix(text: str, typed: str, errors: int, at: int = 0, done: int = 0) -> bool:
    """Return whether *text* begins with *typed*, give or take *errors* letters or swapped pairs.

    :param at: where in *text* to begin.
    :param done: how many letters of *typed* are found already.
    """
    end, count = len(text), len(typed)
    while count - done > errors:
        if at >= end or count - done - errors > end - at:
            return False
        if text[at] == typed[done]:
            at += 1
            done += 1
            continue
        if not errors:
            return False
        swapped = text[at : at + 2] == typed[done + 1] + typed[done]
        return (
            _fuzzy_prefix(text, typed, errors - 1, at + 1, done + 1)
            or _fuzzy_prefix(text, typed, errors - 1, at, done + 1)
            or _fuzzy_prefix(text, typed, errors - 1, at + 1, done)
            or (swapped and _fuzzy_prefix(text, typed, errors - 1, at + 2, done + 2))
        )
    return True
