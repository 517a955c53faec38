"""A store that may fail: while it does, this process goes on by itself."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from .base import Change, Store, StoreError
from .memory import MemoryStore

log = logging.getLogger(__name__)

_PAUSE = 5.0  # seconds between tries of a store that failed
T = TypeVar("T")


class ShelteredStore:
    """Turns every failure of *store* into one log line and a store of the process's own."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._alone = MemoryStore()
        self._clock = clock
        self._try_at = 0.0
        self._lock = threading.Lock()
        self._failing = False

    def version(self) -> int:
        return self._ask(lambda store: store.version())

    def read(self, key: str) -> bytes | None:
        return self._ask(lambda store: store.read(key))

    def update(self, key: str, change: Change, seconds: float) -> bytes | None:
        return self._ask(lambda store: store.update(key, change, seconds))

    def _ask(self, question: Callable[[Store], T]) -> T:
        begun = self._clock()
        if begun < self._try_at:
            return question(self._alone)
        try:
            answer = question(self._store)
        except StoreError as error:
            self._try_at = self._clock() + _PAUSE
            if self._is_news(failing=True):
                log.warning("The store failed, until it works, nothing is shared: %s", error)
            return question(self._alone)
        # An answer to what was asked before the failure says nothing.
        if begun >= self._try_at and self._is_news(failing=False):
            log.info("The store works again")
        return answer

    def _is_news(self, failing: bool) -> bool:
        with self._lock:
            news = failing != self._failing
            self._failing = failing
        return news
