"""What words sound like, and how far apart two of them are.

Arabic names are written in Latin letters in many ways, which differ in vowels most. So a vowel
costs two, and a consonant or a swapped pair three. ``search-sound.js`` has the same rules.
"""

from __future__ import annotations

import re
from collections import defaultdict

from .words import TABLE

#: Words under this length are never read with errors.
MIN_LENGTH = 4

#: What an error costs: of a vowel, of a consonant, and of one that is not near the right letter.
_VOWEL, _CONSONANT, _FAR = 2, 3, 4
_VOWELS = frozenset(TABLE["vowels"])
_SOUNDS = tuple((re.compile(pattern), sound) for pattern, sound in TABLE["sounds"])
_REPEATED = re.compile(r"(.)\1+")
_SILENT_END = re.compile("(?<=[aiu])h$")


#: Letters on keys side by side, and of a like sound: a slip of the finger, or of the ear.
_NEAR: dict[str, set[str]] = defaultdict(set)
for _keys in TABLE["keys"]:
    _rows = [_keys[:12], _keys[12:23], _keys[23:]]
    for _row, _letters in enumerate(_rows):
        for _column, _letter in enumerate(_letters):
            for _near_row in _rows[max(0, _row - 1) : _row + 2]:
                _NEAR[_letter].update(_near_row[max(0, _column - 1) : _column + 2])
for _pair in TABLE["alike"].split():
    for _letter in _pair:
        _NEAR[_letter] |= set(_pair)


def sound(word: str) -> str:
    """Return what a folded *word* sounds like: the same for most of its spellings."""
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return _SILENT_END.sub("", _REPEATED.sub(r"\1", word))


def budget(length: int) -> int:
    """Return what errors in a word of *length* sounds may cost."""
    return 0 if length < MIN_LENGTH else 3 if length < 6 else 5 if length < 8 else 6


def longest_beginning(length: int, allowed: int) -> int:
    """Return how much of a name *length* sounds can be the beginning of, with errors of *allowed*.

    Each further sound would be one that was left out.
    """
    return length + allowed // _VOWEL


def consonants(sounds: str) -> int:
    """Return a set of the consonants in *sounds*, as bits; some letters share one."""
    bits = 0
    for letter in sounds:
        if letter not in _VOWELS:
            bits |= 1 << (ord(letter) & 31)
    return bits


def may_be_within(typed: int, held: int, allowed: int) -> bool:
    """Return whether the sets of consonants let an error cost of *allowed* suffice."""
    return _CONSONANT * (typed & ~held).bit_count() <= allowed


def is_feminine(typed: str, held: str) -> bool:
    """Return whether *typed* is *held* with a feminine ending: another word, and no error."""
    ending = typed[len(held) :]
    return (
        bool(ending)
        and typed.startswith(held)
        and ending[-1] == "ا"
        and all(letter in _VOWELS for letter in ending)
    )


def error_cost(typed: str, held: str, allowed: int, *, prefix: bool = False) -> int | None:
    """Return what it costs to make *held* of *typed*; ``None`` where more than *allowed*.

    :param prefix: make any beginning of *held*.
    """
    if not prefix and _VOWEL * abs(len(typed) - len(held)) > allowed:
        return None
    weights = [_VOWEL if letter in _VOWELS else _CONSONANT for letter in held]
    row = [0]
    for weight in weights:
        row.append(row[-1] + weight)
    above: list[int] = []
    before = ""
    for letter in typed:
        weight = _VOWEL if letter in _VOWELS else _CONSONANT
        two_above, above, row = above, row, [row[0] + weight]
        for at, held_letter in enumerate(held):
            if letter == held_letter:
                cost = above[at]
            else:
                other = weights[at]
                far = _CONSONANT if held_letter in _NEAR.get(letter, "") else _FAR
                swap = _VOWEL if weight + other == 2 * _VOWEL else far
                cost = min(above[at] + swap, above[at + 1] + weight, row[at] + other)
                if before == held_letter and at and letter == held[at - 1]:
                    cost = min(cost, two_above[at - 1] + _CONSONANT)
            row.append(cost)
        if min(row) > allowed and (not above or min(above) > allowed):
            return None
        before = letter
    cost = min(row) if prefix else row[-1]
    return cost if cost <= allowed else None
