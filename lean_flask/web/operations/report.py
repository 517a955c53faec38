"""What the operations page shows. Nothing in it is of a customer, and Lean is not called for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...banks.bank import Bank
from ...banks.cache.entries import CacheStatus
from ...banks.overrides import Override
from ...banks.sorting import sort_key
from ...banks.stores.base import StoreError
from ...common.types import Language
from ...events.inbox import EventState, KeptEvent
from ...services import Services
from ...upstream.circuit import CircuitStatus

MAX_SHOWN = 20  # events of each kind
#: Waiting events that are looked at. While Redis reads them, it answers nobody else.
MAX_SEARCHED = 1_000
LONG_WAIT = 300.0  # seconds after which an event that waits deserves a look


@dataclass(frozen=True, slots=True)
class Events:
    """The inbox.

    :param waited: seconds that the oldest event has waited.
    :param is_all: whether every waiting event was looked at.
    :param failing: how many of those that wait have failed before.
    :param tried: some of them, the latest first.
    :param dead: some that were given up, the latest first.
    :param risk: how the store could lose events as it is set up.
    """

    counts: Mapping[EventState, int]
    waited: float | None
    is_all: bool
    failing: int
    tried: list[KeptEvent]
    dead: list[KeptEvent]
    risk: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """The state of one blueprint, as this process knows it.

    :param lists: by account type.
    :param circuits: of the calls that this process has made.
    :param is_shared: whether other processes have the same store.
    :param store_failure: why the shared store is not in use.
    :param events: ``None`` where webhooks are off, or the store of events fails.
    :param events_failure: why that store fails.
    :param overrides: the banks that are set by hand.
    :param now: seconds since the epoch.
    """

    lists: Mapping[str, CacheStatus]
    circuits: list[CircuitStatus]
    is_shared: bool
    store_failure: str | None
    events: Events | None
    events_failure: str | None
    overrides: tuple[Override, ...]
    now: float

    @property
    def in_doubt(self) -> bool:
        """Whether Lean gave a list that is not accepted: it is empty, or lost most of its banks."""
        failures = (status.failure for status in self.lists.values())
        return any(failure is not None and failure.doubt is not None for failure in failures)

    def banks(self, language: Language) -> list[Bank]:
        """Return each bank of the lists once, by its name in *language*."""
        known = {bank.identifier: bank for held in self.lists.values() for bank in held.banks}
        return sorted(known.values(), key=lambda bank: sort_key(bank.names[language], language))


def make_report(services: Services) -> Report:
    """Return the state of the blueprint of *services*."""
    now, events, events_failure = services.wall_clock(), None, None
    lists = services.catalog.health()
    if services.settings.webhook_secret:
        try:
            events = _events(services, now)
        except StoreError as error:
            events_failure = str(error)
    overrides = services.catalog.overrides()  # reads the store, so it tells whether that works
    made = (status for status in services.client.circuits() if _was_used(status))
    return Report(
        lists=lists,
        circuits=list(made),
        is_shared=services.store.is_shared,
        store_failure=services.store.failure,
        events=events,
        events_failure=events_failure,
        overrides=overrides,
        now=now,
    )


def _events(services: Services, now: float) -> Events:
    inbox = services.events.inbox
    counts = inbox.counts()
    waiting = inbox.list("waiting", MAX_SEARCHED) if counts.get("waiting") else []
    dead = inbox.list("dead", MAX_SHOWN) if counts.get("dead") else []
    failing = [event for event in waiting if event.error]
    return Events(
        counts,
        max((now - event.waiting_since for event in waiting), default=None),
        len(waiting) < MAX_SEARCHED,
        len(failing),
        failing[:MAX_SHOWN],
        dead,
        inbox.risk(),
    )


def _was_used(status: CircuitStatus) -> bool:
    return status.succeeded_ago is not None or status.failed_ago is not None
