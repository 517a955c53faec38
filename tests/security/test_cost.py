"""What a stranger can make the server compute grows no faster than what they send."""

from __future__ import annotations

import contextlib
import time

import pytest

from lean_flask.config.customization import parse_background, parse_colour, parse_radius
from lean_flask.web.cached_json import MAX_CACHED_HEADERS
from lean_flask.web.language import choose_language
from lean_flask.web.request_headers import MAX_HEADER_LENGTH
from lean_flask.web.routes.banks import (
    MAX_CACHED_QUERIES,
    MAX_CACHED_QUERY_LENGTH,
    _checked_query,
)


def cost_of(work, *arguments):
    """The CPU time of *work* in seconds, the least of several runs: other threads only add."""
    spent = []
    for _ in range(7):
        started = time.thread_time()
        with contextlib.suppress(ValueError):
            work(*arguments)
        spent.append(time.thread_time() - started)
    return min(spent)


def assert_linear(work, make, size=4_000):
    """Twice as much input may cost three times as much; quadratic work costs four times."""
    for _ in range(3):
        once, twice = cost_of(work, make(size)), cost_of(work, make(2 * size))
        if twice <= 3 * once + 0.001:
            return
    pytest.fail(f"{size} characters cost {once:.4f} s, {2 * size} cost {twice:.4f} s")


CRAFTED = {
    "words": lambda size: "red " * (size // 4),
    "spaces": lambda size: "red" + " " * size + "x",
    "commas": lambda size: "," * size,
    "open": lambda size: "(" * size,
    "pairs": lambda size: "()," * (size // 3),
    "opened": lambda size: ",(" * (size // 2),
    "digits": lambda size: "rgba(1,1,1," + "1" * size,
    "fraction": lambda size: "rgba(1,1,1,0." + "1" * size + "x)",
    "positions": lambda size: "red" + " 1%" * (size // 3),
    "zeros": lambda size: "red" + " 0" * (size // 2) + "!",
    "sides": lambda size: "to" + " " * size + "top",
}


@pytest.mark.parametrize("crafted", CRAFTED)
def test_a_crafted_colour(crafted):
    for shape in ("{}", "linear-gradient({})", "linear-gradient(red, {})"):
        for parse in (parse_colour, parse_background, parse_radius):
            assert_linear(parse, lambda size, shape=shape: shape.format(CRAFTED[crafted](size)))


@pytest.mark.parametrize("crafted", CRAFTED)
def test_the_longest_background_that_is_read_is_read_quickly(crafted):
    """Many times in the time that one took: 240 ms before, for 3,000 characters."""
    text = f"linear-gradient({CRAFTED[crafted](960)})"
    assert len(text) <= 1_000
    assert cost_of(parse_background, text) < 0.005


LONG = "fr;q=0.1," * 3_000 + "ar"


@pytest.mark.parametrize(
    ("path", "header"),
    [
        ("/lean/banks", "Accept-Language"),
        ("/lean/banks", "Accept-Encoding"),
        ("/lean/banks", "If-None-Match"),
        ("/lean/picker", "Accept-Language"),
        ("/lean/picker.css", "Accept-Encoding"),
        ("/lean/picker.css", "If-None-Match"),
        ("/lean/openapi.json", "If-None-Match"),
    ],
)
def test_a_header_longer_than_any_browsers_is_not_parsed(client, monkeypatch, path, header):
    """It counts as absent; Werkzeug would take a millisecond for each kilobyte."""
    plain = client.get(path)
    parsed = []
    for parser in ("cached_json.parse_accept_header", "cached_json.parse_etags"):
        monkeypatch.setattr(f"lean_flask.web.{parser}", lambda value, *_: parsed.append(value))
    monkeypatch.setattr("lean_flask.web.language.parse_accept_header", parsed.append)
    monkeypatch.setattr("werkzeug.sansio.http.parse_etags", parsed.append)
    response = client.get(path, headers={header: LONG})
    assert (response.status_code, response.data) == (plain.status_code, plain.data)
    assert LONG not in parsed


def test_what_strangers_ask_for_fills_caches_with_short_texts_only():
    """Each entry of a cache by text holds the text: thousands of headers of 8 kB are megabytes."""
    assert MAX_HEADER_LENGTH * MAX_CACHED_HEADERS <= 1_000_000
    assert MAX_CACHED_QUERY_LENGTH * MAX_CACHED_QUERIES <= 1_000_000


def test_a_long_query_is_answered_and_not_kept(client):
    kept = _checked_query.cache_info().currsize
    response = client.get("/lean/banks", query_string={"purpose": "data", "x": "y" * 3_000})
    assert response.status_code == 200
    assert _checked_query.cache_info().currsize == kept


def test_a_language_that_there_is_not_is_not_kept(client):
    kept = choose_language.cache_info().currsize
    for number in range(20):
        client.get("/lean/picker", query_string={"lang": f"xx-{number}"})
    assert choose_language.cache_info().currsize <= kept + 1
