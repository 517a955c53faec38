"""Falls back to process memory while the store is unreachable."""

from __future__ import annotations

import math
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from ...common.logs import get_logger
from ...common.single_flight import SingleFlight
from .base import Change, Store, StoreError, Updater, update_all
from .memory import MemoryStore
from .scoped import HASH_TAG
from .time_spent import spend

log = get_logger(__name__)

RETRY_INTERVAL = 5.0  # seconds between attempts to reach the store
MAX_RETRY_INTERVAL = 60.0  # seconds, for a store that fails again as soon as it works
PROBE_KEY, PROBE_TTL = f"{HASH_TAG}:probe", 60.0  # seconds
T = TypeVar("T")


class FallbackStore:
    """Uses *store*, or a store in process memory after an error of *store*.

    While it is unreachable no caller waits for it: a thread tries it again.

    :param clock: monotonic clock, seconds.
    :param wall_clock: seconds since the epoch.
    :param budget: seconds of one request after which the store counts as unreachable.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        *,
        budget: float | None = None,
    ) -> None:
        self._store = store
        self._memory = MemoryStore(clock, wall_clock)
        self._clock = clock
        self._budget = budget
        self._interval = RETRY_INTERVAL
        self._retry_at = 0.0
        self._recovered_at = -math.inf
        self._probes = SingleFlight[None]()
        self._lock = threading.Lock()
        self._telling = threading.Lock()
        self._told: bool | None = None  # what *on_change* heard last
        self._is_unreachable = False
        self._reason = ""
        self._on_change: Callable[[bool], None] = lambda is_up: None

    def version(self) -> int:
        """Return the version of the store in use."""
        return self._call(lambda store: store.version())

    def read(self, key: str) -> bytes | None:
        """Read *key* from the store in use."""
        return self._call(lambda store: store.read(key))

    def update(self, key: str, updater: Updater, ttl: float) -> bytes | None:
        """Update *key* in the store in use."""
        return self._call(lambda store: store.update(key, updater, ttl))

    def update_all(self, changes: Sequence[Change]) -> bool:
        """Apply *changes* in the store in use; return whether in one transaction."""
        return self._call(lambda store: update_all(store, changes))

    @property
    def failure(self) -> str | None:
        """Why the store is not in use now, or ``None`` if it is."""
        return self._reason if self._is_unreachable else None

    def watch(self, on_change: Callable[[bool], None]) -> None:
        """Call *on_change* with whether the store is in use, now and whenever that changes."""
        self._on_change, self._told = on_change, None
        self._tell()

    def wait_until_idle(self, timeout: float) -> None:
        """Wait for an attempt to reach the store, for tests.

        :param timeout: seconds.
        """
        self._probes.wait_until_idle(timeout)

    def _call(self, operation: Callable[[Store], T]) -> T:
        if self._is_unreachable:
            if self._clock() >= self._retry_at:
                self._probes.start("probe", self._probe)
            return operation(self._memory)
        started = time.monotonic()
        try:
            result = operation(self._store)
        except StoreError as error:
            self._fail(str(error))
            return operation(self._memory)
        self._spend(time.monotonic() - started)
        return result

    def _spend(self, seconds: float) -> None:
        """Give up a store that is too slow: what it costs is more than what it saves."""
        if self._budget is None:
            return
        spent = spend(seconds)
        if spent > self._budget:
            self._fail(f"it took {spent:.1f} s of one request")

    def _fail(self, reason: str) -> None:
        now = self._clock()
        with self._lock:
            if self._is_unreachable:
                return
            again = now - self._recovered_at < RETRY_INTERVAL
            longer = min(2 * self._interval, MAX_RETRY_INTERVAL)
            self._interval = longer if again else RETRY_INTERVAL
            self._is_unreachable, self._retry_at = True, now + self._interval
            self._reason = reason
        self._tell()
        log.warning("Store unreachable - falling back to process memory: %s", reason)

    def _tell(self) -> None:
        with self._telling:  # of two changes at once, what is said last is what holds
            is_up = not self._is_unreachable
            if is_up is not self._told:
                self._told = is_up
                self._on_change(is_up)

    def _probe(self) -> None:
        """Write and read a value: a store that is full or read-only answers each read."""
        value, started = secrets.token_bytes(16), time.monotonic()
        try:
            self._store.update(PROBE_KEY, lambda old, version: value, PROBE_TTL)
            self._store.read(PROBE_KEY)
        except StoreError:
            self._retry_at = self._clock() + self._interval
            return
        if self._budget is not None and time.monotonic() - started > self._budget:
            self._retry_at = self._clock() + self._interval
            return
        with self._lock:
            self._is_unreachable, self._recovered_at = False, self._clock()
        self._tell()
        log.warning("Store recovered")  # wherever the line of the failure is seen
