"""A lock that threads get in the order in which they asked for it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class FairLock:
    """Unlike :class:`threading.Lock`, whose holder may take it again before those who wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_held = False
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def held(self, timeout: float) -> Iterator[None]:
        """Hold the lock.

        :param timeout: seconds to wait for it.
        :raises TimeoutError: when those before took longer.
        """
        if not self._acquire(timeout):
            raise TimeoutError(f"Others held the lock for {timeout} s")
        try:
            yield
        finally:
            self._release()

    def _acquire(self, timeout: float) -> bool:
        with self._lock:
            if not self._is_held:
                self._is_held = True
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(timeout):
            return True
        with self._lock:
            if turn.is_set():  # in the last moment
                return True
            self._waiting.remove(turn)
        return False

    def _release(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_held = False
