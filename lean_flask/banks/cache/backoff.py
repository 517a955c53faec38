"""After a refresh that failed: why, and how long nobody tries again."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import NamedTuple

from cachetools import TLRUCache

from ...errors import UpstreamError
from .shared_state import MOST_LISTS, ListKey, Shared, Trouble

_FIRST, _LONGEST = 2.0, 60.0  # seconds
_LONGEST_RETRY_AFTER = 3600.0


class Pause(NamedTuple):
    """The latest trouble, and until when (monotonic) no attempt is made because of it."""

    trouble: Trouble
    until: float


class Backoff:
    """The pauses of all lists; the processes that share the store make them together.

    :param keep: seconds after which a trouble is of no interest.
    """

    def __init__(
        self,
        shared: Shared,
        keep: float,
        clock: Callable[[], float],
        wall: Callable[[], float],
    ) -> None:
        self._shared = shared
        self._clock = clock
        self._wall = wall
        self._lock = threading.Lock()
        self._pauses: TLRUCache[ListKey, Pause] = TLRUCache(
            MOST_LISTS, ttu=lambda _, __, now: now + keep, timer=clock
        )

    def trouble(self, key: ListKey) -> Trouble | None:
        """What the last attempt met, even when its pause is over."""
        pause = self._pause(key)
        return pause.trouble if pause else None

    def left(self, key: ListKey) -> float:
        """Seconds until the next attempt."""
        pause = self._pause(key)
        return max(0.0, pause.until - self._clock()) if pause else 0.0

    def begin(self, key: ListKey, error: UpstreamError, doubt: str | None) -> tuple[int, float]:
        """Pause twice as long as the last time, with jitter, or as long as Lean asks.

        :returns: how many attempts have failed in a row, and the pause in seconds.
        """
        last = self.trouble(key)
        failures = last.failures + 1 if last else 1
        seconds = min(_LONGEST, _FIRST * 2 ** min(failures - 1, 10))
        seconds *= random.uniform(0.5, 1.5)  # noqa: S311 - spreads load, guards nothing
        seconds = max(seconds, min(error.retry_after or 0.0, _LONGEST_RETRY_AFTER))
        trouble = Trouble(failures, self._wall() + seconds, str(error), doubt)
        self._hold_off(key, trouble, seconds)
        self._shared.save_trouble(key, trouble)
        return failures, seconds

    def end(self, key: ListKey) -> None:
        """The list came."""
        with self._lock:
            had_trouble = self._pauses.pop(key, None)
        if had_trouble:
            self._shared.save_trouble(key, None)

    def notice(self, key: ListKey) -> None:
        """Take over what another process met, or that it met nothing."""
        trouble = self._shared.trouble(key)
        if trouble is None:
            with self._lock:
                self._pauses.pop(key, None)
        elif trouble != self.trouble(key):
            left = trouble.retry_at - self._wall()
            self._hold_off(key, trouble, min(max(0.0, left), _LONGEST_RETRY_AFTER))

    def _pause(self, key: ListKey) -> Pause | None:
        with self._lock:
            return self._pauses.get(key)

    def _hold_off(self, key: ListKey, trouble: Trouble, seconds: float) -> None:
        with self._lock:
            self._pauses[key] = Pause(trouble, self._clock() + seconds)
