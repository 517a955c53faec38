"""The bank cache on an injected clock: one test for each promise of docs/bank-list.md."""

import threading

import pytest

from lean_flask.banks.cache.shared_state import ListKey
from lean_flask.banks.stores.memory import MemoryStore
from lean_flask.errors import UpstreamError, UpstreamRejected, UpstreamTimeout
from support.bank_cache import (
    DOWN,
    FRESH,
    KEY,
    STALE,
    STALE_IF_ERROR,
    UP,
    Clock,
    Process,
    ScriptedLean,
    next_timestamp,
    record,
    states,
)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def lean():
    return ScriptedLean()


@pytest.fixture
def process(lean, clock):
    return Process(lean, clock)


def test_a_fresh_list_asks_nobody(process, lean, clock):
    assert process.get().state == "miss"
    clock.now += FRESH - 1
    served = process.get()
    assert (served.state, served.age, lean.calls) == ("fresh", FRESH - 1, 1)


def test_a_stale_list_is_answered_at_once_and_refreshed_behind(process, lean, clock):
    process.get()
    clock.now += FRESH + 1
    lean.availability["A"] = DOWN
    stale = process.get()
    assert stale.state == "stale"
    assert states(stale)["A"] == UP
    after = process.get()
    assert after.state == "fresh"
    assert states(after)["A"] == DOWN
    assert lean.calls == 2


def test_a_refresh_that_changes_nothing_keeps_the_serial(process, lean, clock):
    first = process.get().held
    clock.now += FRESH + 1
    process.get()
    second = process.get().held
    assert (second.serial, second.born) == (first.serial, first.born + FRESH + 1)
    lean.availability["A"] = DOWN
    clock.now += FRESH + 1
    process.get()
    assert process.get().held.serial != first.serial


def test_a_stale_list_does_not_wait_for_a_slow_lean(process, lean, clock):
    process.get()
    clock.now += FRESH + 1
    answering = threading.Event()
    lean.while_fetching = answering.wait
    assert process.cache.get(KEY).state == "stale"
    assert process.cache.get(KEY).state == "stale"
    answering.set()
    process.settle()
    assert lean.calls == 2


def test_a_list_older_than_stale_is_fetched_before_it_is_answered(process, lean, clock):
    process.get()
    clock.now += FRESH + STALE + 1
    served = process.get()
    assert (served.state, served.age) == ("miss", 0)


def test_an_old_list_is_served_while_lean_fails(process, lean, clock):
    process.get()
    clock.now += FRESH + STALE + 1
    lean.failure = UpstreamTimeout("slow")
    served = process.get()
    assert served.state == "stale"
    assert served.trouble
    assert served.age == FRESH + STALE + 1


def test_a_list_older_than_stale_if_error_is_never_served(process, lean, clock):
    process.get()
    lean.failure = UpstreamTimeout("slow")
    clock.now += FRESH + STALE_IF_ERROR + 1
    with pytest.raises(UpstreamError):
        process.get()


def test_without_a_list_the_error_is_the_answer_and_the_next_one_comes_fast(process, lean):
    lean.failure = UpstreamTimeout("slow")
    with pytest.raises(UpstreamTimeout):
        process.get()
    with pytest.raises(UpstreamError) as caught:
        process.get()
    assert caught.value.retry_after > 0
    assert lean.calls == 1


def test_attempts_back_off_and_recover(process, lean, clock):
    process.get()
    clock.now += FRESH + 1
    lean.failure = UpstreamRejected("down", status=500)
    for _ in range(60):
        process.get()
        clock.now += 1
    assert 4 <= lean.calls - 1 <= 9
    lean.failure = None
    clock.now += 91
    process.get()
    assert process.get().state == "fresh"


def test_retry_after_is_honoured(process, lean, clock):
    process.get()
    clock.now += FRESH + 1
    lean.failure = UpstreamRejected("busy", status=429, retry_after=300)
    process.get()
    calls = lean.calls
    clock.now += 299
    process.get()
    assert lean.calls == calls
    clock.now += 2
    process.get()
    assert lean.calls == calls + 1


