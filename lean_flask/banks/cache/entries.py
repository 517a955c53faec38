"""The bank lists that this process holds in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Literal, NamedTuple

from cachetools import LRUCache

from ..bank import Bank
from .shared_events import Events, apply_events
from .shared_failures import RefreshFailure
from .shared_lists import MAX_LISTS, MAX_VALIDATED, ListKey, StoredList, supersedes

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
    :param on_installed: called with each entry that is new.
    """

    def __init__(
        self,
        fresh: float,
        max_age: float,
        clock: Callable[[], float],
        wall_clock: Callable[[], float],
        on_installed: Callable[[ListKey, CacheEntry], None] = lambda key, entry: None,
    ) -> None:
        self._on_installed = on_installed
        self._fresh = fresh
        self._max_age = max_age
        self._clock = clock
        self._wall_clock = wall_clock
        self._lock = threading.Lock()
        self._events: Events = {}
        #: By the identity of the banks. Lists of the same banks have the same revision, so what is
        #: rendered from one serves for all.
        self._revisions: LRUCache[int, tuple[tuple[Bank, ...], int]] = LRUCache(MAX_VALIDATED)
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

    def install(self, key: ListKey, fetched: StoredList, *, is_own: bool = False) -> CacheEntry:
        """Make *fetched* the entry of *key*, unless the entry there supersedes it.

        The entry that was installed the longest time ago is dropped.

        :param is_own: whether this process fetched it, so that it is the latest.
        """
        age = self._wall_clock() - fetched.fetched_at
        if age < -1:  # the wall clock was set back: the age is unknown, so have it refreshed
            age = self._fresh
        with self._lock:
            before = self.current(key)
            if before and not is_own and supersedes(before.source, fetched):
                return before
            banks = apply_events(fetched, self._events)
            revision = (
                before.revision if before and before.banks == banks else self._revision_of(banks)
            )
            entry = CacheEntry(banks, fetched, self._clock() - max(0.0, age), revision)
            others = [item for item in self._entries.items() if item[0] != key]
            # A new dict, since readers take no lock.
            self._entries = dict([*others[1 - MAX_LISTS :], (key, entry)])
        self._on_installed(key, entry)
        return entry

    def expire_customers(self) -> None:
        """Make each customer's list stale."""
        latest = self._clock() - self._fresh
        with self._lock:
            for key, entry in list(self._entries.items()):
                if key.customer_id and entry.received_at > latest:
                    self._entries[key] = replace(entry, received_at=latest)

    def _revision_of(self, banks: tuple[Bank, ...]) -> int:
        known = self._revisions.get(id(banks))
        if known is None:
            known = self._revisions[id(banks)] = (banks, next(_revisions))
        return known[1]

    def install_events(self, events: Events) -> None:
        """Apply *events* to every entry, where they are later than the events known."""
        with self._lock:
            later = {
                identifier: known
                for identifier, known in self._events.items()
                if identifier not in events or known.is_later_than(events[identifier])
            }
            events = {**events, **later}
            if events == self._events:
                return
            self._events = events
            for key, entry in list(self._entries.items()):
                banks = apply_events(entry.source, events)
                if banks != entry.banks:
                    self._entries[key] = replace(entry, banks=banks, revision=next(_revisions))
