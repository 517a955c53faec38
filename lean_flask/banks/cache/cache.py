"""The bank list that is always there: fresh, stale while it is refreshed, stale while Lean fails.

Terms are those of RFC 9111 and RFC 5861. Ages run on the monotonic clock once a list is in the
process, so that a jump of the wall clock can neither expire nor rejuvenate it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Literal, NamedTuple, TypeVar

from ...common.single_flight import SingleFlight
from ...config.settings import Settings
from ...errors import UpstreamError, UpstreamTimeout
from ..bank import Availability, Bank
from .backoff import Backoff
from .plausibility import Answers, Doubtful
from .shared_state import MOST_LISTS, BankList, Events, ListKey, Shared, Trouble

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds between looks at the store's version
_POLL = 0.05  # seconds between looks while another process fetches
_serials = count(1)
T = TypeVar("T")

State = Literal["fresh", "stale", "miss"]


@dataclass(frozen=True, slots=True)
class Held:
    """A list as this process serves it: fetched banks with later events laid over.

    :param born: when Lean gave it, on the monotonic clock.
    :param serial: differs whenever what is served differs; keys whatever is rendered from it.
    """

    banks: tuple[Bank, ...]
    source: BankList
    born: float
    serial: int


class Served(NamedTuple):
    """A list with what HTTP says about it.

    :param age: seconds since Lean gave it.
    :param state: ``fresh``, ``stale``, or ``miss`` for one that was fetched for this caller.
    :param trouble: why it could not be refreshed, if so.
    """

    held: Held
    age: float
    state: State
    trouble: Trouble | None = None

    @property
    def banks(self) -> tuple[Bank, ...]:
        return self.held.banks


class Peek(NamedTuple):
    """How a list is doing: ages and pauses in seconds."""

    state: Literal["fresh", "stale", "empty"]
    banks: tuple[Bank, ...]
    age: float
    trouble: Trouble | None
    retry_in: float


class BankCache:
    """Serves lists by key, and keeps them right in every process that shares the store.

    :param fetch: gets the records of one list from Lean; raises ``UpstreamError``.
    :param on_refreshed: told about each list that was fetched.
    """

    def __init__(
        self,
        settings: Settings,
        fetch: Callable[[ListKey], list[Any]],
        shared: Shared,
        on_refreshed: Callable[[ListKey, tuple[Bank, ...]], None] = lambda key, banks: None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._fresh = settings.banks_ttl
        self._stale = self._fresh + settings.banks_stale
        self._stale_if_error = self._fresh + settings.banks_stale_if_error
        self._budget = settings.timeout
        self._fetch = fetch
        self._shared = shared
        self._on_refreshed = on_refreshed
        self._clock = clock
        self._wall = wall
        self._lock = threading.Lock()
        self._flights = SingleFlight[Any]()
        self._answers = Answers()
        self._events: Events = {}
        self._seen_version = -1
        self._look_at = 0.0
        self._usable = max(self._stale, self._stale_if_error)
        self._backoff = Backoff(shared, self._usable, clock, wall)
        #: The latest one fetched comes last. Read without a lock, by every request.
        self._lists: dict[ListKey, Held] = {}

    def get(self, key: ListKey) -> Served:
        """The list for *key*; waits on Lean only when there is none that may be served.

        :raises UpstreamError: when there is none and Lean gives none.
        """
        self._notice_changes()
        served = self._in_hand(key)
        if served is None and self._fly(("load", key), lambda: self._load(key)):
            served = self._in_hand(key)
        return served or self._from_lean(key)

    def refresh(self, key: ListKey) -> Served:
        """Fetch the list now, whatever its age.

        :raises UpstreamError: when Lean gives none; the list that is held stays.
        """
        held = self._fly(key, lambda: self._fetch_leased(key, forced=True))
        return Served(held, self._clock() - held.born, "miss")

    def peek(self, key: ListKey) -> Peek:
        """The state of the list in hand, without any call to Lean."""
        self._notice_changes()
        held = self._present(key) or self._load(key)
        age = self._clock() - held.born if held else 0.0
        usable = held is not None and age < self._usable
        return Peek(
            state="empty" if not usable else "fresh" if age < self._fresh else "stale",
            banks=held.banks if held and usable else (),
            age=age,
            trouble=self._backoff.trouble(key),
            retry_in=self._backoff.left(key),
        )

    def apply_event(self, identifier: str, timestamp: int, availability: Availability) -> None:
        """Lay an availability event over every list."""
        self._adopt_events(self._shared.add_event(identifier, timestamp, availability))

    def refresh_soon(self, *also: ListKey) -> None:
        """Fetch every list in hand, and those in *also*, in the background, whatever their age."""
        with self._lock:
            keys = {*self._lists, *also}
        for key in keys:
            self._refresh_in_background(key, forced=True)

    # --- the list in hand -------------------------------------------------------------------

    def _present(self, key: ListKey) -> Held | None:
        held = self._lists.get(key)
        return held if held and self._clock() - held.born < self._usable else None

    def _in_hand(self, key: ListKey) -> Served | None:
        """The list in the process, if its age allows it to be served without waiting."""
        held = self._present(key)
        if held is None:
            return None
        age = self._clock() - held.born
        if age < self._fresh:
            return Served(held, age, "fresh")
        trouble = self._backoff.trouble(key)
        if age < (self._stale_if_error if trouble else self._stale):
            self._refresh_in_background(key)
            return Served(held, age, "stale", trouble)
        return None

    def _from_lean(self, key: ListKey) -> Served:
        try:
            held = self._fly(key, lambda: self._fetch_leased(key))
            return Served(held, self._clock() - held.born, "miss")
        except UpstreamError:
            served = self._in_hand(key)  # with the trouble recorded, an older list may do
            if served:
                return served
            raise

    def _fly(self, key: Hashable, work: Callable[[], T]) -> T:
        """What *work* gets, or the run that is under way for *key*."""
        try:
            result: T = self._flights.do(key, work, wait=2 * self._budget + 1)
        except TimeoutError:
            raise UpstreamTimeout("Another request's fetch of the bank list did not end") from None
        return result

    def _refresh_in_background(self, key: ListKey, forced: bool = False) -> None:
        if self._backoff.left(key):
            return

        def refresh() -> Held:
            try:
                return self._fetch_leased(key, forced)
            except UpstreamError:
                raise  # recorded and logged where it happened
            except Exception:
                log.exception("Refreshing the bank list %s failed", key.account_type)
                raise

        self._flights.start(key, refresh)

    def _fail_while_pausing(self, key: ListKey) -> None:
        trouble, left = self._backoff.trouble(key), self._backoff.left(key)
        if trouble and left:
            raise UpstreamError(trouble.reason, retry_after=left)

    # --- fetching ---------------------------------------------------------------------------

    def _fetch_leased(self, key: ListKey, forced: bool = False) -> Held:
        """Fetch as the only one in all processes, or take what the one who does brings."""
        give_up = self._clock() + 2 * self._budget
        while True:
            with self._shared.lease(key, self._budget) as mine:
                held = None if forced else self._brought_by_another(key)
                if held:
                    return held
                if mine:
                    return self._fetch_and_share(key)
            if self._clock() > give_up:
                raise UpstreamTimeout("Another process's fetch of the bank list did not end")
            time.sleep(_POLL)

    def _brought_by_another(self, key: ListKey) -> Held | None:
        held = self._load(key)
        if held and self._clock() - held.born < self._fresh:
            return held
        self._fail_while_pausing(key)
        return None

    def _fetch_and_share(self, key: ListKey) -> Held:
        begun = self._shared.version()
        try:
            banks = self._believable(key, self._fetch(key))
        except UpstreamError as error:
            self._record(key, error)
            raise
        fetched = BankList(banks, self._wall(), begun)
        self._shared.save_list(key, fetched)
        self._backoff.end(key)
        self._adopt_events(self._shared.events())  # some may have come to others meanwhile
        held = self._adopt(key, fetched)
        log.info("Refreshed the bank list %s: %d banks", key.account_type, len(banks))
        self._on_refreshed(key, held.banks)
        return held

    def _believable(self, key: ListKey, records: list[Any]) -> tuple[Bank, ...]:
        held, trouble = self._present(key), self._backoff.trouble(key)
        before = len(held.source.banks) if held else 0
        return self._answers.banks(records, before, trouble.doubt if trouble else None)

    def _record(self, key: ListKey, error: UpstreamError) -> None:
        held, last = self._present(key), self._backoff.trouble(key)
        doubt = error.digest if isinstance(error, Doubtful) else last.doubt if last else None
        failures, seconds = self._backoff.begin(key, error, doubt)
        log.warning(
            "Refreshing the bank list %s failed (%d in a row, next try in %.0f s); "
            "the list in hand is %s: %s",
            key.account_type,
            failures,
            seconds,
            f"{self._clock() - held.born:.0f} s old" if held else "not there",
            error,
        )

    # --- what other processes did -----------------------------------------------------------

    def _notice_changes(self) -> None:
        """Once in a while look at the store in the background: no request waits for it."""
        now = self._clock()
        if now >= self._look_at:
            self._look_at = now + LOOK_EVERY
            self._flights.start("changes", self._take_changes)

    def _take_changes(self) -> None:
        """Read what others wrote, if the store's version says that they did."""
        try:
            version = self._shared.version()
            if version == self._seen_version:
                return
            self._adopt_events(self._shared.merge_events(self._events))
            with self._lock:
                keys = list(self._lists)
            for key in keys:
                self._load(key)
            self._seen_version = version
        except Exception:
            log.exception("Reading the shared bank lists failed")

    def _load(self, key: ListKey) -> Held | None:
        """The list in hand after a look at what the store holds."""
        self._backoff.notice(key)
        held = self._present(key)
        stored = self._shared.bank_list(key, newer_than=held.source.begun if held else -1)
        if stored:
            self._adopt_events(self._shared.events())
            return self._adopt(key, stored)
        return held

    def _adopt(self, key: ListKey, fetched: BankList) -> Held:
        age = self._wall() - fetched.fetched_at
        if age < -1:  # the wall clock was set back: the age is unknown, so have it refreshed
            age = self._fresh
        with self._lock:
            banks = _overlay(fetched, self._events)
            before = self._present(key)
            serial = before.serial if before and before.banks == banks else next(_serials)
            held = Held(banks, fetched, self._clock() - max(0.0, age), serial)
            others = [item for item in self._lists.items() if item[0] != key]
            # A new dict, since readers take no lock.
            self._lists = dict([*others[1 - MOST_LISTS :], (key, held)])
        return held

    def _adopt_events(self, events: Events) -> None:
        with self._lock:
            if events == self._events:
                return
            self._events = events
            for key, held in list(self._lists.items()):
                banks = _overlay(held.source, events)
                if banks != held.banks:
                    self._lists[key] = replace(held, banks=banks, serial=next(_serials))


def _overlay(fetched: BankList, events: Events) -> tuple[Bank, ...]:
    """The fetched banks, with the events that arrived after the fetch began."""
    later = {
        identifier: event.availability
        for identifier, event in events.items()
        if event.version > fetched.begun
    }
    return tuple(
        replace(bank, availability=later[bank.identifier]) if bank.identifier in later else bank
        for bank in fetched.banks
    )
