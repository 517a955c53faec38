"""Whatever the order of fetches, failures, webhooks and time: never too old, never contradicted."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from lean_flask.banks.stores.memory import MemoryStore
from lean_flask.errors import UpstreamError, UpstreamTimeout
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
    states,
)

BANKS = ("A", "B", "C")


class CacheModel(RuleBasedStateMachine):
    """Two processes on one store. The model is what Lean said last, and when."""

    undelivered = Bundle("undelivered")

    @initialize()
    def begin(self) -> None:
        self.clock = Clock()
        self.scripted_lean = ScriptedLean(*BANKS)
        store = MemoryStore(self.clock.monotonic)
        self.processes = [Process(self.scripted_lean, self.clock, store) for _ in range(2)]
        self.scripted_lean.while_fetching = self.note_fetch
        self.arrive_during_fetch: list[tuple[str, int, object]] = []
        self.fetched_at: float | None = None
        #: bank to (timestamp, availability) of the newest event that no later fetch overruled
        self.newest: dict[str, tuple[int, object]] = {}
        self.seen: dict[str, int] = {}
        #: A clock set back makes what another process wrote look younger, by as much.
        self.set_back = 0.0

    def note_fetch(self) -> None:
        """A fetch has read Lean's state; what arrives from here on is news to it."""
        if self.scripted_lean.failure:
            return
        self.fetched_at = self.clock.now
        self.newest.clear()
        while self.arrive_during_fetch:
            self.deliver_to(0, *self.arrive_during_fetch.pop())

    def deliver_to(self, process: int, bank: str, timestamp: int, state: object) -> None:
        self.processes[process].cache.apply_event(bank, timestamp, state)
        if timestamp > self.seen.get(bank, 0):
            self.seen[bank] = timestamp
            self.newest[bank] = (timestamp, state)

    @rule(seconds=st.sampled_from([0.5, 2, 30, FRESH + 1, STALE + 1, STALE_IF_ERROR + 1]))
    def time_passes(self, seconds: float) -> None:
        self.clock.now += seconds

    @rule(jump=st.sampled_from([-3600.0, 3600.0]))
    def the_wall_clock_jumps(self, jump: float) -> None:
        self.clock.wall_offset += jump
        self.set_back += max(0.0, -jump)

    @rule()
    def lean_fails(self) -> None:
        self.scripted_lean.failure = UpstreamTimeout("down")

    @rule()
    def lean_recovers(self) -> None:
        self.scripted_lean.failure = None

    @rule(target=undelivered, bank=st.sampled_from(BANKS), state=st.sampled_from([UP, DOWN]))
    def lean_changes_a_bank(self, bank: str, state: object) -> tuple[str, int, object]:
        self.scripted_lean.availability[bank] = state
        return bank, next_timestamp(), state

    @rule(event=undelivered, process=st.integers(0, 1))
    def an_event_arrives(self, event: tuple[str, int, object], process: int) -> None:
        self.deliver_to(process, *event)

    @rule(event=undelivered)
    def an_event_will_arrive_during_the_next_fetch(self, event: tuple[str, int, object]) -> None:
        self.arrive_during_fetch.append(event)

    @rule(process=st.integers(0, 1))
    def a_customer_looks(self, process: int) -> None:
        worker = self.processes[process]
        self.clock.now += 1.1  # so that the process looks at the store
        worker.settle()
        try:
            worker.get()
            result = worker.cache.get(KEY)
        except UpstreamError:
            return
        assert result.age < FRESH + STALE_IF_ERROR
        assert self.fetched_at is not None
        assert result.age >= self.clock.now - self.fetched_at - self.set_back - 0.001
        if result.state == "stale" and not result.failure:
            assert result.age < FRESH + STALE
        for bank, (_, state) in self.newest.items():
            assert states(result)[bank] == state

    @invariant()
    def everything_comes_to_rest(self) -> None:
        for process in getattr(self, "processes", []):
            process.settle()


TestCacheModel = CacheModel.TestCase
TestCacheModel.settings = settings(stateful_step_count=30)
