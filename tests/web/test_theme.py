"""The stylesheet: the host's colours, never at the price of legibility or of safety."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_flask.config.customization import Colour, parse_background, parse_colour
from lean_flask.web.theme.contrast import BLACK, WHITE, contrast, readable, text_on
from lean_flask.web.theme.stylesheet import log_corrections, stylesheet

colours = st.builds(Colour, *[st.integers(0, 255)] * 3)
spelt = colours.map(str)
backgrounds = spelt | st.tuples(spelt, spelt).map(lambda two: f"linear-gradient({', '.join(two)})")
radii = st.integers(0, 60) | st.just("pill")
customizations = st.fixed_dictionaries(
    {},
    optional={
        "theme_color": spelt,
        "theme_color_dark": spelt,
        "button_text_color": spelt,
        "link_color": spelt,
        "dialog_background_color_light": backgrounds,
        "dialog_background_color_dark": backgrounds,
        "button_border_radius": radii,
        "force_appearance": st.sampled_from(["light", "dark"]),
    },
)


def properties(customization: dict[str, Any], scheme: str = "light") -> dict[str, str]:
    """The custom properties that hold in *scheme*."""
    text = stylesheet(customization).decode()
    rules = re.findall(
        r"(@media\(prefers-color-scheme:dark\)\{)?:root,\.card(?::not\(\.embedded\))?\{([^}]*)\}",
        text,
    )
    found: dict[str, str] = {}
    for only_dark, body in rules:
        if not only_dark or scheme == "dark":
            found |= dict(re.findall(r"--([a-z-]+):([^;]+)", body))
    return found


def behind(surface: str) -> list[Colour]:
    background = parse_background(surface)
    return (
        [background] if isinstance(background, Colour) else [stop for stop, _ in background.stops]
    )


def test_what_is_around_the_card_has_its_hue() -> None:
    assert properties({}, "dark")["page"] == "#0a0c10"
    brown = {"dialog_background_color_dark": "#2a1f19"}
    assert properties(brown, "dark")["page"] == "#15100c"
    assert properties(brown)["page"] == "#eef1f5"


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast(parse_colour("#777"), WHITE) == pytest.approx(4.48, abs=0.005)


@given(colours)
def test_black_or_white_always_reads(background: Colour) -> None:
    assert contrast(text_on(background), background) >= 4.5


@given(colours, colours)
def test_a_corrected_colour_reads(text: Colour, background: Colour) -> None:
    assert contrast(readable(text, [background]), background) >= 4.5


def test_a_readable_colour_stays_as_it_is() -> None:
    assert str(readable(parse_colour("#0b5cff"), [WHITE])) == "#0b5cff"


@given(customizations, st.sampled_from(["light", "dark"]))
def test_every_text_reads_whatever_the_host_asks_for(
    customization: dict[str, Any], scheme: str
) -> None:
    shown = properties(customization, scheme)
    for text in ("text", "muted", "link", "warning"):
        for background in [*behind(shown["surface"]), parse_colour(shown["field"])]:
            assert contrast(parse_colour(shown[text]), background) >= 4.5, text
    for button in ("accent", "pressed"):
        assert contrast(parse_colour(shown["on-accent"]), parse_colour(shown[button])) >= 4.5
    assert contrast(parse_colour(shown["text"]), parse_colour(shown["mark"])) >= 4.5
    for shape in ("shape", "edge"):
        assert contrast(parse_colour(shown[shape]), behind(shown["surface"])[0]) >= 3


def test_the_hosts_colours_are_used() -> None:
    shown = properties({"theme_color": "rebeccapurple", "button_text_color": "#fff"})
    assert (shown["accent"], shown["on-accent"]) == ("#663399", "#ffffff")
    assert shown["link"] == "#663399"


def test_dark_has_its_own_colours() -> None:
    customization = {"theme_color": "#003366", "theme_color_dark": "#99ccff"}
    assert properties(customization, "dark")["accent"] == "#99ccff"
    assert properties({"theme_color": "#003366"}, "dark")["accent"] == "#003366"


def test_a_forced_appearance_ignores_the_system() -> None:
    forced = stylesheet({"force_appearance": "dark"})
    assert b"prefers-color-scheme" not in forced
    assert b"color-scheme:dark;" in forced
    assert b"prefers-color-scheme:dark" in stylesheet({})


@pytest.mark.parametrize(
    ("radius", "buttons", "boxes"),
    [("8", "8px", "8px"), (40, "40px", "20px"), ("pill", "999px", "20px"), (0, "0px", "0px")],
)
def test_radius(radius: Any, buttons: str, boxes: str) -> None:
    shown = properties({"button_border_radius": radius})
    assert (shown["radius"], shown["corner"]) == (buttons, boxes)


def test_a_gradient_is_painted() -> None:
    shown = properties({"dialog_background_color_light": "linear-gradient(0deg, #fff, #eef)"})
    assert shown["surface"] == "linear-gradient(0deg, #ffffff, #eeeeff)"


def test_a_gradient_on_which_nothing_reads_gives_way_to_its_first_colour() -> None:
    shown = properties({"dialog_background_color_light": "linear-gradient(#fff, #000)"})
    assert shown["surface"] == "#ffffff"


def test_a_correction_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    customization = {"link_color": "#fefe01", "force_appearance": "light"}
    with caplog.at_level(logging.WARNING, "lean_flask"):
        log_corrections(customization)
        log_corrections(customization)
    assert len(caplog.messages) == 1
    assert "link_color #fefe01" in caplog.text


def test_the_stylesheet_is_mirrored_by_itself() -> None:
    """Physical directions would have to be undone for Arabic."""
    physical = r"(margin|padding|border|inset)-(left|right)|[{;](left|right):|align:(left|right)"
    assert not re.search(physical, stylesheet({}).decode())
