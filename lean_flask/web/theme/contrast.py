"""Contrast as WCAG 2.2 measures it, and colours that have enough of it."""

from __future__ import annotations

from collections.abc import Iterable

from ...config.customization import Colour

TEXT_CONTRAST = 4.5  # success criterion 1.4.3
SHAPE_CONTRAST = 3.0  # 1.4.11
#: What the main text is given where the background allows it.
STRONG_CONTRAST = 10.0

BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)


def luminance(colour: Colour) -> float:
    """Return relative luminance as WCAG defines it, from 0 to 1."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return (
        0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)
    )


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio as WCAG defines it, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """Return *colour* with *share* of *other* in it, opaque."""

    def between(start: int, end: int) -> int:
        return round(start + (end - start) * share)

    return Colour(
        between(colour.red, other.red),
        between(colour.green, other.green),
        between(colour.blue, other.blue),
    )


def composite(colour: Colour, backdrop: Colour) -> Colour:
    """Return the opaque colour of a translucent *colour* on *backdrop*."""
    return mix(backdrop, colour, colour.alpha)


def readable(colour: Colour, on: Iterable[Colour], ratio: float = TEXT_CONTRAST) -> Colour:
    """Return *colour*, or the nearest step towards black or white that reads on all of *on*."""
    backgrounds = tuple(on)
    colour = colour.opaque
    steps = [step / 20 for step in range(21)]
    for share in steps:
        for end in (BLACK, WHITE):
            candidate = mix(colour, end, share)
            if worst_contrast(candidate, backgrounds) >= ratio:
                return candidate
    return max((BLACK, WHITE), key=lambda end: worst_contrast(end, backgrounds))


def worst_contrast(colour: Colour, backgrounds: tuple[Colour, ...]) -> float:
    """Return the lowest contrast of *colour* on any of *backgrounds*."""
    return min(contrast(colour, background) for background in backgrounds)


def text_on(background: Colour) -> Colour:
    """Return black or white, whichever reads better on *background*."""
    return max((WHITE, BLACK), key=lambda end: contrast(end, background))
