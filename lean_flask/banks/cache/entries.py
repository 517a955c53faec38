"""The bank lists that this process holds in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Literal, NamedTuple

from ..bank import Bank
from .shared_events import Events, apply_events
from .shared_failures import RefreshFailure
from .shared_lists import MAX_LISTS, ListKey, StoredList

State = Literal["fresh", "stale", "miss"]

_revisions = count(1)


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """A list as this process serves it: fetched banks with later events applied.

    :param received_at: when Lean gave it, on the monotonic clock.
    :param revision: changes whenever the banks do; part of the key of what is rendered from them.
    """

    banks: tuple[Bank, ...]
    source: StoredList
    received_at: float
    revision: int


class CacheResult(NamedTuple):
    """An entry, and what the HTTP cache headers say about it.

    :param age: seconds since Lean gave it.
    :param state: ``fresh``, ``stale``, or ``miss`` for one that was fetched for this caller.
    :param failure: why it could not be refreshed, if so.
    """

    entry: CacheEntry
    age: float
    state: State
    failure: RefreshFailure | None = None

    @property
    def banks(self) -> tuple[Bank, ...]:
        """The banks of the entry."""
        return self.entry.banks


class CacheStatus(NamedTuple):
    """The state of a list, for health checks.

    :param age: seconds since Lean gave it.
    :param retry_in: seconds until the next attempt after a failure.
    """

    state: Literal["fresh", "stale", "empty"]
    banks: tuple[Bank, ...]
    age: float
    failure: RefreshFailure | None
    retry_in: float


class EntryTable:
    """Entries by key. Reading takes no lock, since every request reads.

    :param fresh: age in seconds of a list whose true age is unknown.
    :param max_age: seconds after which an entry counts as missing.
    :param clock: monotonic clock, seconds.
    :param wall_clock: seconds since the epoch.
    """

    def __init__(
        self,
        fresh: float,
        max_age: float,
        clock: Callable[[], float],
        wall_clock: Callable[[], float],
    ) -> None:
        self._fresh = fresh
        self._max_age = max_age
        self._clock = clock
        self._wall_clock = wall_clock
        self._lock = threading.Lock()
        self._events: Events = {}
        #: The latest one installed comes last.
        self._entries: dict[ListKey, CacheEntry] = {}

    @property
    def events(self) -> Events:
        """The availability events that this process knows."""
        return self._events

    def known_keys(self) -> list[ListKey]:
        """Return the keys of all entries, however old."""
        with self._lock:
            return list(self._entries)

    def current(self, key: ListKey) -> CacheEntry | None:
        """Return the entry of *key*, unless it is older than the maximum age."""
        entry = self._entries.get(key)
        return entry if entry and self.age(entry) < self._max_age else None

    def age(self, entry: CacheEntry) -> float:
        """Return the seconds since Lean gave *entry*."""
        return self._clock() - entry.received_at

    def install(self, key: ListKey, fetched: StoredList) -> CacheEntry:
        """Make *fetched* the entry of *key*, and drop the entry installed the longest time ago."""
        age = self._wall_clock() - fetched.fetched_at
        if age < -1:  # the wall clock was set back: the age is unknown, so have it refreshed
            age = self._fresh
        with self._lock:
            banks = apply_events(fetched, self._events)
            before = self.current(key)
            revision = before.revision if before and before.banks == banks else next(_revisions)
            entry = CacheEntry(banks, fetched, self._clock() - max(0.0, age), revision)
            others = [item for item in self._entries.items() if item[0] != key]
            # A new dict, since readers take no lock.
            self._entries = dict([*others[1 - MAX_LISTS :], (key, entry)])
        return entry

    def install_events(self, events: Events) -> None:
        """Apply *events* to every entry."""
        with self._lock:
            if events == self._events:
                return
            self._events = events
            for key, entry in list(self._entries.items()):
                banks = apply_events(entry.source, events)
                if banks != entry.banks:
                    self._entries[key] = replace(entry, banks=banks, revision=next(_revisions))
