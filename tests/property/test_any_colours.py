"""What is understood as a colour is spelt anew; nothing of its text reaches a stylesheet."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from lean_flask.config.customization import Colour, parse_background, parse_colour, parse_radius
from support.generated import text

SPELT = re.compile(r"#[0-9a-f]{6}|rgba\(\d{1,3}, \d{1,3}, \d{1,3}, [\d.]+\)")
PIECES = "# rgb( rgba( ) 0 255 256 .5 1 , % px linear-gradient( to left top 45deg red url( ; } /* ٣"
pieces = st.sampled_from(PIECES.split())
css = st.lists(pieces | text, max_size=9).map("".join) | st.lists(pieces, max_size=9).map(" ".join)


@given(css)
def test_a_colour(value):
    try:
        colour = parse_colour(value)
    except ValueError:
        return
    assert SPELT.fullmatch(str(colour))


@given(st.builds(Colour, *[st.integers(0, 255)] * 3, st.floats(0, 1)))
def test_a_spelt_colour_reads_as_the_same(colour):
    assert SPELT.fullmatch(str(colour))
    again = parse_colour(str(colour))
    assert again.opaque == colour.opaque
    assert abs(again.alpha - colour.alpha) < 1e-4


@given(css | css.map(lambda inside: f"linear-gradient({inside})"))
@example("linear-gradient(" + "red " * 20_000 + ", blue)")
def test_a_background(value):
    try:
        background = parse_background(value)
    except ValueError:
        return
    assert re.fullmatch(r"[a-z0-9#%., ()-]+", str(background))
    assert "url" not in str(background)


@given(css | st.integers() | st.floats() | st.sampled_from([10**400, True]))
def test_a_radius(value):
    try:
        radius = parse_radius(value)
    except ValueError:
        return
    assert radius is None or 0 <= radius < 10_000
