"""What a stranger can make the server compute grows no faster than what they send."""

from __future__ import annotations

import contextlib
import time

import pytest

from lean_flask.config.customization import parse_background, parse_colour, parse_radius


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
