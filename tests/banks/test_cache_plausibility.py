"""A list that is suddenly short or empty is not accepted at once."""

import pytest

from lean_flask.banks.stores.memory import MemoryStore
from lean_flask.errors import UpstreamError, UpstreamTimeout
from support.bank_cache import FRESH, KEY, STALE_IF_ERROR, UP, Process


def look(process, clock, seconds):
    """Let *seconds* pass, and return what is served after the refresh that this leads to."""
    clock.now += seconds
    process.get()
    return process.get().banks


def test_a_suddenly_short_list_needs_three_fetches_in_15_minutes(process, scripted_lean, clock):
    process.get()
    scripted_lean.availability = {"A": UP}
    assert len(look(process, clock, FRESH + 1)) == 4
    assert len(look(process, clock, 900)) == 4  # the second fetch
    assert len(look(process, clock, 61)) == 1


def test_many_fetches_do_not_make_up_for_the_time(process, scripted_lean, clock):
    process.get()
    scripted_lean.availability = {"A": UP}
    look(process, clock, FRESH + 1)
    calls, begun = scripted_lean.calls, clock.now
    while clock.now < begun + 880:
        assert len(look(process, clock, 20)) == 4
    assert scripted_lean.calls > calls + 5
    assert len(look(process, clock, 91)) == 1


@pytest.mark.parametrize("days", [0, 0.01])
def test_an_empty_list_is_never_accepted_while_there_is_another(
    process, scripted_lean, clock, days
):
    process.get()
    scripted_lean.availability = {}
    for _ in range(5):
        assert len(look(process, clock, FRESH + 86_400 * days)) == 4


def test_a_failure_in_between_neither_ends_nor_hastens_a_doubt(process, scripted_lean, clock):
    process.get()
    scripted_lean.availability = {"A": UP}
    look(process, clock, FRESH + 1)
    scripted_lean.failure = UpstreamTimeout("slow")
    for _ in range(5):
        assert len(look(process, clock, 200)) == 4
    scripted_lean.failure = None
    assert len(look(process, clock, 91)) == 4
    assert len(look(process, clock, 91)) == 1


def test_a_whole_list_ends_a_doubt(process, scripted_lean, clock):
    process.get()
    whole, scripted_lean.availability = scripted_lean.availability, {"A": UP}
    look(process, clock, FRESH + 1)
    scripted_lean.availability = whole
    look(process, clock, 900)
    scripted_lean.availability = {"A": UP}
    assert len(look(process, clock, FRESH + 1)) == 4
    assert len(look(process, clock, 91)) == 4


def test_a_different_short_list_is_doubted_again(process, scripted_lean, clock):
    process.get()
    clock.now += FRESH + 1
    scripted_lean.availability = {"A": UP}
    process.get()
    scripted_lean.availability = {"B": UP}
    assert len(look(process, clock, 900)) == 4
    assert len(look(process, clock, 91)) == 4


def test_the_doubt_of_one_process_counts_for_another(scripted_lean, clock):
    store = MemoryStore(clock.monotonic, clock.wall)
    one, other = (Process(scripted_lean, clock, store) for _ in range(2))
    one.get(), other.get()
    scripted_lean.availability = {"A": UP}
    look(one, clock, FRESH + 1)
    look(one, clock, 900)
    assert len(look(other, clock, 91)) == 1


@pytest.mark.parametrize("left", [0, 1])
def test_a_process_without_a_list_compares_with_the_stored_one(scripted_lean, clock, left):
    """As ``flask lean refresh`` and ``flask lean check`` do, each time."""
    store = MemoryStore(clock.monotonic, clock.wall)
    Process(scripted_lean, clock, store).get()
    scripted_lean.availability = dict(list(scripted_lean.availability.items())[:left])
    for _ in range(3):
        with pytest.raises(UpstreamError, match="the last one had 4"):
            Process(scripted_lean, clock, store).cache.refresh(KEY)
        clock.now += 10
    assert len(Process(scripted_lean, clock, store).get().banks) == 4


@pytest.mark.parametrize("left", [0, 1])
def test_an_operator_may_accept_what_is_left(process, scripted_lean, clock, left):
    process.get()
    scripted_lean.availability = dict(list(scripted_lean.availability.items())[:left])
    assert len(process.cache.refresh(KEY, accept_loss=True).banks) == left
    assert len(process.get().banks) == left


def test_a_list_too_old_to_be_served_casts_no_doubt_on_a_short_one(process, scripted_lean, clock):
    process.get()
    scripted_lean.availability = {"A": UP}
    clock.now += FRESH + STALE_IF_ERROR + 1
    assert len(process.get().banks) == 1


def test_half_of_the_list_is_believed(process, scripted_lean, clock):
    process.get()
    scripted_lean.availability = {"A": UP, "B": UP}
    clock.now += FRESH + 1
    process.get()
    assert len(process.get().banks) == 2


def test_a_first_list_that_is_empty_is_doubted(process, scripted_lean, clock):
    scripted_lean.availability = {}
    with pytest.raises(UpstreamError):
        process.get()
    clock.now += 10
    assert process.get().banks == ()


def test_a_list_of_nothing_valid_is_a_failure(process, scripted_lean, clock):
    process.get()
    clock.now += FRESH + 1
    scripted_lean.availability = {"not an identifier": UP, "nor this": UP}
    process.get()
    assert len(process.get().banks) == 4
