"""The page's stylesheet: ``static/dist/picker.css`` in the colours of the host's ``customization``.

Every text colour is held to a contrast of 4.5:1 on what lies behind it, and what marks a control
to 3:1, whatever the host asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from ...common.logs import get_logger
from ...config.customization import (
    Colour,
    Gradient,
    parse_background,
    parse_colour,
    parse_radius,
)
from .contrast import (
    BLACK,
    SHAPE_CONTRAST,
    STRONG_CONTRAST,
    TEXT_CONTRAST,
    WHITE,
    composite,
    contrast,
    mix,
    readable,
    text_on,
    worst_contrast,
)
from .token import shown_fields

log = get_logger(__name__)

Scheme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class _Defaults:
    page: str
    surface: str
    text: str
    accent: str
    good: str
    warning: str


_DEFAULTS: dict[Scheme, _Defaults] = {
    "light": _Defaults("#eef1f5", "#ffffff", "#14181f", "#0b5cff", "#0a7d48", "#8f4a00"),
    "dark": _Defaults("#0a0c10", "#14181f", "#f1f4f8", "#7aa7ff", "#4cc38a", "#ffb86b"),
}


@dataclass(slots=True)
class _Palette:
    """The custom properties of one scheme, and what had to be corrected to get them."""

    properties: dict[str, str] = field(default_factory=dict)
    corrections: list[str] = field(default_factory=list)

    def correct(self, name: str, asked: Colour, on: tuple[Colour, ...], ratio: float) -> Colour:
        shown = readable(asked, on, ratio)
        if shown != asked.opaque:
            self.corrections.append(
                f"{name} {asked} has a contrast of {worst_contrast(asked.opaque, on):.1f}:1 on"
                f" {on[0]}; the page shows {shown}"
            )
        return shown


def _palette(customization: Mapping[str, Any], scheme: Scheme) -> _Palette:
    palette = _Palette()
    defaults = _DEFAULTS[scheme]

    backdrop, behind = _surface(customization, scheme, palette)
    text = readable(parse_colour(defaults.text), behind, STRONG_CONTRAST)
    behind = (*behind, _field(behind[0], text))

    accent = _accent(customization, scheme)
    shape = palette.correct("theme_color", accent, behind, SHAPE_CONTRAST)
    on_accent = customization.get(_in_scheme("button_text_color", scheme, customization))
    label = (
        palette.correct("button_text_color", parse_colour(on_accent), (accent,), TEXT_CONTRAST)
        if on_accent
        else text_on(accent)
    )
    link = customization.get("link_color")
    linked = (
        palette.correct("link_color", parse_colour(link), behind, TEXT_CONTRAST)
        if link
        else readable(accent, behind)
    )
    palette.properties |= {
        "page": str(_around(behind[0], text, customization, scheme)),
        "surface": str(backdrop),
        "bar": str(behind[0]),
        "text": str(text),
        "muted": str(readable(mix(text, behind[0], 0.4), behind)),
        "line": str(mix(behind[0], text, 0.12)),
        "field": str(behind[-1]),
        "edge": str(readable(mix(text, behind[0], 0.55), behind, SHAPE_CONTRAST)),
        "accent": str(accent),
        "on-accent": str(label),
        "pressed": str(_pressed(accent, label)),
        "shape": str(shape),
        "link": str(linked),
        "mark": str(_mark(accent, behind[0], text)),
        "good": str(readable(parse_colour(defaults.good), behind)),
        "warning": str(readable(parse_colour(defaults.warning), behind)),
    }
    return palette


def _in_scheme(name: str, scheme: Scheme, customization: Mapping[str, Any]) -> str:
    dark = f"{name}_dark"
    return dark if scheme == "dark" and dark in customization else name


def _accent(customization: Mapping[str, Any], scheme: Scheme) -> Colour:
    asked = customization.get(_in_scheme("theme_color", scheme, customization))
    if asked is None:
        return parse_colour(_DEFAULTS[scheme].accent)
    return composite(parse_colour(asked), parse_colour(_DEFAULTS[scheme].surface))


def _surface(
    customization: Mapping[str, Any], scheme: Scheme, palette: _Palette
) -> tuple[Colour | Gradient, tuple[Colour, ...]]:
    """Return the page's background, and the opaque colours that text may have behind it."""
    default = parse_colour(_DEFAULTS[scheme].surface)
    asked = customization.get(f"dialog_background_color_{scheme}")
    if asked is None:
        return default, (default,)
    background = parse_background(asked)
    if isinstance(background, Colour):
        opaque = composite(background, default)
        return opaque, (opaque,)
    stops = tuple(composite(colour, default) for colour, _ in background.stops)
    if max(worst_contrast(end, stops) for end in (BLACK, WHITE)) < TEXT_CONTRAST + 1:
        palette.corrections.append(
            f"dialog_background_color_{scheme} leaves no text colour that reads on all of it;"
            f" the page shows its first colour, {stops[0]}"
        )
        return stops[0], (stops[0],)
    return background, stops


