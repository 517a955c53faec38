"""Brings what other processes wrote to the shared store into this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ...common.logs import get_logger
from ...common.single_flight import SingleFlight
from ..bank import Availability
from ..stores.scoped import ScopedStore
from .backoff import Backoff
from .entries import CacheEntry, EntryTable
from .shared_events import SharedEvents
from .shared_lists import ListKey, SharedLists
from .shared_overrides import SharedOverrides

log = get_logger(__name__)

SYNC_INTERVAL = 1.0  # seconds between reads of the store's version
MAX_LAG = 1.5  # seconds after which an idle process reads it before it answers
MAX_WAIT = 0.5  # seconds that requests wait for that; a store may hang


class StoreSync:
    """Read lists, events, overrides and failures from the store.

    :param flights: runs the background work.
    :param clock: monotonic clock, seconds.
    :param wall_clock: seconds since the epoch.
    """

    def __init__(
        self,
        store: ScopedStore,
        entries: EntryTable,
        lists: SharedLists,
        overrides: SharedOverrides,
        backoff: Backoff,
        flights: SingleFlight[Any],
        clock: Callable[[], float],
        wall_clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._entries = entries
        self._lists = lists
        self._overrides = overrides
        self._events = SharedEvents(store)
        self._backoff = backoff
        self._flights = flights
        self._clock = clock
        self._wall_clock = wall_clock
        self._seen_version = -1
        #: The lists that were served since the last look.
        self._served: set[ListKey] = set()
        self._next_sync = 0.0
        #: When the last look began that has ended.
        self._synced_at = clock()

    def sync(self) -> None:
        """Begin to read changes, once per interval. A busy process does not wait for the store.

        One that was idle waits, but not for long: its lists may be older than promised.
        """
        now = self._clock()
        is_idle = now - self._synced_at > MAX_LAG
        if now >= self._next_sync:
            self._flights.start("sync", self._sync)
            self._next_sync = now + SYNC_INTERVAL  # last, so that whoever skips this can join
        if is_idle:
            self._flights.join("sync", MAX_WAIT)

    def note_served(self, key: ListKey) -> None:
        """Keep the list of *key* up to date. A customer's list that nobody asks for is not read."""
        self._served.add(key)

    def load(self, key: ListKey) -> CacheEntry | None:
        """Return the entry of *key*, after reading a newer list from the store."""
        self._backoff.sync(key)
        entry = self._entries.current(key)
        stored = self._lists.load(key, entry.source if entry else None)
        if stored is None:
            return entry
        self.load_events()
        return self._entries.install(key, stored)

    def load_events(self) -> None:
        """Apply the events in the store to the entries."""
        self._entries.install_events(self._events.load())

    def add_event(self, identifier: str, timestamp: int, availability: Availability) -> None:
        """Store an availability event and apply it to the entries."""
        self._entries.install_events(self._events.add(identifier, timestamp, availability))

    def _sync(self) -> None:
        """Read all changes, if the store's version has changed; write back what it has lost."""
        now = self._clock()
        try:
            version = self._store.version()
            served, self._served = self._served, set()
            known = self._entries.known_keys()
            common = [key for key in known if not key.customer_id]
            if version != self._seen_version or self._events.are_lost(self._entries.events):
                self._entries.install_events(self._events.merge(self._entries.events))
            if version != self._seen_version or self._overrides.are_lost():
                self._overrides.sync()
            for key in common:
                self._write_back(key)
            if version != self._seen_version:
                for key in served.intersection(known).union(common):
                    self.load(key)
            self._seen_version = version
        except Exception:
            log.exception("Reading the shared bank lists failed")
        finally:
            self._synced_at = now

    def _write_back(self, key: ListKey) -> None:
        """Store the list in hand if the store lacks it, and why it could not be refreshed.

        A store can lose its data: restarted, emptied, failed over, a file deleted, keys evicted.
        """
        entry = self._entries.current(key)
        if entry is None:
            return
        fetched_at = self._wall_clock() - self._entries.age(entry)
        if self._lists.write_back(key, replace(entry.source, fetched_at=fetched_at)):
            self._backoff.write_back(key)
            log.info("The store lacked the bank list %s: written back", key.account_type)
