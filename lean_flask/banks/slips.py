"""Names that sound like what was typed, or differ by a slip of the finger.

``search-slips.js`` has the same rules.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from .matching import Form, Kind, Match, NameIndex
from .readings import is_spelled
from .sound import (
    MIN_LENGTH,
    budget,
    consonants,
    error_cost,
    is_feminine,
    longest_beginning,
    may_be_within,
    sound,
)
from .words import (
    COMPANIES,
    ELSEWHERE,
    FILLERS,
    GENERIC_TERMS,
    article_free,
    core_words,
    strip_article,
)

#: An article before a word whose first sound it takes on: ar rajhi.
_LIAISON = re.compile(r"\b[ae]([rsndtz]) (?=\1)", re.ASCII)
#: Sounds of a query that may be the beginning of a name.
_MIN_PREFIX = 6
#: Letters of the last word of what is compared as one.
_MIN_PART = 3
#: Sounds of a part that stands for the name, and what errors in it may cost.
_MIN_PART_SOUNDS = 5
_MAX_PART_COST = 3
#: What errors may cost in what is the beginning of a name.
_MAX_BEGINNING_COST = 3
_COMPANIES = frozenset(map(sound, COMPANIES))


class Sounded(NamedTuple):
    """A sound that some names have."""

    sounds: str
    consonants: int


class Part(NamedTuple):
    """Words of a name that follow each other: its bank, and whether they are the whole name."""

    entry: int
    kind: Kind
    is_whole: bool


class SlipIndex:
    """The sounds of the names of a list, by their first letter."""

    def __init__(self, names: NameIndex) -> None:
        self._parts: dict[str, list[Part]] = defaultdict(list)
        self._words: dict[str, list[int]] = defaultdict(list)
        self._forms: list[tuple[Part, int]] = []
        self._sound: dict[str, str] = {}
        for form in names.forms:
            if form.kind <= Kind.ALIAS:
                self._add_form(form)
        self._starts = _by_first_letter(self._parts)
        self._sounds: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            if len(word) >= MIN_LENGTH:
                self._sounds[self._sound[word]].append(word)
        self._sound_starts = _by_first_letter(self._sounds)

    def _add_form(self, form: Form) -> None:
        words = core_words(form.text) if form.is_core else article_free(form.text)
        keys = list(map(self._sound_of, words))
        whole = Part(form.entry, form.kind, True)
        if not form.is_core:
            self._parts["".join(keys)].append(whole)
            return
        part = Part(form.entry, form.kind, False)
        for word in dict.fromkeys(words):
            self._words[word].append(len(self._forms))
        self._forms.append((whole, len(set(words))))
        for start in range(len(keys)):
            for end in range(start + 1, len(keys) + 1):
                if len(words[end - 1]) < _MIN_PART:
                    break
                is_whole = end - start == len(keys)
                self._parts["".join(keys[start:end])].append(whole if is_whole else part)

    def _sound_of(self, word: str) -> str:
        if word not in self._sound:
            self._sound[word] = sound(word)
        return self._sound[word]

    def search(
        self, query: str, allowed: Collection[int] | None, *, prefix: bool = True
    ) -> list[Match]:
        """Return the banks that *query* may mean, with the fewest errors first.

        Whole words come before beginnings.

        :param prefix: whether a beginning counts.
        """
        words = core_words(_LIAISON.sub("", query))
        if not words or names_no_bank(query) or is_spelled(query):
            return []
        best: dict[int, int] = {}
        telling = [word for word in words if _generic_cost(word) is None]
        if len(telling) > 1:
            self._add_by_word(best, telling, len(words) - len(telling), prefix)
        self._add_joined(best, words, 0, prefix)
        if telling and telling != words:
            self._add_joined(best, telling, 1, prefix)
        return sorted(
            Match(value, entry)
            for entry, value in best.items()
            if allowed is None or entry in allowed
        )

    def _add_joined(
        self, best: dict[int, int], words: Sequence[str], extra: int, prefix: bool
    ) -> None:
        typed = "".join(words)
        if len(typed) < MIN_LENGTH:
            return
        generic = _generic_cost(typed)
        sounds = sound(typed)
        for held, cost, is_beginning in _near(sounds, self._starts, prefix):
            if generic is None or cost < generic:
                is_telling = cost <= _MAX_PART_COST and len(held) >= _MIN_PART_SOUNDS + bool(cost)
                for part in self._parts[held]:
                    if not part.is_whole and (is_beginning or not is_telling):
                        continue
                    _add(best, part, is_beginning, cost + extra, part.is_whole)

    def _add_by_word(
        self, best: dict[int, int], words: Sequence[str], extra: int, prefix: bool
    ) -> None:
        """Match each of *words* with a word of one name, in any order."""
        total: dict[int, tuple[int, bool]] | None = None
        for number, word in enumerate(words):
            is_last = prefix and number == len(words) - 1
            found = self._forms_with(word, is_last)
            if total is None:
                total = found
            else:
                total = {
                    at: (cost + found[at][0], begins or found[at][1])
                    for at, (cost, begins) in total.items()
                    if at in found
                }
            if not total:
                return
        allowed = budget(sum(map(len, map(sound, words))))
        for at, (cost, begins) in (total or {}).items():
            part, count = self._forms[at]
            if cost <= allowed:
                _add(best, part, begins, cost + extra, count == len(words))

    def _forms_with(self, word: str, prefix: bool) -> dict[int, tuple[int, bool]]:
        """Return the names with a word like *word*: what its errors cost, and if it goes on."""
        found: dict[int, tuple[int, bool]] = {}

        def add(held: str, cost: int, begins: bool) -> None:
            for at in self._words[held]:
                if at not in found or (begins, cost) < (found[at][1], found[at][0]):
                    found[at] = (cost, begins)

        if word in self._words:
            add(word, 0, False)
        if len(word) >= MIN_LENGTH and word not in FILLERS:
            for held, cost, begins in _near(sound(word), self._sound_starts, prefix):
                for same in self._sounds[held]:
                    add(same, cost, begins)
        return found


def names_no_bank(query: str) -> bool:
    """Return whether *query* has words that tell that no bank is meant, or says nothing else."""
    words = {strip_article(word) for word in query.split()}
    return bool(words & ELSEWHERE) or words <= FILLERS or is_company(query)


def is_company(query: str) -> bool:
    """Return whether *query* is the name of another company, near to that of a bank."""
    return sound("".join(core_words(query))) in _COMPANIES


def _add(best: dict[int, int], part: Part, begins: bool, cost: int, is_whole: bool) -> None:
    value = begins << 7 | cost << 3 | (not is_whole) << 2 | part.kind
    best[part.entry] = min(value, best.get(part.entry, value))


def _near(
    typed: str, starts: dict[str, list[Sounded]], prefix: bool
) -> Iterator[tuple[str, int, bool]]:
    """Yield the sounds near *typed*, what the errors cost, and whether they go on after it."""
    length = len(typed)
    bits = consonants(typed)
    most = budget(length)
    can_begin = prefix and length >= _MIN_PREFIX
    reach = longest_beginning(length, _MAX_BEGINNING_COST)
    of_beginnings: dict[str, int | None] = {}
    for held, held_bits in starts.get(typed[:1], ()):
        if held == typed:
            yield held, 0, False
        if held == typed or not may_be_within(bits, held_bits, most):
            continue
        least = min(most, budget(len(held)))
        cost = error_cost(typed, held, least) if least else None
        if cost is not None:
            if not is_feminine(typed, held):
                yield held, cost, False
        elif can_begin and len(held) > length:
            beginning = held[:reach]
            if beginning not in of_beginnings:
                of_beginnings[beginning] = error_cost(
                    typed, beginning, _MAX_BEGINNING_COST, prefix=True
                )
            cost = of_beginnings[beginning]
            if cost is not None:
                yield held, cost, True


def _by_first_letter(sounds: Iterable[str]) -> dict[str, list[Sounded]]:
    starts: dict[str, list[Sounded]] = defaultdict(list)
    for held in sounds:
        starts[held[:1]].append(Sounded(held, consonants(held)))
    return starts


@lru_cache(maxsize=256)
def _generic_cost(word: str) -> int | None:
    """Return what the errors cost if *word* is a generic one; ``None`` if it is not like one."""
    costs = [
        cost
        for generic in GENERIC_TERMS
        if word[:1] == generic[0] and len(word) > 2
        if (cost := error_cost(sound(word), sound(generic), 3)) is not None
    ]
    return min(costs, default=None)
