"""``memory:`` stores values in the memory of one process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from cachetools import TLRUCache

from .base import Updater, next_version

MAX_KEYS = 20_000


class MemoryStore:
    """A store for one process, for tests, and for hosts without a writable instance folder.

    :param clock: monotonic clock, seconds.
    :param wall_clock: seconds since the epoch.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._wall_clock = wall_clock
        self._lock = threading.Lock()
        self._version = 0
        self._values: TLRUCache[str, tuple[bytes, float]] = TLRUCache(
            MAX_KEYS, ttu=_expiry, timer=clock
        )

    def version(self) -> int:
        """Return the version of the latest change."""
        return self._version

    def read(self, key: str) -> bytes | None:
        """Return the value of *key*, or ``None``."""
        with self._lock:
            item = self._values.get(key)
            return item[0] if item else None

    def update(self, key: str, updater: Updater, ttl: float) -> bytes | None:
        """Apply *updater* to *key* and return the new value."""
        with self._lock:
            item = self._values.get(key)
            old = item[0] if item else None
            version = next_version(self._version, self._wall_clock())
            new = updater(old, version)
            if new != old:
                self._version = version
                if new is None:
                    del self._values[key]
                else:
                    self._values[key] = (new, ttl)
            return new


def _expiry(_: str, item: tuple[bytes, float], now: float) -> float:
    return now + item[1]
