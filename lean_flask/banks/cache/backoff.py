"""Exponential back-off with jitter after a failed refresh, shared between processes."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import NamedTuple

from cachetools import TLRUCache

from ...errors import UpstreamError
from .plausibility import Doubt
from .shared_failures import MAX_REASON, MAX_RETRY_AFTER, RefreshFailure, SharedFailures
from .shared_lists import MAX_LISTS, ListKey

INITIAL_DELAY, MAX_DELAY = 2.0, 60.0  # seconds


class Delay(NamedTuple):
    """The latest failure, and when (monotonic clock) the next attempt may be made."""

    failure: RefreshFailure
    until: float


class Backoff:
    """The delays of all lists.

    :param ttl: seconds that a failure is remembered.
    :param clock: monotonic clock, seconds.
    :param wall_clock: seconds since the epoch.
    """

    def __init__(
        self,
        failures: SharedFailures,
        ttl: float,
        clock: Callable[[], float],
        wall_clock: Callable[[], float],
    ) -> None:
        self._failures = failures
        self._clock = clock
        self._wall_clock = wall_clock
        self._lock = threading.Lock()
        #: Counts changes of the delays, so that a look at the store which began before one of them
        #: does not undo it.
        self._changes = 0
        self._delays: TLRUCache[ListKey, Delay] = TLRUCache(
            MAX_LISTS, ttu=lambda _, __, now: now + ttl, timer=clock
        )

    def failure(self, key: ListKey) -> RefreshFailure | None:
        """Return the failure of the last attempt, even when its delay is over."""
        delay = self._delay(key)
        return delay.failure if delay else None

    def remaining(self, key: ListKey) -> float:
        """Return the seconds until the next attempt may be made."""
        delay = self._delay(key)
        return max(0.0, delay.until - self._clock()) if delay else 0.0

    def record_failure(
        self, key: ListKey, error: UpstreamError, doubt: Doubt | None
    ) -> tuple[int, float]:
        """Delay the next attempt: twice as long as the last time, or as long as Lean asks.

        :returns: failed attempts in a row, and the delay in seconds.
        """
        last = self.failure(key)
        failures = last.failures + 1 if last else 1
        seconds = min(MAX_DELAY, INITIAL_DELAY * 2 ** min(failures - 1, 10))
        seconds *= random.uniform(0.5, 1.5)  # noqa: S311 - jitter, not a secret
        seconds = max(seconds, min(error.retry_after or 0.0, MAX_RETRY_AFTER))
        retry_at = self._wall_clock() + seconds
        reason = str(error)[:MAX_REASON]
        failure = RefreshFailure(failures, retry_at, seconds, reason, doubt, error.permanent)
        self._set_delay(key, failure, seconds)
        self._failures.save(key, failure)
        self._count_change()
        return failures, seconds

    def clear(self, key: ListKey) -> None:
        """Forget the failure, after a refresh that succeeded."""
        with self._lock:
            self._changes += 1
            had_failed = self._delays.pop(key, None)
        if had_failed:
            self._failures.clear(key)
            self._count_change()

    def write_back(self, key: ListKey) -> None:
        """Store the failure in hand, if the store lacks one."""
        failure = self.failure(key)
        if failure:
            self._failures.save_if_missing(key, failure)

    def sync(self, key: ListKey) -> None:
        """Take over the failure, or its end, that another process stored.

        What this process noted meanwhile is newer than what was read. The change of the store that
        goes with it leads to another look.
        """
        changes = self._changes
        failure = self._failures.load(key)
        with self._lock:
            if changes != self._changes:
                return
            known = self._delays.get(key)
            if failure is None:
                self._delays.pop(key, None)
            elif known is None or known.failure != failure:
                seconds = failure.retry_at - self._wall_clock()
                until = self._clock() + min(max(0.0, seconds), failure.delay)
                self._delays[key] = Delay(failure, until)

    def _delay(self, key: ListKey) -> Delay | None:
        with self._lock:
            return self._delays.get(key)

    def _count_change(self) -> None:
        with self._lock:
            self._changes += 1

    def _set_delay(self, key: ListKey, failure: RefreshFailure, seconds: float) -> None:
        with self._lock:
            self._changes += 1
            self._delays[key] = Delay(failure, self._clock() + seconds)
