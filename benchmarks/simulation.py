"""Processes of many machines in one: each with the real bank list and a connection to one Redis.

Their time is simulated, so what is measured does not depend on how fast this machine is: round
trips, bytes, calls of Lean, and seconds until news has arrived.
"""

from __future__ import annotations

import heapq
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
from unittest.mock import patch

from lean_flask.banks.bank import Availability, PurposeFlags
from lean_flask.banks.cache.cache import BankCache
from lean_flask.banks.cache.shared_lists import ListKey
from lean_flask.banks.overrides import new_override
from lean_flask.banks.stores import redis as redis_store
from lean_flask.banks.stores.redis_connection import RedisConnection
from lean_flask.banks.stores.scoped import ScopedStore
from lean_flask.config.settings import load_settings
from lean_flask.events.inbox import Inbox
from lean_flask.events.open_inbox import open_inbox
from lean_flask.testing.data.banks import many_banks

T = TypeVar("T")

KEY = ListKey("PERSONAL")
BANKS = 40
TTL = 300.0  # seconds a list is fresh: the default
BANK = "BANK1_SAU"
OTHER_BANK = "BANK2_SAU"
DOWN = Availability(PurposeFlags(False, False), PurposeFlags(True, True))
#: Seconds between the requests that one process gets: some are busy, some are nearly idle.
GAPS = (0.2, 5.0)
#: For a fetch, of which a thousand threads of one Python wait.
PATIENCE = 120.0
START = 1_800_000_000.0  # seconds since the epoch
SETTINGS = load_settings(
    {},
    overrides={"app_token": "a", "client_secret": "b", "timeout": PATIENCE, "banks_ttl": TTL},
)


class Counting(RedisConnection):
    """Counts round trips, and waits for as long as a busy machine takes."""

    round_trips = 0  # of all processes
    _lock = threading.Lock()

    def __init__(self, url: str) -> None:
        super().__init__(url, PATIENCE)

    def call(self, operation: Callable[[Any], T]) -> T:
        with Counting._lock:
            Counting.round_trips += 1
        return super().call(operation)


class Lean:
    """Answers with a list; counts calls."""

    def __init__(self) -> None:
        self._records = many_banks(BANKS, "sa", "https://cdn.leantech.me")
        self.calls = 0
        #: What a fetch waits for.
        self.before_answer: Callable[[], object] = lambda: None

    def fetch(self, key: ListKey) -> list[Any]:
        self.calls += 1
        self.before_answer()
        return self._records


@dataclass
class Process:
    """One worker of some machine."""

    cache: BankCache
    store: ScopedStore
    connection: Counting
    inbox: Inbox
    gap: float  # seconds between its requests

    def is_down(self) -> bool:
        """Whether an answer of this process says that the bank of the event is down."""
        (bank,) = [one for one in self.cache.get(KEY).banks if one.identifier == BANK]
        return not bank.is_available("data")

    def is_hidden(self) -> bool:
        """Whether this process has what the operator said of the other bank."""
        self.cache.get(KEY)
        return any(one.identifier == OTHER_BANK for one in self.cache.overrides.active().overrides)


class Fleet:
    """*size* processes on the Redis at *url*, their clock, and the requests that they get."""

    def __init__(self, size: int, url: str) -> None:
        self.now = START
        self._begun: float | None = None  # on this machine's clock, while time is real
        self.lean = Lean()
        self._random = random.Random(size)
        self.processes = [self._process(url) for _ in range(size)]

    def _process(self, url: str) -> Process:
        connection = Counting(url)
        redis = redis_store.RedisStore(url, self._clock)
        redis._redis = connection
        store = ScopedStore(redis, "scale", 10 * TTL)
        cache = BankCache(
            SETTINGS, self.lean.fetch, store, clock=self._clock, wall_clock=self._clock
        )
        least, most = GAPS
        gap = least * (most / least) ** self._random.random()
        inbox = open_inbox(url, ".", "scale")
        return Process(cache, store, connection, inbox, gap)

    def _clock(self) -> float:
        return self.now if self._begun is None else self.now + time.monotonic() - self._begun

    def start_together(self) -> None:
        """Let every process get its first request at once, in real time."""
        arrived = threading.Barrier(len(self.processes))

        def begin(process: Process) -> None:
            arrived.wait()
            process.cache.get(KEY)

        threads = [threading.Thread(target=begin, args=(one,)) for one in self.processes]
        self._begun = time.monotonic()
        # A thousand threads of one Python are slow, which processes are not: none may give up.
        with patch.object(redis_store, "CONFLICT_TIMEOUT", PATIENCE):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.settle()
        self.now, self._begun = self._clock(), None

    def requests(self, seconds: float) -> Iterator[Process]:
        """Yield the process of each request of the next *seconds*, at its time.

        What a request begins in the background ends before the next one.
        """
        end = self.now + seconds
        turns = [
            (self.now + process.gap * self._random.random(), number)
            for number, process in enumerate(self.processes)
        ]
        heapq.heapify(turns)
        while turns and turns[0][0] < end:
            self.now, number = turns[0]
            process = self.processes[number]
            yield process
            process.cache.wait_until_idle(PATIENCE)
            heapq.heapreplace(turns, (self.now + process.gap, number))
        self.now = end

    def run(self, seconds: float) -> None:
        """Let each request of the next *seconds* ask for the list."""
        for process in self.requests(seconds):
            process.cache.get(KEY)

    def seconds_of_old_answers(
        self, knows: Callable[[Process], bool], seconds: float
    ) -> list[float]:
        """Return for each process how long after now it gave the last answer without the news."""
        begun, last = self.now, dict.fromkeys(map(id, self.processes), 0.0)
        for process in self.requests(seconds):
            if not knows(process):
                last[id(process)] = self.now - begun
        return list(last.values())

    def take_bank_down(self) -> None:
        """Let one process get the event that a bank is down."""
        self.processes[0].cache.apply_event(BANK, int(self.now * 1e9), DOWN)

    def hide_bank(self) -> None:
        """Let one process get an operator's word on another bank."""
        override = new_override(
            OTHER_BANK,
            "hide",
            purpose=None,
            until=None,
            message=None,
            by="operator",
            why="",
            now=self.now,
        )
        self.processes[-1].cache.overrides.put(override)

    def launch(self) -> None:
        """Write what one customer's launch writes: a value that no list is made of."""
        store = self._random.choice(self.processes).store
        store.update(f"flow:{self._random.random()}", lambda _, version: b"x" * 300, 60)

    def look_for_events(self) -> None:
        """Let every process look once whether it has an event to deliver: there is none."""
        for process in self.processes:
            process.inbox.claim(self.now, 60.0)

    def settle(self) -> None:
        """Wait for all background work."""
        for process in self.processes:
            process.cache.wait_until_idle(PATIENCE)

    def close(self) -> None:
        for process in self.processes:
            process.connection.close()
