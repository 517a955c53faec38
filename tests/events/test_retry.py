"""When an event that failed is tried again."""

from __future__ import annotations

import pytest

from lean_flask.events.inbox import KeptEvent
from lean_flask.events.retry import next_attempt

SINCE = 1_000_000.0


def delay(attempts, random=1.0, after=0.0):
    event = KeptEvent("1", "a.b", "s", "waiting", SINCE, SINCE, SINCE, attempts=attempts)
    due_at = next_attempt(event, SINCE + after, lambda: random)
    return None if due_at is None else due_at - SINCE - after


def test_the_delay_doubles_up_to_an_hour():
    delays = [delay(attempts) for attempts in range(1, 13)]
    assert delays == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]


def test_the_delay_is_cut_by_chance_to_half_at_most():
    assert (delay(2, random=0.0), delay(2, random=0.5)) == (5, 7.5)


@pytest.mark.parametrize("attempts", [0, 30, 5_000])
def test_any_number_of_attempts_has_a_delay(attempts):
    assert 0 < delay(attempts) <= 3600


def test_after_a_day_an_event_is_given_up():
    assert delay(30, after=86_399) is not None
    assert delay(30, after=86_400) is None
