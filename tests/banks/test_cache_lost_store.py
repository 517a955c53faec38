"""A store that lost its data gets it back from whichever process has it."""

from __future__ import annotations

import pytest

from lean_flask.errors import UpstreamError, UpstreamTimeout
from support.bank_cache import (
    DOWN,
    FRESH,
    KEY,
    UP,
    OpenStore,
    Process,
    next_timestamp,
    states,
)


@pytest.fixture
def store(clock):
    return OpenStore(clock)


@pytest.fixture
def holder(scripted_lean, clock, store):
    """A process that has a list."""
    process = Process(scripted_lean, clock, store)
    process.get()
    process.get()
    return process


def look(process, clock):
    """Let *process* look at the store."""
    clock.now += 1.1
    process.get()


LOSSES = {
    "everything": lambda key: True,
    "the header": lambda key: ":header:" in key,
    "the banks": lambda key: ":banks:" in key,
}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_new_process_gets_the_list_while_lean_is_down(holder, store, scripted_lean, clock, loss):
    store.remove(LOSSES[loss])  # the version stays as it was
    look(holder, clock)
    scripted_lean.failure = UpstreamTimeout("slow")
    assert len(Process(scripted_lean, clock, store).get().banks) == 4
    assert scripted_lean.calls == 1


def test_the_list_that_is_written_back_has_its_age(holder, store, scripted_lean, clock):
    clock.now += FRESH - 10
    clock.wall_offset += 3600  # the wall clock was wrong, and has been set
    store.remove(LOSSES["everything"])
    look(holder, clock)
    assert Process(scripted_lean, clock, store).get().age == pytest.approx(FRESH - 10 + 1.1)


def test_the_failure_is_written_back_too(holder, store, scripted_lean, clock):
    scripted_lean.failure = UpstreamTimeout("slow")
    with pytest.raises(UpstreamError):
        holder.cache.refresh(KEY)
    store.remove(LOSSES["everything"])
    look(holder, clock)
    assert Process(scripted_lean, clock, store).cache.status(KEY).failure
    assert holder.cache.status(KEY).failure


def test_events_are_written_back_too(holder, store, scripted_lean, clock):
    holder.cache.apply_event("A", next_timestamp(), DOWN)
    look(holder, clock)
    store.remove(lambda key: key.endswith(":availability"))
    look(holder, clock)
    assert states(Process(scripted_lean, clock, store).get())["A"] == DOWN


@pytest.mark.parametrize("loss", LOSSES)
def test_a_store_that_lost_nothing_is_not_written(holder, store, clock, loss):
    store.remove(LOSSES[loss])
    look(holder, clock)
    version = store.version()
    for _ in range(3):
        look(holder, clock)
    assert store.version() == version


def test_the_banks_are_read_twice_a_minute_to_see_whether_they_are_there(
    holder, store, scripted_lean, clock, monkeypatch
):
    reads, read = [], store.read
    monkeypatch.setattr(store, "read", lambda key: reads.append(key) or read(key))
    for _ in range(20):
        look(holder, clock)
    assert len([key for key in reads if ":banks:" in key]) == 1
    store.remove(LOSSES["the banks"])
    clock.now += 30
    look(holder, clock)
    scripted_lean.failure = UpstreamTimeout("slow")
    assert len(Process(scripted_lean, clock, store).get().banks) == 4


@pytest.mark.parametrize("left", [0, 1])
def test_a_process_that_knows_no_better_spoils_nobodys_list(
    holder, store, scripted_lean, clock, left
):
    """Lean's list is short, and the store is empty, so a new process accepts it."""
    store.remove(LOSSES["everything"])
    whole = scripted_lean.availability
    scripted_lean.availability = dict(list(whole.items())[:left])
    newcomer = Process(scripted_lean, clock, store)
    if not left:
        with pytest.raises(UpstreamError):
            newcomer.get()
        clock.now += 5
    assert len(newcomer.get().banks) == left
    look(holder, clock)
    assert len(holder.get().banks) == 4
    look(newcomer, clock)
    assert len(newcomer.get().banks) == 4


def test_an_accepted_loss_reaches_the_others(holder, store, scripted_lean, clock):
    other = Process(scripted_lean, clock, store)
    other.get()
    scripted_lean.availability = {"A": UP}
    Process(scripted_lean, clock, store).cache.refresh(KEY, accept_loss=True)
    clock.now += FRESH + 1
    other.cache.refresh(KEY)  # a second fetch of the short list, which needed no doubt
    for _ in range(2):
        look(holder, clock)
        look(other, clock)
    assert len(holder.get().banks) == len(other.get().banks) == 1


def test_an_emptied_store_whose_clock_is_behind_takes_new_lists(
    holder, store, scripted_lean, clock
):
    other = Process(scripted_lean, clock, store)
    other.get()
    store.remove(LOSSES["everything"])
    store.forget_version()
    clock.wall_offset -= 600
    scripted_lean.availability["A"] = DOWN
    holder.cache.refresh(KEY)
    assert states(holder.get())["A"] == DOWN
    for process in (other, holder, other):
        look(process, clock)
        assert states(process.get())["A"] == DOWN
    assert states(Process(scripted_lean, clock, store).get())["A"] == DOWN
    assert states(holder.get())["A"] == DOWN