def _around(
    surface: Colour, text: Colour, customization: Mapping[str, Any], scheme: Scheme
) -> Colour:
    """Return the colour around the card on a wide screen: darker than the card, of its hue."""
    if f"dialog_background_color_{scheme}" not in customization:
        return parse_colour(_DEFAULTS[scheme].page)
    return mix(surface, BLACK, 0.5) if scheme == "dark" else mix(surface, text, 0.06)


def _field(background: Colour, text: Colour) -> Colour:
    """Return a shade for inputs: towards the text, or away from it where contrast needs it."""
    shade = mix(background, text, 0.05)
    return shade if contrast(text, shade) >= TEXT_CONTRAST else mix(background, text_on(text), 0.1)


def _pressed(accent: Colour, label: Colour) -> Colour:
    """Return a shade of *accent* on which *label* still reads: towards it, if that is possible."""
    shades = (mix(accent, end, 0.12) for end in (label, BLACK, WHITE))
    return next((shade for shade in shades if contrast(label, shade) >= TEXT_CONTRAST), accent)


def _mark(accent: Colour, background: Colour, text: Colour) -> Colour:
    shares = (0.22, 0.15, 0.1, 0.05, 0.0)
    tints = [mix(background, accent, share) for share in shares]
    return next((tint for tint in tints if contrast(text, tint) >= TEXT_CONTRAST), background)


def log_corrections(customization: Mapping[str, Any]) -> None:
    """Log once for each customization which of its colours had to be corrected."""
    _log_corrections(json.dumps(shown_fields(customization), sort_keys=True))


@lru_cache(maxsize=256)
def _log_corrections(shown: str) -> None:
    customization = json.loads(shown)
    for scheme in _schemes(customization):
        for correction in _palette(customization, scheme).corrections:
            log.warning("customization, %s: %s", scheme, correction)


def stylesheet(customization: Mapping[str, Any]) -> bytes:
    """Return the whole stylesheet for *customization*, made once for each."""
    return _stylesheet(json.dumps(shown_fields(customization), sort_keys=True))


@lru_cache(maxsize=64)
def _stylesheet(shown: str) -> bytes:
    customization = json.loads(shown)
    schemes = _schemes(customization)
    first, *others = (_palette(customization, scheme).properties for scheme in schemes)
    rules = [_rule(first | _radii(customization), " ".join(schemes))]
    for dark in others:
        changed = {name: value for name, value in dark.items() if value != first[name]}
        hosted = _rule(changed, selector=":root,.card:not(.embedded)")
        # A page of the host is dark or not, whatever the visitor's system prefers: see embed.js.
        embedded = _rule({}, "light", ".embedded") + _rule(changed, "dark", ".embedded.dark")
        rules += [f"@media(prefers-color-scheme:dark){{{hosted}}}", embedded]
    return "\n".join([_static(), *rules]).encode()  # the card resets what stands before its rule


def theme_colors(customization: Mapping[str, Any]) -> dict[str, str]:
    """Return the colour of the page's edge, which a phone gives its bars, by colour scheme."""
    return _theme_colors(json.dumps(shown_fields(customization), sort_keys=True))


@lru_cache(maxsize=64)
def _theme_colors(shown: str) -> dict[str, str]:
    customization = json.loads(shown)
    return {
        scheme: _palette(customization, scheme).properties["bar"]
        for scheme in _schemes(customization)
    }


def _radii(customization: Mapping[str, Any]) -> dict[str, str]:
    radius = parse_radius(customization.get("button_border_radius", 12))
    pixels = 999.0 if radius is None else min(radius, 999.0)
    return {"radius": f"{pixels:g}px", "corner": f"{min(pixels, 20.0):g}px"}


def _schemes(customization: Mapping[str, Any]) -> tuple[Scheme, ...]:
    forced = customization.get("force_appearance")
    return (forced,) if forced else ("light", "dark")


def _rule(
    properties: Mapping[str, str], color_scheme: str = "", selector: str = ":root,.card"
) -> str:
    lines = [f"color-scheme:{color_scheme}"] if color_scheme else []
    lines += [f"--{name}:{value}" for name, value in properties.items()]
    return f"{selector}{{{';'.join(lines)}}}"


@cache
def _static() -> str:
    built = Path(__file__).parents[2] / "static" / "dist" / "picker.css"
    return built.read_text("utf-8").strip()
