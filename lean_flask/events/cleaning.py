"""Forgets old events about once an hour."""

from __future__ import annotations

from collections.abc import Callable

from .inbox import Inbox

INTERVAL = 3600.0  # seconds


class Cleaner:
    """Purges *inbox*, in any of the threads that ask for it.

    :param keep: seconds that an event is kept after its end.
    :param clock: seconds since the epoch.
    :param random: from 0 to 1; so that the processes take turns.
    """

    def __init__(
        self,
        inbox: Inbox,
        keep: float,
        clock: Callable[[], float],
        random: Callable[[], float],
    ) -> None:
        self._inbox = inbox
        self._keep = keep
        self._clock = clock
        self._random = random
        self._due_at = clock() + INTERVAL * random()

    def run_if_due(self) -> None:
        """Purge the inbox, unless that was done within the last hour.

        :raises StoreError: when the store fails.
        """
        now = self._clock()
        if now >= self._due_at:
            self._due_at = now + INTERVAL * (0.5 + self._random())
            self._inbox.purge(now, self._keep)
