"""The Link SDK's ``customization`` object: what it takes, and the colours in it.

The SDK gets each value as the host wrote it. The page never does: it gets what the parsers here
understood, spelt anew, so no text of a host or a URL can reach a stylesheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

COLOUR_FORMATS = "#rgb, #rrggbb, #rrggbbaa, rgb(r, g, b), rgba(r, g, b, a) or a CSS colour name"

_HEX = re.compile(r"#(?:([0-9a-f]{3})|([0-9a-f]{6})([0-9a-f]{2})?)", re.ASCII)
_RGB = re.compile(
    r"(rgba?)\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*(\d+(?:\.\d+)?|\.\d+)\s*)?\)",
    re.ASCII,
)
_GRADIENT = re.compile(r"linear-gradient\((.*)\)", re.ASCII | re.DOTALL)
_ANGLE = re.compile(r"(-?\d{1,4}(?:\.\d{1,4})?)(deg|grad|rad|turn)|0", re.ASCII)
_SIDE = re.compile(r"to\s+(top|bottom|left|right)(?:\s+(top|bottom|left|right))?", re.ASCII)
_POSITION = re.compile(r"-?\d{1,5}(?:\.\d{1,4})?(?:%|px)|0", re.ASCII)
_NUMBER = re.compile(r"\d{1,4}(?:\.\d{1,4})?", re.ASCII)
_PARENTHESES_OR_COMMA = re.compile(r"\([^()]*\)|,")

# Checked before any expression runs, and each expression takes time in proportion to its text.
MAX_COLOUR_LENGTH = 64
MAX_STOP_LENGTH = 80
MAX_BACKGROUND_LENGTH = 1_000


@dataclass(frozen=True, slots=True)
class Colour:
    """Red, green and blue from 0 to 255, alpha from 0 to 1."""

    red: int
    green: int
    blue: int
    alpha: float = 1.0

    def __str__(self) -> str:
        """Return the only spelling that may enter CSS or SVG."""
        if self.alpha == 1:
            return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"
        return f"rgba({self.red}, {self.green}, {self.blue}, {round(self.alpha, 4):g})"

    @property
    def opaque(self) -> Colour:
        """The colour without its alpha."""
        return Colour(self.red, self.green, self.blue)


@dataclass(frozen=True, slots=True)
class Gradient:
    """A CSS ``linear-gradient``: a direction, and (colour, position) stops."""

    direction: str
    stops: tuple[tuple[Colour, str], ...]

    def __str__(self) -> str:
        parts = [self.direction] if self.direction else []
        parts += [f"{colour} {position}".strip() for colour, position in self.stops]
        return f"linear-gradient({', '.join(parts)})"


def parse_colour(text: str) -> Colour:
    """Return the colour that *text* names.

    :raises ValueError: when *text* is in none of the formats that the SDK takes.
    """
    if len(text) > MAX_COLOUR_LENGTH:
        raise ValueError(f"Not a colour; it takes at most {MAX_COLOUR_LENGTH} characters.")
    spelling = text.strip().lower()
    if spelling == "transparent":
        return Colour(0, 0, 0, 0.0)
    digits = NAMED_COLOURS.get(spelling) or spelling
    if found := _HEX.fullmatch(digits):
        short, full, tail = found.groups()
        red, green, blue = bytes.fromhex(full or "".join(digit * 2 for digit in short))
        return Colour(red, green, blue, int(tail, 16) / 255 if tail else 1.0)
    if found := _RGB.fullmatch(spelling):
        function, *channels, opacity = found.groups()
        red, green, blue = map(int, channels)
        alpha = 1.0 if opacity is None else float(opacity)
        complete = (function == "rgba") == (opacity is not None)
        if complete and max(red, green, blue) <= 255 and alpha <= 1:
            return Colour(red, green, blue, alpha)
    raise ValueError(f"Not a colour; it takes {COLOUR_FORMATS}.")


def parse_background(text: str) -> Colour | Gradient:
    """Return the colour or the linear gradient that *text* describes.

    :raises ValueError: when it is neither.
    """
    if len(text) > MAX_BACKGROUND_LENGTH:
        raise ValueError(f"Not a background; it takes at most {MAX_BACKGROUND_LENGTH} characters.")
    found = _GRADIENT.fullmatch(text.strip().lower())
    return _parse_gradient(found[1]) if found else parse_colour(text)


def parse_radius(value: float | str) -> float | None:
    """Return pixels, or ``None`` for a pill.

    :raises ValueError: when *value* is no radius.
    """
    if isinstance(value, str):
        spelling = value.strip().lower()
        if spelling == "pill":
            return None
        if _NUMBER.fullmatch(spelling):
            return float(spelling)
    elif not isinstance(value, bool) and 0 <= value < 10_000:
        return float(value)
    raise ValueError("Not a radius; it takes a number of pixels, the same as a string, or 'pill'.")


def _parse_gradient(inside: str) -> Gradient:
    first, *rest = (part.strip() for part in _split_at_commas(inside))
    direction = _parse_direction(first)
    stops = tuple(_parse_stop(part) for part in (rest if direction else [first, *rest]))
    if len(stops) < 2:
        raise ValueError("Not a gradient; it takes at least two colours.")
    return Gradient(direction, stops)


def _parse_direction(text: str) -> str:
    if _ANGLE.fullmatch(text):
        return text if text != "0" else "0deg"
    if found := _SIDE.fullmatch(text):
        sides = [side for side in found.groups() if side]
        across = sum(side in {"left", "right"} for side in sides)
        if len(sides) == 1 or across == 1:
            return f"to {' '.join(sides)}"
    return ""


def _split_at_commas(text: str) -> list[str]:
    """Return the parts of *text* between commas that stand outside of parentheses."""
    parts, start = [], 0
    for found in _PARENTHESES_OR_COMMA.finditer(text):
        if found[0] == ",":
            parts.append(text[start : found.start()])
            start = found.end()
    return [*parts, text[start:]]


def _parse_stop(text: str) -> tuple[Colour, str]:
    """Return the colour of a gradient's stop, and its position or two, if it has any."""
    if len(text) > MAX_STOP_LENGTH:
        raise ValueError(f"Not a colour stop; it takes at most {MAX_STOP_LENGTH} characters.")
    words = text.split()
    positions: list[str] = []
    while len(positions) < 2 and len(words) > 1 and _POSITION.fullmatch(words[-1]):
        positions.insert(0, words.pop())
    return parse_colour(" ".join(words)), " ".join(positions)


