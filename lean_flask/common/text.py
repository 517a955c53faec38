"""Text from outside, made safe to show on one line."""

from __future__ import annotations

import unicodedata

_JOINERS = frozenset("\u200c\u200d")  # Arabic script is written with them
#: Letters and symbols by category that are drawn as nothing: fillers, and an empty Braille cell.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc\U0001d159")


def sanitize_text(text: str) -> str:
    """Return *text* on one line, without characters that cannot be seen.

    Removes control characters, marks that reorder what follows (bidi overrides and isolates), tags
    and lone surrogates. What is left without one visible character is returned as an empty string.
    """
    plain = text.isprintable() and _BLANKS.isdisjoint(text)
    line = " ".join((text if plain else "".join(map(_sanitize_character, text))).split())
    return line if line.isascii() or any(map(_is_visible, line)) else ""


def _sanitize_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"} or character in _BLANKS:
        return " "
    return "" if category in {"Cf", "Cs"} and character not in _JOINERS else character


def _is_visible(character: str) -> bool:
    """Return whether *character* shows something by itself: no mark, joiner or private use."""
    return unicodedata.category(character)[0] in "LNPS"
