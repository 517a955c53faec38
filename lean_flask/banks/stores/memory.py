"""``memory:`` keeps everything inside one process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from cachetools import TLRUCache

from .base import Change, next_version

_MOST_KEYS = 20_000


class MemoryStore:
    """A store for one process, for tests, and for hosts without a writable instance folder."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._version = 0
        self._values: TLRUCache[str, tuple[bytes, float]] = TLRUCache(
            _MOST_KEYS, ttu=lambda _, value, now: now + value[1], timer=clock
        )

    def version(self) -> int:
        return self._version

    def read(self, key: str) -> bytes | None:
        with self._lock:
            held = self._values.get(key)
            return held[0] if held else None

    def update(self, key: str, change: Change, seconds: float) -> bytes | None:
        with self._lock:
            held = self._values.get(key)
            old = held[0] if held else None
            version = next_version(self._version)
            new = change(old, version)
            if new != old:
                self._version = version
                if new is None:
                    del self._values[key]
                else:
                    self._values[key] = (new, seconds)
            return new
