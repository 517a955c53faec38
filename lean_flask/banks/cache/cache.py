"""Bank list cache: fresh, stale while it is refreshed, stale while Lean fails.

The terms are those of RFC 9111 and RFC 5861. Ages are measured on the monotonic clock once a list
is in the process, so that a jump of the wall clock cannot change them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from ...common.logs import get_logger
from ...common.metrics import NO_METRICS, Metrics
from ...common.single_flight import SingleFlight
from ...config.settings import Settings
from ...errors import UpstreamError, UpstreamTimeout
from ..bank import Availability, Bank
from ..logos import bank_loader
from ..stores.scoped import ScopedStore
from .backoff import Backoff
from .entries import CacheEntry, CacheResult, CacheStatus, EntryTable
from .lease import lease
from .plausibility import Doubt, ImplausibleList, PlausibilityCheck, check_loss
from .reports import ListReports
from .shared_failures import SharedFailures
from .shared_lists import ListKey, SharedLists, StoredList
from .shared_overrides import SharedOverrides
from .sync import StoreSync

log = get_logger(__name__)

CUSTOMER_TTL = 3600.0  # seconds that a customer's list stays in the store after its TTL
SHORT_WAIT = 0.3  # seconds that a fetch may hold up a request that has a list to serve
LEASE_MARGIN = 1.0  # seconds that a lease outlives the fetch, which can end late on a busy machine
POLL_INTERVAL = 0.05  # least seconds between looks at the store while another process fetches
POLL_SHARE = 0.1  # of the wait so far that may pass between them: many processes wait at a start
MAX_CLOCK_ERROR = 86_400.0  # seconds that Lean's clock and ours may differ
T = TypeVar("T")


class BankCache:
    """Lists by key, kept the same in all processes that share *store*.

    :param fetch: returns the records of one list from Lean, or raises ``UpstreamError``.
    :param on_refreshed: called with each list that was fetched.
    :param on_first_list: called once this process has a list.
    :param clock: monotonic clock, seconds.
    :param wall_clock: seconds since the epoch.
    :param metrics: counts lists and fetches.
    """

    def __init__(
        self,
        settings: Settings,
        fetch: Callable[[ListKey], list[Any]],
        store: ScopedStore,
        on_refreshed: Callable[[ListKey, tuple[Bank, ...]], None] = lambda key, banks: None,
        on_first_list: Callable[[], None] = lambda: None,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        metrics: Metrics = NO_METRICS,
    ) -> None:
        self._reports = ListReports(metrics)
        self._fresh = settings.banks_ttl
        self._stale = self._fresh + settings.banks_stale
        self._stale_if_error = self._fresh + settings.banks_stale_if_error
        self._budget = settings.timeout
        #: Seconds that a request waits for a fetch, of any process, when there is no list to serve.
        self._max_wait = min(1.9 * self._budget, self._budget + 2 * LEASE_MARGIN)
        self._fetch, self._store = fetch, store
        self._on_refreshed, self._on_first_list = on_refreshed, on_first_list
        self._clock, self._wall_clock = clock, wall_clock
        self._flights = SingleFlight[Any](self._reports.joined)
        load = bank_loader(settings)
        self._check = PlausibilityCheck(load)
        self._max_age = max(self._stale, self._stale_if_error)
        customer_ttl = self._fresh + CUSTOMER_TTL
        self._lists = SharedLists(store, load, self._max_age, customer_ttl, wall_clock)
        self._entries = EntryTable(
            self._fresh, self._max_age, clock, wall_clock, self._reports.installed
        )
        self._backoff = Backoff(SharedFailures(store), self._max_age, clock, wall_clock)
        #: What operators say of banks. The lists here are as Lean gave them.
        self.overrides = SharedOverrides(store, wall_clock)
        self._sync = StoreSync(
            store,
            self._entries,
            self._lists,
            self.overrides,
            self._backoff,
            self._flights,
            clock,
            wall_clock,
        )

    def get(self, key: ListKey) -> CacheResult:
        """Return the list of *key*; wait for Lean only when no list may be served.

        For a list older than STALE and within STALE_IF_ERROR, the wait is short.

        :raises UpstreamError: when there is no list and Lean gives none.
        """
        return self._reports.served(key, self._get)

    def _get(self, key: ListKey) -> CacheResult:
        self._sync.note_served(key)
        self._sync.sync()
        result = self._lookup(key) or self._lookup_old(key)
        if result is None:
            if self._single_flight(("load", key), lambda: self._sync.load(key)):
                result = self._lookup(key) or self._lookup_old(key)
            result = result or self._wait_for_fetch(key)
            self._on_first_list()
        return result

    def refresh(self, key: ListKey, accept_loss: bool = False) -> CacheResult:
        """Fetch the list now, whatever its age.

        :param accept_loss: accept the list although it is empty or lost most of its banks.
        :raises UpstreamError: when Lean gives none, or one that is not accepted; the current list
            stays.
        """

        def fetch() -> CacheEntry:
            return self._fetch_with_lease(key, forced=True, accept_loss=accept_loss)

        # A run of its own where the loss is accepted: one that is under way would refuse it.
        entry = self._single_flight((key, "accept") if accept_loss else key, fetch)
        return CacheResult(entry, self._entries.age(entry), "miss")

    def status(self, key: ListKey) -> CacheStatus:
        """Return the state of the current list, without any call to Lean."""
        self._sync.sync()
        entry = self._entries.current(key) or self._sync.load(key)
        age = self._entries.age(entry) if entry else 0.0
        is_usable = entry is not None and age < self._max_age
        return CacheStatus(
            state="empty" if not is_usable else "fresh" if age < self._fresh else "stale",
            banks=entry.banks if entry and is_usable else (),
            age=age,
            failure=self._backoff.failure(key),
            retry_in=self._backoff.remaining(key),
        )

    def apply_event(self, identifier: str, timestamp: int, availability: Availability) -> None:
        """Apply an availability event to every list, in all processes.

        :param timestamp: nanoseconds since the epoch, from Lean's event; 0 if it is unknown. One
            in the future is no better: all later news would seem older.
        """
        is_possible = timestamp / 1e9 < self._wall_clock() + MAX_CLOCK_ERROR
        self._sync.add_event(identifier, timestamp if is_possible else 0, availability)

    def refresh_in_background(self, *keys: ListKey) -> None:
        """Begin to fetch the lists of *keys*, whatever their age.

        Each customer's list is fetched when it is served next.
        """
        self._entries.expire_customers()
        for key in keys:
            self._start_refresh(key, forced=True)

    def wait_until_idle(self, timeout: float) -> None:
        """Wait for the background work of this process, for tests.

        :param timeout: seconds.
        :raises TimeoutError: when it has not ended by then.
        """
        self._flights.wait_until_idle(timeout)

    # --- current lists ----------------------------------------------------------------------

    def _lookup(self, key: ListKey) -> CacheResult | None:
        """Return the list in memory, if its age allows to serve it without waiting."""
        entry = self._entries.current(key)
        if entry is None:
            return None
        age = self._entries.age(entry)
        if age < self._fresh:
            return CacheResult(entry, age, "fresh")
        failure = self._backoff.failure(key)
        if age < (self._stale_if_error if failure else self._stale):
            self._start_refresh(key)
            return CacheResult(entry, age, "stale", failure)
        return None

    def _lookup_old(self, key: ListKey) -> CacheResult | None:
        """Return a list that could be served if Lean failed, after a short wait for a new one."""
        entry = self._entries.current(key)
        if entry is None or self._entries.age(entry) >= self._stale_if_error:
            return None
        self._start_refresh(key)
        self._flights.join(key, SHORT_WAIT)
        result = self._lookup(key)
        if result is None:
            return CacheResult(entry, self._entries.age(entry), "stale", self._backoff.failure(key))
        return result._replace(state="miss") if result.state == "fresh" else result

    def _wait_for_fetch(self, key: ListKey) -> CacheResult:
        """Fetch the list in the background, so that no caller waits longer than it must."""
        try:
            entry = self._flights.run(key, lambda: self._fetch_with_lease(key), self._max_wait)
        except TimeoutError:
            raise UpstreamTimeout("The bank list did not come in time") from None
        return CacheResult(entry, self._entries.age(entry), "miss")

    def _single_flight(self, key: Hashable, work: Callable[[], T]) -> T:
        """Return the result of *work*, or of the run that is under way for *key*."""
        try:
            result: T = self._flights.do(key, work, wait=2 * self._budget + 1)
        except TimeoutError:
            raise UpstreamTimeout("Another request's fetch of the bank list did not end") from None
        return result

    def _start_refresh(self, key: ListKey, forced: bool = False) -> None:
        if self._backoff.remaining(key):
            return

        def refresh() -> CacheEntry:
            try:
                return self._fetch_with_lease(key, forced)
            except UpstreamError:
                raise  # _record_failure() has logged it
            except Exception:
                log.exception("Refreshing the bank list %s failed", key.account_type)
                raise

        self._flights.start(key, refresh)

    # --- fetching ---------------------------------------------------------------------------

    def _fetch_with_lease(
        self, key: ListKey, forced: bool = False, accept_loss: bool = False
    ) -> CacheEntry:
        """Fetch as the only process, or load what the process with the lease fetches."""
        begun = self._clock()
        give_up = begun + 2 * self._budget
        while True:
            with lease(self._store, key, self._budget + LEASE_MARGIN) as is_holder:
                entry = self._load_if_fresh(key, forced)
                if entry:
                    self._reports.taken_over(key)
                    return entry
                if is_holder:
                    return self._fetch_and_share(key, accept_loss)
            if self._clock() > give_up:
                raise UpstreamTimeout("Another process's fetch of the bank list did not end")
            time.sleep(max(POLL_INTERVAL, POLL_SHARE * (self._clock() - begun)))

    def _load_if_fresh(self, key: ListKey, forced: bool) -> CacheEntry | None:
        """Return the list in the store if it is fresh, and the caller does not want another.

        :raises UpstreamError: when an earlier failure delays the next attempt.
        """
        entry = self._sync.load(key)  # what is fetched is compared with it, too
        if forced:
            return None
        if entry and self._entries.age(entry) < self._fresh:
            return entry
        failure, remaining = self._backoff.failure(key), self._backoff.remaining(key)
        if failure and remaining:
            raise UpstreamError(failure.reason, retry_after=remaining, permanent=failure.permanent)
        return None

    def _fetch_and_share(self, key: ListKey, accept_loss: bool) -> CacheEntry:
        version_at_start = self._store.version()
        accepted_version = -1
        before, last = self._entries.current(key), self._backoff.failure(key)
        doubt = last.doubt if last else None
        try:
            banks = self._check.load(self._fetch(key))
            if before:  # a store that lost its data counts anew
                version_at_start = max(version_at_start, before.source.version_at_start + 1)
                accepted_version = before.source.accepted_version
            size = before.source.size if before else 0
            if accept_loss or check_loss(banks, size, doubt, self._wall_clock()):
                accepted_version = version_at_start
        except UpstreamError as error:
            self._record_failure(key, error, doubt)
            raise
        fetched = StoredList(banks, self._wall_clock(), version_at_start, accepted_version)
        self._lists.save(key, fetched)
        self._backoff.clear(key)
        self._sync.load_events()  # other processes may have received some during the fetch
        entry = self._entries.install(key, fetched, is_own=True)
        self._reports.refreshed(key, len(banks), was_in_doubt=doubt is not None)
        self._on_refreshed(key, entry.banks)
        return entry

    def _record_failure(self, key: ListKey, error: UpstreamError, doubt: Doubt | None) -> None:
        """Delay the next attempt, and log why; a doubt is logged when it begins."""
        is_known_doubt = isinstance(error, ImplausibleList) and doubt is not None
        if isinstance(error, ImplausibleList):
            doubt = error.doubt
        failures, seconds = self._backoff.record_failure(key, error, doubt)
        entry = self._entries.current(key)
        age = self._entries.age(entry) if entry else None
        self._reports.failed(key, error, failures, seconds, age, is_known=is_known_doubt)