@pytest.mark.parametrize("left", [0, 1])
def test_a_suddenly_short_list_needs_a_second_look(process, lean, clock, left):
    process.get()
    lean.availability = dict(list(lean.availability.items())[:left])
    clock.now += FRESH + 1
    process.get()
    assert len(process.get().banks) == 4
    clock.now += 60
    process.get()
    assert len(process.get().banks) == left


def test_a_different_short_list_is_doubted_again(process, lean, clock):
    process.get()
    clock.now += FRESH + 1
    lean.availability = {"A": UP}
    process.get()
    lean.availability = {"B": UP}
    clock.now += 60
    process.get()
    assert len(process.get().banks) == 4


def test_a_list_too_old_to_be_served_casts_no_doubt_on_a_short_one(process, lean, clock):
    process.get()
    lean.availability = {"A": UP}
    clock.now += FRESH + STALE_IF_ERROR + 1
    assert len(process.get().banks) == 1


def test_half_of_the_list_is_believed(process, lean, clock):
    process.get()
    lean.availability = {"A": UP, "B": UP}
    clock.now += FRESH + 1
    process.get()
    assert len(process.get().banks) == 2


def test_a_first_list_that_is_empty_is_doubted(process, lean, clock):
    lean.availability = {}
    with pytest.raises(UpstreamError):
        process.get()
    clock.now += 10
    assert process.get().banks == ()


def test_a_list_of_nothing_valid_is_a_failure(process, lean, clock):
    process.get()
    clock.now += FRESH + 1
    lean.availability = {"not an identifier": UP, "nor this": UP}
    process.get()
    assert len(process.get().banks) == 4


