"""The deliveries that are under way in this process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from .delivery import Delivery

SLOW_AFTER = 30.0  # seconds; a delivery that takes longer makes room for another one
ABANDONED_AFTER = 600.0  # seconds
MAX_RUNNING = 64  # deliveries, slow ones too


@dataclass(slots=True, eq=False)
class Run:
    """A delivery and its times, in seconds of a monotonic clock.

    :param renewed: when its lease began.
    """

    delivery: Delivery
    started: float
    renewed: float
    is_known_as_slow: bool = False
    is_abandoned: bool = False


class Running:
    """Counts what runs.

    :param limit: deliveries at once, without the slow ones.
    :param clock: monotonic, seconds.
    """

    def __init__(self, limit: int, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._changed = threading.Condition()
        self._runs: list[Run] = []

    def add(self, delivery: Delivery) -> Run:
        """Count *delivery*, which begins now."""
        now = self._clock()
        run = Run(delivery, started=now, renewed=now)
        with self._changed:
            self._runs.append(run)
        return run

    def remove(self, run: Run) -> None:
        """Count *run* no more."""
        with self._changed:
            self._runs.remove(run)
            self._changed.notify_all()

    def all(self) -> list[Run]:
        """Return what runs now."""
        with self._changed:
            return list(self._runs)

    def has_room(self) -> bool:
        """Return whether one more may begin."""
        now = self._clock()
        runs = self.all()
        quick = [run for run in runs if now - run.started <= SLOW_AFTER]
        return len(quick) < self._limit and len(runs) < MAX_RUNNING

    def is_full(self) -> bool:
        """Return whether slow deliveries alone leave no room."""
        return len(self.all()) >= MAX_RUNNING

    def wait_until_idle(self, timeout: float | None) -> bool:
        """Wait until nothing runs; return false after *timeout* seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._runs, timeout)