class _Checked(fields.Field[Any]):
    """A value that stays as the host wrote it, once *parse* has understood it."""

    def __init__(self, parse: Callable[[Any], object], *types: type) -> None:
        super().__init__()
        self.parse = parse
        self.types = types

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        try:
            self.parse(value if isinstance(value, self.types) else "")
        except ValueError as error:
            raise ValidationError(str(error)) from None
        return value.strip() if isinstance(value, str) else value


def _colour() -> _Checked:
    return _Checked(parse_colour, str)


def _background() -> _Checked:
    return _Checked(parse_background, str)


def _one_of(*choices: str) -> fields.String:
    takes = " or ".join(repr(choice) for choice in choices)
    return fields.String(
        validate=validate.OneOf(choices, error=f"Must be {takes}."),
        error_messages={"invalid": f"Must be {takes}.", "null": f"Must be {takes}."},
    )


class CustomizationSchema(Schema):
    """Every field is optional; an unknown one is an error, because the SDK would ignore it."""

    error_messages = {"unknown": "Not a field of the customization object."}  # noqa: RUF012

    theme_color = _colour()
    theme_color_dark = _colour()
    button_text_color = _colour()
    button_text_color_dark = _colour()
    link_color = _colour()
    overlay_color = _colour()
    button_border_radius = _Checked(parse_radius, str, int, float)
    dialog_mode = _one_of("contained", "uncontained")
    dialog_background_color_light = _background()
    dialog_background_color_dark = _background()
    force_appearance = _one_of("light", "dark")
    # Some of the SDKs for apps take texts alone.
    bottom_inset = fields.Float(allow_nan=False, metadata={"type": ["number", "string"]})


