"""Names that match what was typed as it is: whole, from a word's start, or inside.

The names of a list are taken apart once. A query then looks words up, and never passes over all
names. ``search-index.js`` has the same rules.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

from .readings import is_spelled, short_name_key, spelled_letters
from .words import AMBIGUOUS, article_free, core_words, strip_generic_words

#: After any letter of a text.
_END = "\U0010ffff"
_SWIFT_LENGTH = 8
_LONG_SWIFT_LENGTH = 11
_MIN_INSIDE = 5


class Rank(IntEnum):
    """How a name matches, best first."""

    EXACT = 0
    PREFIX = 1
    WORDS = 2
    INSIDE = 3


class Kind(IntEnum):
    """What a text is to its bank, what counts most first."""

    NAME = 0
    ALIAS = 1
    CODE = 2
    INITIALS = 3


class Form(NamedTuple):
    """One text that finds a bank.

    :param entry: the place of the bank in the list.
    :param is_core: whether it is without generic words.
    """

    text: str
    entry: int
    kind: Kind
    is_core: bool

    @property
    def joined(self) -> str:
        """The text without spaces."""
        return self.text.replace(" ", "")


class Match(NamedTuple):
    """A bank that was found, by its place in the list, and how well it matches: less is better."""

    value: int
    entry: int


def rank_of(match: Match) -> Rank:
    """Return how the name of *match* matched."""
    return Rank(match.value >> 4)


def kind_of(match: Match) -> Kind:
    """Return what the text of *match* is to its bank."""
    return Kind(match.value >> 2 & 3)


class NameIndex:
    """All texts of a list of banks, to be looked up.

    :param texts: of each bank, folded, with their kinds.
    """

    def __init__(self, texts: Iterable[Iterable[tuple[str, Kind]]]) -> None:
        listed = [dict_of_first(own) for own in texts]
        owners: dict[str, int] = {}
        for entry, own in enumerate(listed):
            for text, kind in own.items():
                if kind <= Kind.ALIAS:
                    owners.setdefault(text.replace(" ", ""), entry)
        self.size = len(listed)
        self.forms = [
            Form(form, entry, kind, form == core)
            for entry, own in enumerate(listed)
            for text, kind in own.items()
            if kind != Kind.INITIALS or owners.get(text, entry) == entry
            for core in [strip_generic_words(text) if kind <= Kind.ALIAS else text]
            for form in dict.fromkeys((text, core))
        ]
        #: Of each form, what its kind adds to the value of a match, and its entry.
        self._values = [(int(form.kind) << 2, form.entry) for form in self.forms]
        self._joined = sorted((form.joined, at) for at, form in enumerate(self.forms))
        self._words: dict[str, list[int]] = defaultdict(list)
        for at, form in enumerate(self.forms):
            for word in dict.fromkeys(form.text.split()):
                self._words[word].append(at)
        self._vocabulary = sorted(self._words)

    @cached_property
    def _text(self) -> str:
        return "\n".join(f"{form.text} " for form in self.forms if form.kind != Kind.CODE)

    @cached_property
    def _starts(self) -> tuple[list[int], list[int]]:
        """Where each form begins in the one text, and which it is."""
        starts, places, start = [], [], 0
        for at, form in enumerate(self.forms):
            if form.kind != Kind.CODE:
                starts.append(start)
                places.append(at)
                start += len(form.text) + 2
        return starts, places

    def rank(
        self, query: str, allowed: Collection[int] | None = None, *, inside: bool = True
    ) -> list[Match]:
        """Return the banks that match *query*, folded, best first.

        :param allowed: the places of the banks that count, if not all do.
        :param inside: whether a match inside a word counts.
        """
        best: dict[int, int] = {}

        def add(rank: Rank, position: int, places: Iterable[int]) -> None:
            of_rank = rank << 4 | position
            for at in places:
                of_kind, entry = self._values[at]
                value = of_rank | of_kind
                if value < best.get(entry, 99) and (allowed is None or entry in allowed):
                    best[entry] = value

        for position, text in enumerate(dict.fromkeys((query, strip_generic_words(query)))):
            joined = text.replace(" ", "")
            exact, longer = self._starting(joined)
            add(Rank.EXACT, position, exact)
            add(Rank.PREFIX, position, longer)
            if is_spelled(text):
                continue
            add(Rank.WORDS, position, self._with_words(text.split()))
            if inside:
                add(Rank.INSIDE, position, self._inside(text, joined))
        joined = query.replace(" ", "")
        if len(joined) == _LONG_SWIFT_LENGTH and joined.isascii():
            exact, _ = self._starting(joined[:_SWIFT_LENGTH])
            add(Rank.EXACT, 2, [at for at in exact if self.forms[at].kind == Kind.CODE])
        return sorted(Match(value, entry) for entry, value in best.items())

    def _starting(self, joined: str) -> tuple[list[int], list[int]]:
        """Return the forms that are *joined*, and those that are longer."""
        start = bisect_left(self._joined, (joined, -1))
        longer = bisect_left(self._joined, (joined, len(self.forms)), start)
        end = bisect_left(self._joined, (joined + _END, -1), longer)
        return (
            [at for _, at in self._joined[start:longer]],
            [at for _, at in self._joined[longer:end]],
        )

    def _with_words(self, starts: Sequence[str]) -> Iterable[int]:
        """Return the forms of which each of *starts* begins a word."""
        found: set[int] | None = None
        if len(set(starts)) < len(starts):
            return ()
        for start in sorted(starts, key=len, reverse=True):
            places = self._beginning(start)
            found = set(places) if found is None else found.intersection(places)
            if not found:
                return ()
        return found or ()

    def _beginning(self, start: str) -> list[int]:
        first = bisect_left(self._vocabulary, start)
        last = bisect_left(self._vocabulary, start + _END, first)
        return [at for word in self._vocabulary[first:last] for at in self._words[word]]

    def _inside(self, text: str, joined: str) -> list[int]:
        """Return the forms with *text* inside: at a word's end where it is short."""
        if len(joined) < _MIN_INSIDE:
            if len(joined) < 3:
                return []
            text += " "
        starts, places = self._starts
        found = []
        at = self._text.find(text)
        while at >= 0:
            number = bisect_left(starts, at + 1) - 1
            found.append(places[number])
            if number + 1 == len(starts):
                break
            at = self._text.find(text, starts[number + 1])
        return found

    def across(self, starts: Collection[str], allowed: Collection[int] | None) -> list[int]:
        """Return the banks with some name for each of *starts* in which it begins a word."""
        found: set[int] | None = None
        if max(map(len, starts)) < 3:
            return []
        for start in starts:
            entries = {self.forms[at].entry for at in self._beginning(start)}
            found = entries if found is None else found & entries
            if not found:
                return []
        return sorted(entry for entry in found or () if allowed is None or entry in allowed)

    def spelled(self, joined: str, allowed: Collection[int] | None) -> list[Match]:
        """Return the banks whose short name is what *joined* spells out, letter by letter."""
        found = {
            Match(form.kind, form.entry)
            for letters in spelled_letters(joined)
            if len(letters) > 2
            for form in map(self.forms.__getitem__, self._short_names.get(letters, ()))
            if allowed is None or form.entry in allowed
        }
        return _first_of_each(found)

    @cached_property
    def _short_names(self) -> dict[str, list[int]]:
        named = defaultdict(list)
        for at, form in enumerate(self.forms):
            if form.kind != Kind.CODE and form.text.isascii() and " " not in form.text:
                named[short_name_key(form.text)].append(at)
        return named

    def in_sentence(self, query: str, allowed: Collection[int] | None) -> list[Match]:
        """Return the banks of which a whole name is among the words of *query*.

        The one that comes first, then the longest.
        """
        found = set()
        for words in (article_free(query), core_words(query)):
            for start in range(len(words)):
                for end in range(start + 1, min(len(words), start + 6) + 1):
                    for at in self._whole.get(" ".join(words[start:end]), ()):
                        form = self.forms[at]
                        if allowed is None or form.entry in allowed:
                            value = (start * 8 + 7 - (end - start)) << 2 | form.kind
                            found.add(Match(value, form.entry))
        return _first_of_each(found)

    @cached_property
    def _whole(self) -> dict[str, list[int]]:
        """The names that no sentence has by chance."""
        named = defaultdict(list)
        for at, form in enumerate(self.forms):
            if form.kind > Kind.ALIAS or len(form.text) < 3:
                continue
            words = " ".join(core_words(form.text) if form.is_core else article_free(form.text))
            if words and words not in AMBIGUOUS and (len(words) > 2 and core_words(words)):
                named[words].append(at)
        return named


def _first_of_each(found: Iterable[Match]) -> list[Match]:
    best: dict[int, Match] = {}
    for match in sorted(found):
        best.setdefault(match.entry, match)
    return list(best.values())


def dict_of_first(texts: Iterable[tuple[str, Kind]]) -> dict[str, Kind]:
    """Return *texts* without repeats, each of the kind that counts most."""
    kept: dict[str, Kind] = {}
    for text, kind in texts:
        if text and kind < kept.get(text, Kind.INITIALS + 1):
            kept[text] = kind
    return kept
