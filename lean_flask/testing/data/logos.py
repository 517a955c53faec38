"""Marks drawn for the stand-in's banks: plain shapes, nobody's trademark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from zlib import crc32

from .banks import Variant, bundled

#: Filled shapes on a field of 48 by 48. ``_line`` makes one of strokes.
_Drawing = str


def _line(path: str, width: float = 4) -> _Drawing:
    return (
        f'<path fill="none" stroke="currentColor" stroke-width="{width}" '
        f'stroke-linecap="round" stroke-linejoin="round" d="{path}"/>'
    )


def _turned(shape: str, angles: Iterable[int]) -> _Drawing:
    return "".join(f'<g transform="rotate({angle} 24 24)">{shape}</g>' for angle in angles)


_MOTIFS: tuple[_Drawing, ...] = (
    # palm
    '<path d="M22 41c2-7 2-13 1-20h3c1 7 1 13 3 20z"/><path d="M24 21C20 14 12 12 6 18c7-1 12 0 18 3z"/><path d="M24 21c4-7 12-9 18-3-7-1-12 0-18 3z"/><path d="M24 21c-2-7-7-12-14-11 6 2 10 6 14 11z"/><path d="M24 21c2-7 7-12 14-11-6 2-10 6-14 11z"/><path d="M24 21c-6-1-11 3-11 10 3-5 6-8 11-10z"/><path d="M24 21c6-1 11 3 11 10-3-5-6-8-11-10z"/>',
    # arch
    '<path fill-rule="evenodd" d="M8 40V25C8 16 15 12 24 7c9 5 16 9 16 18v15zM15 40h18V26c0-5-4-8-9-11-5 3-9 6-9 11z"/><path d="M20 40V28c0-2 2-4 4-5 2 1 4 3 4 5v12z"/>',
    # star of eight
    '<path fill-rule="evenodd" d="M24.0 6.0L28.4 13.4L36.7 11.3L34.6 19.6L42.0 24.0L34.6 28.4L36.7 36.7L28.4 34.6L24.0 42.0L19.6 34.6L11.3 36.7L13.4 28.4L6.0 24.0L13.4 19.6L11.3 11.3L19.6 13.4zM24 18a6 6 0 1 0 0 12 6 6 0 0 0 0-12z"/>',
    # dunes
    '<path d="M5 33C14 33 17 15 29 15c-5 4-5 8-1 11 4 4 9 4 15 7z"/><path d="M5 39c8 0 12-3 19-3s11 3 19 3v1H5z"/><circle cx="13" cy="15" r="4.500"/>',
    # chevrons of a falcon
    '<path d="M5 11c9 1 15 5 19 12 4-7 10-11 19-12-2 11-9 17-19 20C14 28 7 22 5 11z"/><path d="M15 31c3 2 6 3 9 4 3-1 6-2 9-4-1 5-4 8-9 10-5-2-8-5-9-10z"/>',
    # crescent
    '<path d="M30 8a17 17 0 1 0 10 23A14 14 0 1 1 30 8z"/><circle cx="34" cy="20" r="4"/>',
    # towers
    '<path d="M20 40V14l4-7 4 7v26z"/><path d="M10 40V24l7-5v21z"/><path d="M38 40V24l-7-5v21z"/>',
    # waves
    _line("M7 16c6-6 11-6 17 0s11 6 17 0M7 26c6-6 11-6 17 0s11 6 17 0M7 36c6-6 11-6 17 0s11 6 17 0"),
    # pearl
    '<path d="M24 40C13 40 6 32 6 22c5 5 10 7 18 7s13-2 18-7c0 10-7 18-18 18z"/><circle cx="24" cy="17" r="8"/>',
    # dhow
    '<path d="M22 7v23H9C16 24 20 17 22 7z"/><path d="M26 13c7 4 11 10 13 17H26z"/><path d="M7 33h34c-2 5-6 8-11 8H18c-5 0-9-3-11-8z"/>',
    # facets
    '<path d="M24 6l8 10-8 10-8-10z"/><path d="M14 18l8 10-8 10-8-10z"/><path d="M34 18l8 10-8 10-8-10z"/><path d="M24 31l6 7-6 6-6-6z"/>',
    # rising sun
    '<path d="M10 37a14 14 0 0 1 28 0z"/>' + _line("M24 8v8M8 15l5 5M40 15l-5 5", 4.5),
    # cube
    '<path d="M24 6l15 8.500-15 8.500-15-8.500z"/><path d="M7 18l15 8.500V42L7 33.500z"/><path d="M41 18l-15 8.500V42l15-8.500z"/>',
    # two rings
    '<path fill-rule="evenodd" d="M18 11a13 13 0 1 1 0 26 13 13 0 0 1 0-26zm0 5a8 8 0 1 0 0 16 8 8 0 0 0 0-16z"/><path d="M30 11a13 13 0 0 1 0 26c-2 0-4 0-5-1 2-1 3-2 4-4h1a8 8 0 0 0 0-16h-1c-1-2-2-3-4-4 1-1 3-1 5-1z"/>',
    # leaves
    '<path d="M22 40C10 37 6 26 9 10c12 4 18 15 13 30z"/><path d="M26 40c-1-10 4-18 14-21 2 11-3 20-14 21z"/>',
    # petals
    _turned('<path d="M24 23c-7-5-7-12 0-17 7 5 7 12 0 17z"/>', range(0, 360, 90)),
    # pinwheel
    _turned('<path d="M25.500 22.500V7A15.500 15.500 0 0 1 41 22.500z"/>', range(0, 360, 90)),
    # columns
    '<path d="M24 6l17 9v4H7v-4z"/><path d="M10 22h6v13h-6zM21 22h6v13h-6zM32 22h6v13h-6z"/><path d="M7 37h34v4H7z"/>',
    # shell
    _line("M24 40V9M24 40C18 33 15 24 16 12M24 40c6-7 9-16 8-28M24 40C15 36 9 29 8 19M24 40c9-4 15-11 16-21", 4),
    # gate of three leaves
    '<path d="M22 40V6C12 9 7 17 7 28v12zM26 40V6c10 3 15 11 15 22v12h-5V29c0-3-2-5-5-5v16z"/>',
    # layers
    '<path d="M24 6l18 9-18 9-18-9z"/><path d="M11 21l13 6.500L37 21l5 2.500-18 9-18-9z"/><path d="M11 29.500L24 36l13-6.500 5 2.500-18 9-18-9z"/>',
    # peaks
    '<path d="M4 38L18 13l7 12 4-6 15 19z"/><circle cx="34" cy="12" r="4"/>',
    # lantern
    '<path fill-rule="evenodd" d="M17 13h14l6 12-5 12H16l-5-12zM24 18c-3 4-5 6-5 9s2 5 5 5 5-2 5-5-2-5-5-9z"/><path d="M24 4l5 6H19zM17 40h14v3H17z"/>',
    # growth
    '<rect x="7" y="27" width="8" height="14" rx="2"/><rect x="20" y="18" width="8" height="23" rx="2"/><rect x="33" y="8" width="8" height="33" rx="2"/>',
    # flame
    '<path fill-rule="evenodd" d="M25 5c2 9 13 13 13 24 0 8-6 13-14 13s-14-5-14-13c0-6 4-9 6-14 2 2 3 4 3 6 4-4 6-9 6-16zM24 25c-3 4-6 6-6 9s3 5 6 5 6-2 6-5-3-5-6-9z"/>',
    # dots
    "".join(f'<circle cx="{11 + 13 * column}" cy="{11 + 13 * row}" r="{6 - 1.4 * abs(column - row):g}"/>' for column in range(3) for row in range(3)),
    # date
    '<path fill-rule="evenodd" d="M24 6l18 18-18 18L6 24zM24 15l-9 9 9 9 9-9z"/><path d="M24 20l4 4-4 4-4-4z"/>',
    # slanted bars
    '<path d="M7 40l12-32h8L15 40z"/><path d="M21 40l8-21h8l-8 21z"/><circle cx="39" cy="11" r="4.500"/>',
)  # fmt: skip


def _bare(motif: _Drawing) -> str:
    return motif


def _ringed(motif: _Drawing) -> str:
    ring = '<circle cx="24" cy="24" r="20" fill="none" stroke="currentColor" stroke-width="3"/>'
    return f'{ring}<g transform="translate(10.5 10.5) scale(.5625)">{motif}</g>'


def _cut_out(motif: _Drawing) -> str:
    shape = '<circle cx="24" cy="24" r="20"/>'
    return (
        f'<mask id="m"><g fill="#fff">{shape}</g>'
        f'<g color="#000" transform="translate(10 10) scale(.583)" fill="#000">{motif}</g></mask>'
        f'<g mask="url(#m)">{shape}</g>'
    )


_FRAMES = (_bare, _cut_out, _ringed)


def logo_svg(identifier: str, variant: Variant, banks: Iterable[Mapping[str, Any]]) -> str:
    """A mark for *identifier*: white for the brand's colour, or in the colour for a light tile."""
    colours = (bank["main_color"] for bank in banks if bank["identifier"] == identifier)
    colour = "#ffffff" if variant == "white" else next(colours, "#5b6472")
    number = _mark_number(identifier)
    frame = _FRAMES[number // len(_MOTIFS) % len(_FRAMES)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">'
        f'<g color="{colour}" fill="{colour}">{frame(_MOTIFS[number % len(_MOTIFS)])}</g></svg>'
    )


def _mark_number(identifier: str) -> int:
    """Known brands have marks of their own; the rest draw lots by their name."""
    return _brands().get(_brand(identifier), crc32(identifier.encode()))


@cache
def _brands() -> dict[str, int]:
    names = dict.fromkeys(_brand(record["identifier"]) for record in bundled())
    return {name: number for number, name in enumerate(names)}


def _brand(identifier: str) -> str:
    """The records of one brand share a mark: ``ENBD_UAE``, ``ENBD_SAU``, ``ENBD_BUSINESS_UAE``."""
    return identifier.partition("_")[0]
