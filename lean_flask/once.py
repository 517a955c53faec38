"""What is costly to make is made once and kept while it is in use."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from cachetools import LRUCache

T = TypeVar("T")


class Once(Generic[T]):
    """Keeps the *most* things asked for last. A key must name all that its thing depends on."""

    def __init__(self, most: int) -> None:
        self._lock = threading.Lock()
        self._held: LRUCache[Hashable, T] = LRUCache(most)

    def get(
        self, key: Hashable, make: Callable[[], T], keep: Callable[[], bool] = lambda: True
    ) -> T:
        """What *key* names. Two callers at once may both make it, and either will do.

        :param keep: asked, once it is made, whether others may be given it.
        """
        with self._lock:
            thing = self._held.get(key)
        if thing is None:
            thing = make()
            if keep():
                with self._lock:
                    self._held[key] = thing
        return thing
