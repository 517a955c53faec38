"""What is costly to make is made once, by one of those who want it, and kept while it is in use."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from cachetools import LRUCache

from .single_flight import SingleFlight

T = TypeVar("T")

_LONGEST_WAIT = 30.0  # seconds for another caller who makes the same


class Once(Generic[T]):
    """Keeps what was asked for last. A key must name all that its thing depends on.

    :param most: how much is kept, in things, or in the unit of *size*.
    :param size: of one thing.
    """

    def __init__(self, most: int, size: Callable[[T], int] = lambda thing: 1) -> None:
        self._lock = threading.Lock()
        self._held: LRUCache[Hashable, T] = LRUCache(most, size)
        self._flights = SingleFlight[T]()

    def get(
        self, key: Hashable, make: Callable[[], T], keep: Callable[[], bool] = lambda: True
    ) -> T:
        """What *key* names, made by *make* unless it is held.

        :param keep: whether others may be given it; asked before it is made.
        """
        held = self._present(key)
        if held is not None:
            return held
        if not keep():
            return make()
        return self._flights.do(
            key, lambda: self._present(key) or self._made(key, make()), _LONGEST_WAIT
        )

    def _present(self, key: Hashable) -> T | None:
        with self._lock:
            return self._held.get(key)

    def _made(self, key: Hashable, thing: T) -> T:
        with self._lock:
            if self._held.getsizeof(thing) <= self._held.maxsize:
                self._held[key] = thing
        return thing
