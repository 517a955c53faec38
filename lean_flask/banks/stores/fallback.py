"""Falls back to process memory while the store is unreachable."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from .base import Store, StoreBusy, StoreError, Updater
from .memory import MemoryStore

log = logging.getLogger(__name__)

RETRY_INTERVAL = 5.0  # seconds between attempts to reach the store
BUSY_LIMIT = 30.0  # seconds after which a store that is always locked counts as unreachable
T = TypeVar("T")


class FallbackStore:
    """Uses *store*, or a store in process memory after an error of *store*.

    :param clock: monotonic clock, seconds.
    :param wall_clock: seconds since the epoch.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._memory = MemoryStore(clock, wall_clock)
        self._clock = clock
        self._retry_at = 0.0
        self._lock = threading.Lock()
        self._is_unreachable = False
        self._busy_since: float | None = None

    def version(self) -> int:
        """Return the version of the store in use."""
        return self._call(lambda store: store.version())

    def read(self, key: str) -> bytes | None:
        """Read *key* from the store in use."""
        return self._call(lambda store: store.read(key))

    def update(self, key: str, updater: Updater, ttl: float) -> bytes | None:
        """Update *key* in the store in use."""
        return self._call(lambda store: store.update(key, updater, ttl))

    def claim(self, key: str, owner: bytes, ttl: float) -> bytes:
        """Claim *key* in the store in use.

        While other processes hold the store's lock, the holder is unknown: ``b""``. Process memory
        does not know what they have claimed.
        """
        return self._call(lambda store: self._claim(store, key, owner, ttl))

    def finish(self, key: str, value: bytes, ttl: float) -> None:
        """Finish *key* in the store in use, and in memory, for the time when there is no other."""
        self._memory.finish(key, value, ttl)
        self._call(lambda store: store.finish(key, value, ttl))

    def release(self, key: str, owner: bytes) -> None:
        """Release *key* wherever it was claimed: the store may have failed or come back since."""
        self._memory.release(key, owner)
        self._call(lambda store: store.release(key, owner))

    def _claim(self, store: Store, key: str, owner: bytes, ttl: float) -> bytes:
        try:
            held = store.claim(key, owner, ttl)
        except StoreBusy as error:
            self._busy_since = self._busy_since or self._clock()
            if self._clock() - self._busy_since > BUSY_LIMIT:
                raise  # a lock that is never given back
            log.info("Store is busy, an event has to be sent again: %s", error)
            return b""
        self._busy_since = None
        return held

    def _call(self, operation: Callable[[Store], T]) -> T:
        started = self._clock()
        if started < self._retry_at:
            return operation(self._memory)
        try:
            result = operation(self._store)
        except StoreError as error:
            self._retry_at = self._clock() + RETRY_INTERVAL
            if self._changes_state(is_unreachable=True):
                log.warning("Store unreachable - falling back to process memory: %s", error)
            return operation(self._memory)
        # Ignore a success that started before the failure: it does not show recovery.
        if started >= self._retry_at and self._changes_state(is_unreachable=False):
            log.info("Store recovered")
        return result

    def _changes_state(self, is_unreachable: bool) -> bool:
        with self._lock:
            has_changed = is_unreachable != self._is_unreachable
            self._is_unreachable = is_unreachable
        return has_changed
