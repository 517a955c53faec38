"""Other readings of what was typed: the other keyboard, Arabizi, letters that are spelled out.

``search-readings.js`` has the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .words import TABLE, fold

_LATIN, _ARABIC = TABLE["keys"]
_TO_ARABIC = str.maketrans(_LATIN, _ARABIC)
_TO_LATIN = str.maketrans(
    dict(zip(_ARABIC, _LATIN, strict=True))
    | {shifted: key.lower() for key, shifted in zip(*TABLE["shifted"], strict=True)}
)
_SHIFTED = str.maketrans(*TABLE["shifted"])
_LAM_ALEF, _LAM_ALEF_KEY = "لا", "ﻻ"

_DIGITS = str.maketrans(TABLE["digits"])
_ARABIZI = re.compile(r"\b(?=[a-z]*[0-9])(?=[0-9]*[a-z])[a-z2356789]+\b", re.ASCII)
#: A hamza before a consonant has a vowel that is left out.
_HAMZA = re.compile("2(?=[b-df-hj-np-tv-z])")

#: Letters whose Arabic names are the same, or nearly so, and the one that stands for them.
_ALIKE = str.maketrans("ipj", "ebg")
_SPELLED: dict[str, set[str]] = {}
for _letter, _names in TABLE["spelled"].items():
    for _name in _names.split():
        _SPELLED.setdefault(_name, set()).add(_letter.translate(_ALIKE))
_MAX_NAME = max(map(len, _SPELLED))
_MAX_SPELLED = 30


def other_keyboard(raw: str) -> str:
    """Return *raw* as its keys are on the other layout, folded: Arabic 101 and QWERTY."""
    if re.search("[\u0600-\u06ff]", raw):
        return fold(raw.replace(_LAM_ALEF, _LAM_ALEF_KEY).translate(_TO_LATIN))
    shifted = re.sub("[A-Z]", lambda key: key[0].translate(_SHIFTED), raw)
    return fold(shifted.lower().translate(_TO_ARABIC))


def arabizi(folded: str) -> str:
    """Return *folded* with letters for the digits that stand for them, inside Latin words."""
    return _ARABIZI.sub(lambda word: _HAMZA.sub("a", word[0]).translate(_DIGITS), folded)


def short_name_key(name: str) -> str:
    """Return *name*, of Latin letters, as :func:`spelled_letters` returns them."""
    return name.translate(_ALIKE)


def spelled_letters(joined: str) -> set[str]:
    """Return the letters whose names *joined* is made of, for each way to read it.

    :param joined: folded, without spaces.
    """
    if not joined or len(joined) > _MAX_SPELLED or joined.isascii():
        return set()
    return set(_read_letters(joined))


def is_spelled(folded: str) -> bool:
    """Return whether *folded* is several words, and all of them names of letters."""
    return " " in folded and bool(spelled_letters(folded.replace(" ", "")))


def _read_letters(rest: str, done: str = "") -> Iterator[str]:
    if not rest:
        yield done
    elif len(done) < 6:
        for length in range(1, _MAX_NAME + 1):
            for letter in sorted(_SPELLED.get(rest[:length], ())):
                if length <= len(rest):
                    yield from _read_letters(rest[length:], done + letter)
