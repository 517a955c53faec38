"""How long callers wait, and that a look at the store undoes nothing that happened meanwhile."""

from __future__ import annotations

import time

import pytest

from lean_flask.banks.cache.lease import lease
from lean_flask.banks.stores.scoped import ScopedStore
from lean_flask.errors import UpstreamError, UpstreamTimeout
from support.bank_cache import DOWN, FRESH, KEY, SETTINGS, STALE, UP, OpenStore, Process, states

BUDGET = SETTINGS.timeout


class LateReads(OpenStore):
    """Calls *meanwhile* once, between a read of a *kind* of value and the use of its result.

    :ivar skip: reads of this kind that come before it.
    """

    def __init__(self, clock):
        super().__init__(clock)
        self.meanwhile, self.kind, self.skip = None, "failure", 0

    def read(self, key):
        value = super().read(key)
        if f":{self.kind}:" in key and self.meanwhile:
            self.skip -= 1
            if self.skip < 0:
                meanwhile, self.meanwhile = self.meanwhile, None
                meanwhile()
        return value


@pytest.fixture
def late_reads(scripted_lean, clock):
    return Process(scripted_lean, clock, LateReads(clock))


def fail(process):
    with pytest.raises(UpstreamError):
        process.cache.refresh(KEY)


def test_a_look_that_began_before_a_failure_does_not_forget_it(late_reads, scripted_lean, clock):
    late_reads.get()
    clock.now += FRESH + STALE + 1
    scripted_lean.failure = UpstreamTimeout("slow")
    late_reads.store.meanwhile = lambda: fail(late_reads)
    late_reads.cache.status(KEY)
    late_reads.settle()
    assert late_reads.cache.status(KEY).failure
    calls = scripted_lean.calls
    assert late_reads.get().failure
    assert scripted_lean.calls == calls  # the pause holds


def test_a_look_that_began_before_a_success_does_not_bring_the_failure_back(
    late_reads, scripted_lean, clock
):
    late_reads.get()
    scripted_lean.failure = UpstreamTimeout("slow")
    fail(late_reads)
    scripted_lean.failure = None
    late_reads.store.meanwhile = lambda: late_reads.cache.refresh(KEY)
    clock.now += 2
    late_reads.cache.status(KEY)
    late_reads.settle()
    assert not late_reads.cache.status(KEY).failure


def test_a_look_that_began_before_a_refresh_does_not_bring_the_older_list_back(
    late_reads, scripted_lean, clock
):
    late_reads.get()
    store = late_reads.store
    scripted_lean.availability["A"] = DOWN
    clock.now += 1.1
    Process(scripted_lean, clock, store).cache.refresh(KEY)

    def refresh():
        scripted_lean.availability["A"] = UP
        clock.now += 1
        late_reads.cache.refresh(KEY)

    # The first read is for writing back, the second one is for taking over.
    store.meanwhile, store.kind, store.skip = refresh, "banks", 1
    late_reads.get()
    assert store.meanwhile is None
    assert states(late_reads.cache.get(KEY))["A"] == UP


def test_a_failure_with_a_long_text_is_shared(scripted_lean, clock):
    store = OpenStore(clock)
    scripted_lean.failure = UpstreamTimeout("slow " * 1000)
    for _ in range(2):
        with pytest.raises(UpstreamError):
            Process(scripted_lean, clock, store).get()
    assert scripted_lean.calls == 1


def test_a_clock_set_back_does_not_lengthen_the_pause(scripted_lean, clock):
    store = OpenStore(clock)
    scripted_lean.failure = UpstreamTimeout("slow")
    with pytest.raises(UpstreamError):
        Process(scripted_lean, clock, store).get()
    clock.wall_offset -= 600
    restarted = Process(scripted_lean, clock, store)
    assert restarted.cache.status(KEY).retry_in < 10


def test_the_lease_outlives_the_fetch(process, scripted_lean, clock):
    store, held = ScopedStore(process.store, "scope", 100), []

    def fetch_as_long_as_allowed():
        clock.now += BUDGET + 0.5
        with lease(store, KEY, 1) as is_holder:
            held.append(is_holder)

    scripted_lean.while_fetching = fetch_as_long_as_allowed
    process.get()
    assert held == [False]


def test_nobody_waits_twice_the_budget_for_a_process_that_died(scripted_lean, clock):
    budget = 2.0  # seconds, of which a busy machine may take one
    process = Process(scripted_lean, clock, timeout=budget)
    store = ScopedStore(process.store, "scope", 100)
    with lease(store, KEY, 60):
        asked = time.monotonic()
        with pytest.raises(UpstreamTimeout):
            process.cache.get(KEY)
        assert time.monotonic() - asked < 2 * budget
    process.settle()
    assert process.get().banks
