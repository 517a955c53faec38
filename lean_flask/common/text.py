"""Text from outside, made safe to show on one line."""

from __future__ import annotations

import unicodedata

_JOINERS = frozenset("\u200c\u200d")  # Arabic script is written with them


def sanitize_text(text: str) -> str:
    """Return *text* on one line, without characters that cannot be seen.

    Removes control characters, marks that reorder what follows (bidi overrides and isolates), tags
    and lone surrogates.
    """
    visible = text if text.isprintable() else "".join(map(_sanitize_character, text))
    return " ".join(visible.split())


def _sanitize_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if category in {"Cf", "Cs"} and character not in _JOINERS else character
