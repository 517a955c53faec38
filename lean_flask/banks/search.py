"""Finding a bank by what a customer types: in English, Arabic or Urdu, also with errors.

The picker's ``search.js`` has the same rules for search as you type; the vectors in the tests hold
both to the same results.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from .aliases import (
    KNOWN_BANKS,
    Aliases,
    KnownBank,
    built_in_aliases,
    host_aliases,
    known_bank,
)
from .bank import Bank
from .matching import Kind, Match, NameIndex, Rank, kind_of, rank_of
from .readings import arabizi, is_spelled, other_keyboard
from .slips import SlipIndex, is_company, names_no_bank
from .words import FILLERS, TABLE, core_words, fold, initials, strip_article

#: Characters of a query, as of the search box and of ``GET /banks``; further ones are ignored.
MAX_QUERY_LENGTH = 100
MAX_SIMILAR = 3
#: Digits from which a query may be a number of an account or a card.
MIN_DIGITS_OF_NUMBER = 8

_SAUDI = frozenset(map(fold, TABLE["saudi"].split()))
_SAUDI_TAIL = "sau"
#: Letters that other readings need, and names of banks that are not in the list.
_MIN_READ = 3
_MIN_KNOWN_BEGINNING = 4


class Found(NamedTuple):
    """What a query found.

    :param banks: best first.
    :param known: the bank that is meant, if it is not in the list.
    """

    banks: tuple[Bank, ...]
    known: KnownBank | None = None


def names_of(bank: Bank) -> tuple[str, ...]:
    """Return the names of *bank* itself."""
    sent = (bank.name, bank.commercial_name, bank.arabic_name, bank.commercial_name_arabic)
    return tuple(dict.fromkeys(text for text in (*sent, bank.names["ar"]) if text))


def _texts_of(bank: Bank, aliases: Aliases) -> Iterator[tuple[str, Kind]]:
    names = list(map(fold, names_of(bank)))
    yield from ((name, Kind.NAME) for name in names)
    others = built_in_aliases(names) + host_aliases(bank.identifier, names, aliases)
    yield from ((alias, Kind.ALIAS) for alias in others)
    yield fold(bank.identifier), Kind.CODE
    yield fold(bank.swift_code or ""), Kind.CODE
    yield from ((initials(name), Kind.INITIALS) for name in names)


def _texts_of_known(known: KnownBank) -> Iterator[tuple[str, Kind]]:
    yield from ((fold(name), Kind.NAME) for name in (known.en, known.ar))
    yield from ((fold(name), Kind.ALIAS) for name in known.others)


class _Layers:
    """Each way to find banks in one list, by their places."""

    def __init__(self, names: NameIndex) -> None:
        self.names = names

    @cached_property
    def slips(self) -> SlipIndex:
        return SlipIndex(self.names)


class SearchIndex:
    """The names of a list of banks, prepared once for every search in it.

    :param aliases: the host's own names of banks, besides the built-in ones.
    """

    def __init__(self, banks: Iterable[Bank], aliases: Aliases = ()) -> None:
        self._aliases = aliases
        self._banks = tuple(banks)
        self._places = {id(bank): place for place, bank in enumerate(self._banks)}
        self._last: tuple[tuple[Bank, ...], Collection[int] | None] = (self._banks, None)
        self._own = _Layers(NameIndex(_texts_of(bank, aliases) for bank in self._banks))

    @cached_property
    def _unlisted(self) -> tuple[KnownBank, ...]:
        listed = {known_bank(map(fold, names_of(bank))) for bank in self._banks}
        return tuple(known for known in KNOWN_BANKS if known not in listed)

    @cached_property
    def _known(self) -> _Layers:
        return _Layers(NameIndex(map(_texts_of_known, self._unlisted)))

    def search(self, banks: Iterable[Bank], query: str) -> tuple[Bank, ...]:
        """Return those of *banks* that *query* may mean, best first; see :meth:`find`."""
        return self.find(banks, query).banks

    def find(self, banks: Iterable[Bank], query: str) -> Found:
        """Return those of *banks* that *query* may mean, best first, or the known bank it means.

        All of them if it has no letter or digit. The first of these that finds something decides:
        what is typed, as a name; words of several names of one bank; another keyboard, Arabizi,
        letters spelled out; errors; a sentence with a name in it.

        :param banks: of this list.
        """
        banks = tuple(banks)
        raw = _cut(query)
        folded = fold(_cut(fold(raw)))
        if not folded:
            return Found(banks)
        try:
            allowed = self._places_of(banks)
        except KeyError:
            return SearchIndex(banks, self._aliases).find(banks, query)
        found, known = self._find(raw, folded, allowed)
        return Found(
            tuple(self._banks[place] for place in found),
            self._unlisted[known] if known is not None and not found else None,
        )

    def _places_of(self, banks: tuple[Bank, ...]) -> Collection[int] | None:
        """Return the places of *banks*; ``None`` for all. Those of the last call are known."""
        last = self._last
        if banks is not last[0]:
            places = {self._places[id(bank)] for bank in banks}
            last = self._last = banks, None if len(places) == len(self._banks) else places
        return last[1]

    def _find(
        self, raw: str, folded: str, allowed: Collection[int] | None
    ) -> tuple[list[int], int | None]:
        names = self._own.names
        known = self._known.names
        matches = names.rank(folded, allowed)
        unlisted = known.rank(folded, inside=False) if len(folded) >= _MIN_READ else []
        is_named = bool(unlisted) and rank_of(unlisted[0]) == Rank.EXACT
        if is_company(folded) and not (matches and rank_of(matches[0]) == Rank.EXACT):
            return [], None
        if not matches or rank_of(matches[0]) != Rank.EXACT:
            spelled = self._spelled(folded, allowed)
            if spelled:
                return spelled
        if matches and not (is_named and _is_weak(matches[0])):
            return _places(matches), None
        if is_named:
            return [], unlisted[0].entry
        across = self._across(folded, allowed)
        if across:
            return across, None
        if unlisted and len(folded.replace(" ", "")) >= _MIN_KNOWN_BEGINNING:
            return [], unlisted[0].entry
        return self._read(raw, folded, allowed)

    def _across(self, folded: str, allowed: Collection[int] | None) -> list[int]:
        """Return the banks that have words of *folded* in several of their names."""
        words = core_words(folded)
        is_country = set(words) <= _SAUDI
        if not words or is_spelled(folded) or len(set(words)) < len(words):
            return []
        if len(words) < 2 and not is_country:
            return []
        return self._own.names.across(dict.fromkeys(map(_country, words)), allowed)

    def _read(
        self, raw: str, folded: str, allowed: Collection[int] | None
    ) -> tuple[list[int], int | None]:
        """Find what *folded* means in another reading, with errors, or in a sentence."""
        names, known = self._own.names, self._known.names
        keyed = other_keyboard(raw)
        if len(keyed) >= _MIN_READ and min(map(len, keyed.split())) > 1:
            for index, own in ((names, True), (known, False)):
                matches = index.rank(keyed, allowed if own else None, inside=False)
                matches = [match for match in matches if _is_meant(match, keyed)]
                if matches:
                    return _outcome(matches, own)
        latin = arabizi(folded)
        if latin != folded:
            matches = names.rank(latin, allowed, inside=False)
            across = self._across(latin, allowed)
            if matches or across:
                return (_places(matches) if matches else across), None
        found = self._guess(folded, allowed)
        return self._guess(latin, allowed) if found == ([], None) and latin != folded else found

    def _spelled(
        self, folded: str, allowed: Collection[int] | None
    ) -> tuple[list[int], int | None] | None:
        joined = "".join(core_words(folded))
        for names, own in ((self._own.names, True), (self._known.names, False)):
            matches = names.spelled(joined, allowed if own else None)
            if matches:
                return _outcome(matches, own)
        return None

    def _guess(self, text: str, allowed: Collection[int] | None) -> tuple[list[int], int | None]:
        found = self._slips(text, allowed)
        if found[0] or found[1] is not None:
            return found
        if names_no_bank(text):
            return [], None
        rest = " ".join(
            word
            for word in text.split()
            if word not in FILLERS and strip_article(word) not in FILLERS
        )
        if rest != text and len("".join(core_words(rest))) >= _MIN_READ:
            matches = self._own.names.rank(rest, allowed, inside=False)
            known = self._known.names.rank(rest, inside=False)
            is_named = bool(known) and rank_of(known[0]) == Rank.EXACT
            if is_named and not (matches and not _is_weak(matches[0])):
                return [], known[0].entry
            if matches:
                return _places(matches), None
            across = self._across(rest, allowed)
            if across:
                return across, None
            found = self._slips(rest, allowed, prefix=False)
            if found[0] or found[1] is not None:
                return found
        matches = self._own.names.in_sentence(text, allowed)
        if matches:
            return _places(matches), None
        return _outcome(self._known.names.in_sentence(text, None), own=False)

    def _slips(
        self, text: str, allowed: Collection[int] | None, *, prefix: bool = True
    ) -> tuple[list[int], int | None]:
        own = self._own.slips.search(text, allowed, prefix=prefix)
        known = self._known.slips.search(text, None, prefix=False)
        if own and (not known or own[0].value <= known[0].value):
            return _places(own), None
        return _outcome(known, own=False)


def _places(matches: Iterable[Match]) -> list[int]:
    return [match.entry for match in matches]


def _is_weak(match: Match) -> bool:
    """Return whether *match* gives way to the whole name of a bank that is not in the list."""
    rank, kind = rank_of(match), kind_of(match)
    is_part_of_code = kind == Kind.CODE and rank != Rank.EXACT
    return rank == Rank.INSIDE or kind == Kind.INITIALS or is_part_of_code


def _is_meant(match: Match, keyed: str) -> bool:
    """Return whether *match* is good enough for what nobody would type on purpose."""
    is_long = len("".join(core_words(keyed))) >= _MIN_KNOWN_BEGINNING
    return kind_of(match) <= Kind.ALIAS and (is_long or rank_of(match) == Rank.EXACT)


def _outcome(matches: list[Match], own: bool) -> tuple[list[int], int | None]:
    return (_places(matches), None) if own else ([], matches[0].entry if matches else None)


def _country(word: str) -> str:
    """Return *word*, or the end of identifiers for Saudi Arabia."""
    return _SAUDI_TAIL if word in _SAUDI else word


def search(banks: Iterable[Bank], query: str, aliases: Aliases = ()) -> tuple[Bank, ...]:
    """Return those of *banks* that *query* may mean; see :meth:`SearchIndex.find`."""
    banks = tuple(banks)
    return SearchIndex(banks, aliases).search(banks, query)


def _cut(query: str) -> str:
    """Return the beginning of *query*, counted as browsers do: in units of UTF-16."""
    units = query[:MAX_QUERY_LENGTH].encode("utf-16-le", "replace")
    return units[: 2 * MAX_QUERY_LENGTH].decode("utf-16-le", "ignore")


def has_long_number(query: str) -> bool:
    """Return whether *query* may hold the number of an account or a card."""
    return len(re.findall("[0-9]", fold(query))) >= MIN_DIGITS_OF_NUMBER


def similar_banks(banks: Iterable[Bank], identifier: str, aliases: Aliases = ()) -> tuple[str, ...]:
    """Return the identifiers of up to three banks that a wrong *identifier* may mean."""
    banks = tuple(banks)
    known = {bank.identifier.upper(): bank.identifier for bank in banks}
    near = difflib.get_close_matches(identifier.upper(), known, n=MAX_SIMILAR, cutoff=0.75)
    if near:
        return tuple(known[name] for name in near)
    found = search(banks, identifier.replace("_", " "), aliases)
    return tuple(dict.fromkeys(bank.identifier for bank in found))[:MAX_SIMILAR]
