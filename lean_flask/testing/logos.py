"""Marks drawn for the stand-in's banks: plain shapes, nobody's trademark."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Literal

_STROKE = 'fill="none" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"'
_MARKS = (
    '<path d="M12 36V24a12 12 0 0 1 24 0v12M20 36V25a4 4 0 0 1 8 0v11"/>',
    '<path d="M24 38V18M24 20c-7-6-13-4-14-1M24 20c7-6 13-4 14-1M24 18c-4-7-9-7-11-5M24 18c4-7 9-7 11-5"/>',
    '<path d="M8 34c7 0 9-12 18-12 7 0 8 7 14 7M8 25c6 0 8-9 15-9 6 0 8 5 12 5"/>',
    '<path d="M24 9l4.5 10.5L39 24l-10.5 4.5L24 39l-4.5-10.5L9 24l10.5-4.5z"/>',
    '<path d="M9 20q7.500-8 15 0t15 0M9 31q7.500-8 15 0t15 0"/>',
    '<path d="M33 33a13 13 0 1 1 0-18 10 10 0 1 0 0 18z"/>',
    '<path d="M10 14l14 10 14-10M10 24l14 10 14-10"/>',
    '<path d="M14 38V20l10-9 10 9v18zM24 38V27"/>',
    '<circle cx="24" cy="24" r="13"/><circle cx="24" cy="24" r="4"/>',
    '<path d="M24 10l12 7v14l-12 7-12-7V17zM24 24l12-7M24 24v14M24 24l-12-7"/>',
    '<path d="M10 36h28M13 30V20M21 30V14M29 30V20M36 30V10"/>',
    '<path d="M12 12h24v24H12zM12 24h24M24 12v24"/>',
)


def logo_svg(
    identifier: str, variant: Literal["white", "color"], banks: Iterable[Mapping[str, Any]]
) -> str:
    """A mark for *identifier*: white for the brand's colour, or in the colour for a light tile."""
    colours = (bank["main_color"] for bank in banks if bank["identifier"] == identifier)
    colour = "#ffffff" if variant == "white" else next(colours, "#5b6472")
    brand = identifier.partition("_")[0]  # the records of one brand share a mark
    mark = _MARKS[hashlib.sha256(brand.encode()).digest()[0] % len(_MARKS)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">'
        f'<g stroke="{colour}" {_STROKE}>{mark}</g></svg>'
    )
