"""Processes that share a store serve the same lists."""

import pytest

from lean_flask.banks.stores.memory import MemoryStore
from lean_flask.errors import UpstreamError, UpstreamTimeout
from support.bank_cache import (
    DOWN,
    FRESH,
    OpenStore,
    Process,
    next_timestamp,
    states,
)


@pytest.fixture
def pair(scripted_lean, clock):
    store = OpenStore(clock)
    return Process(scripted_lean, clock, store), Process(scripted_lean, clock, store)


def test_a_list_fetched_by_one_process_serves_the_other(pair, scripted_lean, clock):
    one, other = pair
    one.get()
    clock.now += 5
    served = other.get()
    assert (served.state, served.age, scripted_lean.calls) == ("fresh", 5, 1)


def test_an_event_reaches_the_other_process_within_two_seconds(pair, clock):
    one, other = pair
    one.get(), other.get()
    one.cache.apply_event("A", next_timestamp(), DOWN)
    clock.now += 1.1
    other.get()
    assert states(other.get())["A"] == DOWN


def test_a_refresh_of_one_process_reaches_the_other(pair, scripted_lean, clock):
    one, other = pair
    one.get(), other.get()
    clock.now += FRESH + 1
    scripted_lean.availability["A"] = DOWN
    one.get()
    clock.now += 1.1
    other.get()
    assert states(other.get())["A"] == DOWN
    assert scripted_lean.calls == 2


def test_one_processs_failure_holds_the_other_back(pair, scripted_lean, clock):
    scripted_lean.failure = UpstreamTimeout("slow")
    for process in pair:
        with pytest.raises(UpstreamError):
            process.get()
    assert scripted_lean.calls == 1


def test_a_restart_starts_warm(scripted_lean, clock):
    store = MemoryStore(clock.monotonic)
    Process(scripted_lean, clock, store).get()
    clock.now += FRESH + 1
    scripted_lean.failure = UpstreamTimeout("slow")
    served = Process(scripted_lean, clock, store).get()
    assert (served.state, served.age) == ("stale", FRESH + 1)


def test_the_store_forgets_and_the_process_reminds_it(pair, scripted_lean, clock):
    one, other = pair
    one.get(), other.get()
    one.cache.apply_event("A", next_timestamp(), DOWN)
    one.store.replace_values(lambda value: None)
    clock.now += 1.1
    one.store.update("x", lambda *_: b"something else changed", 10)
    one.get()
    clock.now += 1.1
    other.get()
    assert states(other.get())["A"] == DOWN


def test_a_clock_set_back_before_a_restart_makes_the_list_stale_not_eternal(scripted_lean, clock):
    store = MemoryStore(clock.monotonic)
    Process(scripted_lean, clock, store).get()
    clock.wall_offset -= 86_400
    assert Process(scripted_lean, clock, store).get().state == "stale"
