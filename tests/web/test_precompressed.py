"""A page with places: whatever stands around and in them, both encodings say the same."""

from __future__ import annotations

import gzip

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from lean_flask.web.picker.precompressed import PrecompressedTemplate, placeholder

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(st.lists(texts, min_size=1, max_size=4), texts, texts)
def test_both_encodings_hold_the_page_with_its_places_filled(
    around: list[str], token: str, back: str
) -> None:
    names = ["token", "back", "token"][: len(around) - 1]
    html = around[0] + "".join(
        placeholder(n) + text for n, text in zip(names, around[1:], strict=True)
    )
    values = {"token": token, "back": back}
    filled = around[0] + "".join(
        str(escape(values[n])) + text for n, text in zip(names, around[1:], strict=True)
    )
    page = PrecompressedTemplate(html)
    assert page.plain(values) == filled.encode()
    assert gzip.decompress(page.gzipped(values)) == page.plain(values)
    assert page.markup(values) == filled


def test_a_part_longer_than_the_window_of_deflate() -> None:
    long = "".join(f"<li>{number}</li>" for number in range(9_000))
    page = PrecompressedTemplate(long + placeholder("token") + long + placeholder("back") + long)
    for values in ({"token": "x" * 300, "back": ""}, {"token": "y", "back": "/" * 40_000}):
        assert gzip.decompress(page.gzipped(values)) == page.plain(values)


def test_a_value_longer_than_a_stored_block() -> None:
    page = PrecompressedTemplate(f"<p>{placeholder('token')}</p>")
    values = {"token": "é" * 70_000}
    assert gzip.decompress(page.gzipped(values)) == page.plain(values)
