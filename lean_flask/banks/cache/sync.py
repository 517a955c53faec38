"""Brings what other processes wrote to the shared store into this process."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from ...common.single_flight import SingleFlight
from ..bank import Availability
from ..stores.scoped import ScopedStore
from .backoff import Backoff
from .entries import CacheEntry, EntryTable
from .shared_events import SharedEvents
from .shared_lists import ListKey, SharedLists

log = logging.getLogger(__name__)

SYNC_INTERVAL = 1.0  # seconds between reads of the store's version
MAX_LAG = 1.5  # seconds after which an idle process reads it before it answers
MAX_WAIT = 0.5  # seconds that requests wait for that; a store may hang


class StoreSync:
    """Read lists, events and failures from the store.

    :param flights: runs the background work.
    :param clock: monotonic clock, seconds.
    """

    def __init__(
        self,
        store: ScopedStore,
        entries: EntryTable,
        lists: SharedLists,
        backoff: Backoff,
        flights: SingleFlight[Any],
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._entries = entries
        self._lists = lists
        self._events = SharedEvents(store)
        self._backoff = backoff
        self._flights = flights
        self._clock = clock
        self._seen_version = -1
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

    def load(self, key: ListKey) -> CacheEntry | None:
        """Return the entry of *key*, after reading a newer list from the store."""
        self._backoff.sync(key)
        entry = self._entries.current(key)
        newer_than = entry.source.version_at_start if entry else -1
        stored = self._lists.load(key, newer_than)
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
        """Read all changes, if the store's version has changed."""
        now = self._clock()
        try:
            version = self._store.version()
            if version == self._seen_version:
                return
            self._entries.install_events(self._events.merge(self._entries.events))
            for key in self._entries.known_keys():
                self.load(key)
            self._seen_version = version
        except Exception:
            log.exception("Reading the shared bank lists failed")
        finally:
            self._synced_at = now
