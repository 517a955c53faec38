"""What a field of a bank means where Lean sends it in another form than its own."""

from __future__ import annotations

import re
from typing import Any

from ..common.text import sanitize_text
from ..config.customization import parse_colour

MAX_NAME_LENGTH = 200
_MAX_COLOUR_LENGTH = 32  # characters of a colour that is worth understanding
_HEX_DIGITS = re.compile(r"[0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8}", re.ASCII)
_HEX_DIGITS_AND_ALPHA = re.compile(r"[0-9a-f]{4}", re.ASCII)


def shortened_name(name: Any) -> str | None:
    """Return the beginning of a name that is too long to be shown."""
    return sanitize_text(name)[:MAX_NAME_LENGTH].rstrip() if isinstance(name, str) else None


def hex_colour(colour: Any) -> str | None:
    """Return ``#rrggbb`` for a colour in another notation: ``1beb75``, ``#1b7f``, ``white``."""
    if not isinstance(colour, str) or len(colour) > _MAX_COLOUR_LENGTH:
        return None
    spelling = colour.strip().lower()
    digits = spelling.removeprefix("#")
    if _HEX_DIGITS_AND_ALPHA.fullmatch(digits):
        spelling = f"#{digits[:3]}"
    elif _HEX_DIGITS.fullmatch(digits):
        spelling = f"#{digits}"
    try:
        parsed = parse_colour(spelling)
    except ValueError:
        return None
    return str(parsed.opaque) if parsed.alpha else None
