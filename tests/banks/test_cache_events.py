"""Availability events and the cached lists."""

from support.bank_cache import (
    DOWN,
    FRESH,
    UP,
    next_timestamp,
    states,
)


def test_an_event_changes_the_bank_at_once(process):
    process.get()
    process.cache.apply_event("A", next_timestamp(), DOWN)
    assert states(process.get())["A"] == DOWN


def test_an_older_event_changes_nothing(process):
    process.get()
    older, newer = next_timestamp(), next_timestamp()
    process.cache.apply_event("A", newer, DOWN)
    process.cache.apply_event("A", older, UP)
    assert states(process.get())["A"] == DOWN


def test_an_event_survives_the_refresh_that_was_under_way(process, scripted_lean, clock):
    process.get()
    clock.now += FRESH + 1
    scripted_lean.while_fetching = lambda: process.cache.apply_event("A", next_timestamp(), DOWN)
    process.get()
    served = process.get()
    assert served.state == "fresh"
    assert states(served)["A"] == DOWN


def test_a_refresh_that_began_after_the_event_has_the_last_word(process, scripted_lean, clock):
    process.get()
    process.cache.apply_event("A", next_timestamp(), DOWN)
    clock.now += FRESH + 1
    process.get()
    assert states(process.get())["A"] == UP


def test_an_older_look_at_the_store_does_not_undo_an_event(process):
    process.get()
    process.cache.apply_event("A", next_timestamp(), DOWN)
    older = process.cache._entries.events
    process.cache.apply_event("A", next_timestamp(), UP)
    process.cache._entries.install_events(older)  # read before, and late
    assert states(process.get())["A"] == UP