def test_many_cold_callers_make_one_call(process, lean):
    gate = threading.Event()
    lean.while_fetching = gate.wait
    served = []
    threads = [
        threading.Thread(target=lambda: served.append(process.cache.get(KEY))) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    assert len(served) == 20
    assert lean.calls == 1


def test_cold_callers_look_into_the_store_together(process, monkeypatch):
    read, readers, late = process.store.read, [], []

    def slow_read(key):
        readers.append(threading.get_ident())
        if not late:
            late.append(threading.Thread(target=lambda: process.cache.get(KEY)))
            late[0].start()
            late[0].join(0.1)
            assert readers == [threading.get_ident()]
        return read(key)

    monkeypatch.setattr(process.store, "read", slow_read)
    assert process.cache.get(KEY).banks
    late[0].join()


def test_many_cold_callers_share_one_error(process, lean):
    gate = threading.Event()
    lean.while_fetching = gate.wait
    lean.failure = UpstreamTimeout("slow")
    errors = []

    def ask():
        try:
            process.cache.get(KEY)
        except UpstreamError as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    assert len(errors) == 20
    assert lean.calls == 1


# --- events ---------------------------------------------------------------------------------


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


def test_an_event_survives_the_refresh_that_was_under_way(process, lean, clock):
    process.get()
    clock.now += FRESH + 1
    lean.while_fetching = lambda: process.cache.apply_event("A", next_timestamp(), DOWN)
    process.get()
    served = process.get()
    assert served.state == "fresh"
    assert states(served)["A"] == DOWN


def test_a_refresh_that_began_after_the_event_has_the_last_word(process, lean, clock):
    process.get()
    process.cache.apply_event("A", next_timestamp(), DOWN)
    clock.now += FRESH + 1
    process.get()
    assert states(process.get())["A"] == UP


def test_customers_lists_are_bounded(process, lean):
    for number in range(300):
        process.cache.get(ListKey("PERSONAL", f"customer-{number}"))
    assert len(process.cache._lists) <= 256
    assert ListKey("PERSONAL", "customer-299") in process.cache._lists
    assert len(process.get().banks) == 4


def test_customers_lists_are_kept_apart(lean, clock):
    """In the process, and in the store that several processes read."""
    store = MemoryStore(clock.monotonic)
    lean.fetch = lambda key: [record(f"OF_{key.customer_id}", UP)]
    for process in (Process(lean, clock, store), Process(lean, clock, store)):
        for customer in ("one", "two", None):
            (bank,) = process.cache.get(ListKey("PERSONAL", customer)).banks
            assert bank.identifier == f"OF_{customer}"


# --- several processes ----------------------------------------------------------------------


@pytest.fixture
def pair(lean, clock):
    store = MemoryStore(clock.monotonic)
    return Process(lean, clock, store), Process(lean, clock, store)


def test_a_list_fetched_by_one_process_serves_the_other(pair, lean, clock):
    one, other = pair
    one.get()
    clock.now += 5
    served = other.get()
    assert (served.state, served.age, lean.calls) == ("fresh", 5, 1)


def test_an_event_reaches_the_other_process_within_two_seconds(pair, clock):
    one, other = pair
    one.get(), other.get()
    one.cache.apply_event("A", next_timestamp(), DOWN)
    clock.now += 1.1
    other.get()
    assert states(other.get())["A"] == DOWN


def test_a_refresh_of_one_process_reaches_the_other(pair, lean, clock):
    one, other = pair
    one.get(), other.get()
    clock.now += FRESH + 1
    lean.availability["A"] = DOWN
    one.get()
    clock.now += 1.1
    other.get()
    assert states(other.get())["A"] == DOWN
    assert lean.calls == 2


def test_one_processs_failure_holds_the_other_back(pair, lean, clock):
    lean.failure = UpstreamTimeout("slow")
    for process in pair:
        with pytest.raises(UpstreamError):
            process.get()
    assert lean.calls == 1


def test_a_restart_starts_warm(lean, clock):
    store = MemoryStore(clock.monotonic)
    Process(lean, clock, store).get()
    clock.now += FRESH + 1
    lean.failure = UpstreamTimeout("slow")
    served = Process(lean, clock, store).get()
    assert (served.state, served.age) == ("stale", FRESH + 1)


def test_the_store_forgets_and_the_process_reminds_it(pair, lean, clock):
    one, other = pair
    one.get(), other.get()
    one.cache.apply_event("A", next_timestamp(), DOWN)
    one.store._values.clear()
    clock.now += 1.1
    one.store.update("x", lambda *_: b"something else changed", 10)
    one.get()
    clock.now += 1.1
    other.get()
    assert states(other.get())["A"] == DOWN


@pytest.mark.parametrize("jump", [-86_400, 86_400])
def test_a_jump_of_the_wall_clock_changes_no_age_in_a_process(process, clock, jump):
    process.get()
    clock.now += 10
    clock.wall_offset += jump
    served = process.get()
    assert (served.state, served.age) == ("fresh", 10)


def test_a_clock_set_back_before_a_restart_makes_the_list_stale_not_eternal(lean, clock):
    store = MemoryStore(clock.monotonic)
    Process(lean, clock, store).get()
    clock.wall_offset -= 86_400
    assert Process(lean, clock, store).get().state == "stale"


HUGE = (
    b'1 2\n[{"identifier":"A","transfer_limits":[{"currency":"SAR","max":1e99999999999999999999}]}]'
)


@pytest.mark.parametrize(
    "junk", [b"", b"junk", b"1 2\n{", b"x y\n[]", b"1 2\n7", b"\xff\xfe", HUGE]
)
def test_junk_in_the_store_counts_as_absent(lean, clock, junk):
    store = MemoryStore(clock.monotonic)
    Process(lean, clock, store).get()
    for key in list(store._values):
        store._values[key] = (junk, 1000)
    served = Process(lean, clock, store).get()
    assert len(served.banks) == 4


def test_a_hostile_bank_in_the_store_is_left_out(lean, clock):
    store = MemoryStore(clock.monotonic)
    Process(lean, clock, store).get()
    for key, (value, seconds) in list(store._values.items()):
        planted = value.replace(b'"logo":""', b'"logo":"javascript:alert(1)"', 1)
        store._values[key] = (planted.replace(b'"name":"B"', b'"name":"\\u202eB"'), seconds)
    served = Process(lean, clock, store).get()
    assert {bank.identifier: bank.name for bank in served.banks} == {"B": "B", "C": "C", "D": "D"}
    assert lean.calls == 1
