"""Marks drawn for the stand-in's banks: stars by the hash of a name, nobody's trademark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from math import cos, pi, sin
from typing import Any

from .banks import Variant


def logo_svg(identifier: str, variant: Variant, banks: Iterable[Mapping[str, Any]]) -> str:
    """Return an SVG mark: white for a tile in the brand's colour, or coloured for a light tile.

    The records of one brand share a mark: ``ENBD_UAE``, ``ENBD_SAU``, ``ENBD_BUSINESS_UAE``.
    """
    colours = (bank["main_color"] for bank in banks if bank["identifier"] == identifier)
    colour = "#ffffff" if variant == "white" else next(colours, "#5b6472")
    points, depth, turn = sha256(identifier.partition("_")[0].encode()).digest()[:3]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">'
        f'<path fill="{colour}" d="M{_star(3 + points % 7, 7 + depth % 8, turn)}z"/></svg>'
    )


def _star(points: int, inner_radius: float, turn: int) -> str:
    """Return the corners of a star on a field of 48 by 48, *turn* in 256ths of a full turn."""
    corners = []
    for corner in range(2 * points):
        radius = inner_radius if corner % 2 else 19
        angle = pi * corner / points + 2 * pi * turn / 256
        corners.append(f"{24 + radius * sin(angle):.2f} {24 - radius * cos(angle):.2f}")
    return "L".join(corners)
