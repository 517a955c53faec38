"""The SDK's ``customization`` object: what is taken, what is refused, and in which words."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from lean_flask.config.customization import (
    Colour,
    CustomizationSchema,
    parse_background,
    parse_colour,
    parse_radius,
)

HOSTILE = [
    "red;}body{display:none}",
    "url(https://evil.example/x)",
    "#fff/**/",
    "expression(alert(1))",
    "</style><script>",
    "var(--x)",
    "rgb(0 0 0)",
    "hsl(0, 0%, 0%)",
    "oklch(0.5 0.1 20)",
    "color-mix(in srgb, red, blue)",
    "currentcolor",
    "inherit",
    "#ab",
    "#abcd",
    "#ggg",
    "rgb(256, 0, 0)",
    "rgb(1, 2)",
    "rgb(0, 0, 0, 0.5)",
    "rgba(0, 0, 0)",
    "rgba(0, 0, 0, 2)",
    "rgb(٠, 0, 0)",
    "",
]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("#0080FF", "#0080ff"),
        ("#08f", "#0088ff"),
        ("#000000FF", "#000000"),
        ("#00000080", "rgba(0, 0, 0, 0.502)"),
        ("rgb(0, 128, 255)", "#0080ff"),
        ("rgb(0,128,255)", "#0080ff"),
        ("rgba(0, 0, 0, 0.5)", "rgba(0, 0, 0, 0.5)"),
        ("rgba(0, 0, 0, .5)", "rgba(0, 0, 0, 0.5)"),
        ("rgba(1, 2, 3, 1)", "#010203"),
        (" RebeccaPurple ", "#663399"),
        ("transparent", "rgba(0, 0, 0, 0)"),
    ],
)
def test_every_documented_colour_format_is_understood(text: str, canonical: str) -> None:
    assert str(parse_colour(text)) == canonical


def test_nothing_else_is_a_colour() -> None:
    for text in HOSTILE:
        with pytest.raises(ValueError, match="it takes #rgb"):
            parse_colour(text)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("linear-gradient(red, blue)", "linear-gradient(#ff0000, #0000ff)"),
        (
            "linear-gradient(45deg, #FFF 0%, rgba(0, 0, 0, 0.5) 100%)",
            "linear-gradient(45deg, #ffffff 0%, rgba(0, 0, 0, 0.5) 100%)",
        ),
        (
            "Linear-Gradient(to top left, red, blue)",
            "linear-gradient(to top left, #ff0000, #0000ff)",
        ),
        ("#fff", "#ffffff"),
    ],
)
def test_backgrounds_may_be_gradients(text: str, canonical: str) -> None:
    assert str(parse_background(text)) == canonical


NO_GRADIENTS = [
    "linear-gradient()",
    "linear-gradient(red)",
    "linear-gradient(45deg, red)",
    "linear-gradient(to left right, red, blue)",
    "linear-gradient(red, blue), url(x)",
    "linear-gradient(red, blue) red",
    "linear-gradient(red, url(x))",
    "linear-gradient(red calc(1px), blue)",
    "radial-gradient(red, blue)",
]


def test_nothing_else_is_a_background() -> None:
    for text in [*HOSTILE, *NO_GRADIENTS]:
        with pytest.raises(ValueError, match="Not a"):
            parse_background(text)


@pytest.mark.parametrize(
    ("value", "pixels"), [(8, 8.0), (8.5, 8.5), ("8", 8.0), ("0", 0.0), ("pill", None)]
)
def test_a_radius_is_a_number_or_a_pill(value: float | str, pixels: float | None) -> None:
    assert parse_radius(value) == pixels


@pytest.mark.parametrize("value", ["8px", "-1", -1, True, float("nan"), float("inf"), "round", ""])
def test_nothing_else_is_a_radius(value: Any) -> None:
    with pytest.raises(ValueError, match="'pill'"):
        parse_radius(value)


def test_the_sdk_gets_what_the_host_wrote() -> None:
    written = {
        "theme_color": "#0080FF",
        "theme_color_dark": "rgb(0, 128, 255)",
        "button_text_color": "White",
        "button_text_color_dark": "#000",
        "link_color": "#0080ffFF",
        "overlay_color": "rgba(0, 0, 0, 0.8)",
        "button_border_radius": "8",
        "dialog_mode": "contained",
        "dialog_background_color_light": "linear-gradient(90deg, #fff, #eee)",
        "dialog_background_color_dark": "#111",
        "force_appearance": "dark",
        "bottom_inset": 12,
    }
    assert CustomizationSchema().load(written) == written


@pytest.mark.parametrize(
    ("customization", "key", "words"),
    [
        ({"theme_colour": "#fff"}, "theme_colour", "Not a field of the customization object"),
        ({"theme_color": "hsl(0, 0%, 0%)"}, "theme_color", "it takes #rgb"),
        ({"theme_color": 255}, "theme_color", "it takes #rgb"),
        ({"theme_color": "linear-gradient(red, blue)"}, "theme_color", "it takes #rgb"),
        ({"button_border_radius": "8px"}, "button_border_radius", "'pill'"),
        ({"dialog_mode": "modal"}, "dialog_mode", "'contained' or 'uncontained'"),
        ({"force_appearance": "auto"}, "force_appearance", "'light' or 'dark'"),
        ({"bottom_inset": "low"}, "bottom_inset", "number"),
    ],
)
def test_a_refusal_names_the_field_and_what_it_takes(
    customization: dict[str, Any], key: str, words: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        CustomizationSchema().load(customization)
    problems = refusal.value.normalized_messages()
    assert list(problems) == [key]
    assert words in problems[key][0]


def test_a_colour_without_its_alpha() -> None:
    assert Colour(1, 2, 3, 0.5).opaque == Colour(1, 2, 3)
