"""Fresh, stale and failing lists on a clock that the test moves."""

import threading

import pytest

from lean_flask.errors import UpstreamError, UpstreamRejected, UpstreamTimeout
from support.bank_cache import (
    DOWN,
    FRESH,
    KEY,
    STALE,
    STALE_IF_ERROR,
    UP,
    states,
)


def test_a_fresh_list_asks_nobody(process, scripted_lean, clock):
    assert process.get().state == "miss"
    clock.now += FRESH - 1
    served = process.get()
    assert (served.state, served.age, scripted_lean.calls) == ("fresh", FRESH - 1, 1)


def test_a_stale_list_is_answered_at_once_and_refreshed_behind(process, scripted_lean, clock):
    process.get()
    clock.now += FRESH + 1
    scripted_lean.availability["A"] = DOWN
    stale = process.get()
    assert stale.state == "stale"
    assert states(stale)["A"] == UP
    after = process.get()
    assert after.state == "fresh"
    assert states(after)["A"] == DOWN
    assert scripted_lean.calls == 2


def test_a_refresh_that_changes_nothing_keeps_the_revision(process, scripted_lean, clock):
    first = process.get().entry
    clock.now += FRESH + 1
    process.get()
    second = process.get().entry
    assert (second.revision, second.received_at) == (first.revision, first.received_at + FRESH + 1)
    scripted_lean.availability["A"] = DOWN
    clock.now += FRESH + 1
    process.get()
    assert process.get().entry.revision != first.revision


def test_a_stale_list_does_not_wait_for_a_slow_lean(process, scripted_lean, clock):
    process.get()
    clock.now += FRESH + 1
    answering = threading.Event()
    scripted_lean.while_fetching = answering.wait
    assert process.cache.get(KEY).state == "stale"
    assert process.cache.get(KEY).state == "stale"
    answering.set()
    process.settle()
    assert scripted_lean.calls == 2


def test_a_list_older_than_stale_is_fetched_before_it_is_answered(process, scripted_lean, clock):
    process.get()
    clock.now += FRESH + STALE + 1
    served = process.get()
    assert (served.state, served.age) == ("miss", 0)


def test_an_old_list_is_served_while_lean_fails(process, scripted_lean, clock):
    process.get()
    clock.now += FRESH + STALE + 1
    scripted_lean.failure = UpstreamTimeout("slow")
    served = process.get()
    assert served.state == "stale"
    assert served.failure
    assert served.age == FRESH + STALE + 1


@pytest.mark.parametrize("failure", [UpstreamTimeout("slow"), ZeroDivisionError("a fault of ours")])
def test_nobody_gets_an_error_while_a_list_may_be_served(process, scripted_lean, clock, failure):
    process.get()
    clock.now += FRESH + STALE + 1
    scripted_lean.failure = failure
    for _ in range(20):
        assert process.get().state == "stale"
        clock.now += 100


def test_a_list_older_than_stale_if_error_is_never_served(process, scripted_lean, clock):
    process.get()
    scripted_lean.failure = UpstreamTimeout("slow")
    clock.now += FRESH + STALE_IF_ERROR + 1
    with pytest.raises(UpstreamError):
        process.get()


def test_without_a_list_the_error_is_the_answer_and_the_next_one_comes_fast(process, scripted_lean):
    scripted_lean.failure = UpstreamTimeout("slow")
    with pytest.raises(UpstreamTimeout):
        process.get()
    with pytest.raises(UpstreamError) as caught:
        process.get()
    assert caught.value.retry_after > 0
    assert scripted_lean.calls == 1


def test_attempts_back_off_and_recover(process, scripted_lean, clock):
    process.get()
    clock.now += FRESH + 1
    scripted_lean.failure = UpstreamRejected("down", status=500)
    for _ in range(60):
        process.get()
        clock.now += 1
    assert 4 <= scripted_lean.calls - 1 <= 9
    scripted_lean.failure = None
    clock.now += 91
    process.get()
    assert process.get().state == "fresh"


def test_retry_after_is_honoured(process, scripted_lean, clock):
    process.get()
    clock.now += FRESH + 1
    scripted_lean.failure = UpstreamRejected("busy", status=429, retry_after=300)
    process.get()
    calls = scripted_lean.calls
    clock.now += 299
    process.get()
    assert scripted_lean.calls == calls
    clock.now += 2
    process.get()
    assert scripted_lean.calls == calls + 1


@pytest.mark.parametrize("jump", [-86_400, 86_400])
def test_a_jump_of_the_wall_clock_changes_no_age_in_a_process(process, clock, jump):
    process.get()
    clock.now += 10
    clock.wall_offset += jump
    served = process.get()
    assert (served.state, served.age) == ("fresh", 10)