NAMED_COLOURS = dict(
    re.findall(
        r"(\w+):(#\w+)",
        """
        aliceblue:#f0f8ff antiquewhite:#faebd7 aqua:#00ffff aquamarine:#7fffd4 azure:#f0ffff
        beige:#f5f5dc bisque:#ffe4c4 black:#000000 blanchedalmond:#ffebcd blue:#0000ff
        blueviolet:#8a2be2 brown:#a52a2a burlywood:#deb887 cadetblue:#5f9ea0 chartreuse:#7fff00
        chocolate:#d2691e coral:#ff7f50 cornflowerblue:#6495ed cornsilk:#fff8dc crimson:#dc143c
        cyan:#00ffff darkblue:#00008b darkcyan:#008b8b darkgoldenrod:#b8860b darkgray:#a9a9a9
        darkgreen:#006400 darkgrey:#a9a9a9 darkkhaki:#bdb76b darkmagenta:#8b008b
        darkolivegreen:#556b2f darkorange:#ff8c00 darkorchid:#9932cc darkred:#8b0000
        darksalmon:#e9967a darkseagreen:#8fbc8f darkslateblue:#483d8b darkslategray:#2f4f4f
        darkslategrey:#2f4f4f darkturquoise:#00ced1 darkviolet:#9400d3 deeppink:#ff1493
        deepskyblue:#00bfff dimgray:#696969 dimgrey:#696969 dodgerblue:#1e90ff firebrick:#b22222
        floralwhite:#fffaf0 forestgreen:#228b22 fuchsia:#ff00ff gainsboro:#dcdcdc
        ghostwhite:#f8f8ff gold:#ffd700 goldenrod:#daa520 gray:#808080 green:#008000
        greenyellow:#adff2f grey:#808080 honeydew:#f0fff0 hotpink:#ff69b4 indianred:#cd5c5c
        indigo:#4b0082 ivory:#fffff0 khaki:#f0e68c lavender:#e6e6fa lavenderblush:#fff0f5
        lawngreen:#7cfc00 lemonchiffon:#fffacd lightblue:#add8e6 lightcoral:#f08080
        lightcyan:#e0ffff lightgoldenrodyellow:#fafad2 lightgray:#d3d3d3 lightgreen:#90ee90
        lightgrey:#d3d3d3 lightpink:#ffb6c1 lightsalmon:#ffa07a lightseagreen:#20b2aa
        lightskyblue:#87cefa lightslategray:#778899 lightslategrey:#778899 lightsteelblue:#b0c4de
        lightyellow:#ffffe0 lime:#00ff00 limegreen:#32cd32 linen:#faf0e6 magenta:#ff00ff
        maroon:#800000 mediumaquamarine:#66cdaa mediumblue:#0000cd mediumorchid:#ba55d3
        mediumpurple:#9370db mediumseagreen:#3cb371 mediumslateblue:#7b68ee
        mediumspringgreen:#00fa9a mediumturquoise:#48d1cc mediumvioletred:#c71585
        midnightblue:#191970 mintcream:#f5fffa mistyrose:#ffe4e1 moccasin:#ffe4b5
        navajowhite:#ffdead navy:#000080 oldlace:#fdf5e6 olive:#808000 olivedrab:#6b8e23
        orange:#ffa500 orangered:#ff4500 orchid:#da70d6 palegoldenrod:#eee8aa palegreen:#98fb98
        paleturquoise:#afeeee palevioletred:#db7093 papayawhip:#ffefd5 peachpuff:#ffdab9
        peru:#cd853f pink:#ffc0cb plum:#dda0dd powderblue:#b0e0e6 purple:#800080
        rebeccapurple:#663399 red:#ff0000 rosybrown:#bc8f8f royalblue:#4169e1 saddlebrown:#8b4513
        salmon:#fa8072 sandybrown:#f4a460 seagreen:#2e8b57 seashell:#fff5ee sienna:#a0522d
        silver:#c0c0c0 skyblue:#87ceeb slateblue:#6a5acd slategray:#708090 slategrey:#708090
        snow:#fffafa springgreen:#00ff7f steelblue:#4682b4 tan:#d2b48c teal:#008080
        thistle:#d8bfd8 tomato:#ff6347 turquoise:#40e0d0 violet:#ee82ee wheat:#f5deb3
        white:#ffffff whitesmoke:#f5f5f5 yellow:#ffff00 yellowgreen:#9acd32
        """,
    )
)
