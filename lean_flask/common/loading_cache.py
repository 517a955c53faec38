"""Thread-safe LRU cache that creates each missing value once, however many callers ask."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from cachetools import LRUCache

from .single_flight import SingleFlight

T = TypeVar("T")

_MAX_WAIT = 30.0  # seconds that a caller waits for another one's creator


class LoadingCache(Generic[T]):
    """Keep the most recently used values. A key must name all that its value depends on.

    :param max_size: total size of the values kept, in the unit of *size_of*.
    :param size_of: the size of one value; by default each value counts as one.
    """

    def __init__(self, max_size: int, size_of: Callable[[T], int] = lambda value: 1) -> None:
        self._lock = threading.Lock()
        self._values: LRUCache[Hashable, T] = LRUCache(max_size, size_of)
        self._flights = SingleFlight[T]()

    def get_or_create(
        self,
        key: Hashable,
        creator: Callable[[], T],
        should_cache: Callable[[], bool] = lambda: True,
    ) -> T:
        """Return the cached value of *key*, or create it.

        :param creator: makes the value. Its error goes to all callers that wait for it, and is not
            cached.
        :param should_cache: called before *creator*. When it returns false, the value is neither
            cached nor shared with other callers.
        :raises TimeoutError: when another caller's *creator* takes longer than 30 seconds.
        """
        value = self._lookup(key)
        if value is not None:
            return value
        if not should_cache():
            return creator()
        return self._flights.do(
            key, lambda: self._lookup(key) or self._store(key, creator()), _MAX_WAIT
        )

    def _lookup(self, key: Hashable) -> T | None:
        with self._lock:
            try:
                return self._values[key]  # get() looks it up twice, and keys are long
            except KeyError:
                return None

    def _store(self, key: Hashable, value: T) -> T:
        with self._lock:
            if self._values.getsizeof(value) <= self._values.maxsize:
                self._values[key] = value
        return value
