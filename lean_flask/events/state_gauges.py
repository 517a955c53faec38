"""Gauges of what the processes share: events in the inbox, and overrides of banks."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from weakref import ReferenceType, ref

from ..banks.catalog import BankCatalog
from ..banks.overrides import ACTIONS
from ..banks.stores.base import StoreError
from ..common.logs import get_logger
from ..common.metric_table import EVENTS, OVERRIDES
from ..common.metrics import Metrics
from ..common.single_flight import SingleFlight
from .inbox import Inbox

log = get_logger(__name__)

INTERVAL = 15.0  # seconds; as often as Prometheus mostly asks
MAX_WAITING = 500  # waiting events that are looked at, for those that failed


class StateGauges:
    """Reads them about every 15 seconds, in the process of whoever asks.

    :param clock: monotonic, seconds.
    """

    def __init__(
        self, metrics: Metrics, inbox: Inbox, catalog: BankCatalog, clock: Callable[[], float]
    ) -> None:
        self._metrics = metrics
        self._inbox = inbox
        self._catalog = catalog
        self._clock = clock
        self._due_at = clock() + INTERVAL
        self._was_read = False
        self._flights = SingleFlight[None]()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def update_if_due(self) -> None:
        """Read them, unless that was done a moment ago. A store that fails leaves them as they are.

        Never raises.
        """
        if not self._was_read or self._is_due():
            self._was_read = True
            self._update()

    def start(self) -> None:
        """Start a thread that reads them, once; it ends with whoever holds this.

        For a process that only takes events: when no other process delivers them, it has to tell.
        """
        if self._thread is not None or not self._metrics.is_on:
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=_keep_up, args=(ref(self),), name="lean-flask-gauges", daemon=True
                )
                self._thread.start()

    def update_in_background(self) -> None:
        """Do the same in a thread: a request does not wait for it."""
        if self._is_due():
            self._flights.start("update", self._update)

    def wait_until_idle(self, timeout: float) -> None:
        """Wait for the thread, for tests.

        :param timeout: seconds.
        """
        self._flights.wait_until_idle(timeout)

    def _is_due(self) -> bool:
        now = self._clock()
        if now < self._due_at:
            return False
        self._due_at = now + INTERVAL * random.uniform(0.9, 1.1)  # noqa: S311 - processes take turns
        return True

    def _update(self) -> None:
        if not self._metrics.is_on:
            return
        with suppress(StoreError):
            counts = self._inbox.counts()
            waiting = counts.get("waiting", 0)
            events = self._inbox.list("waiting", MAX_WAITING) if waiting else []
            failed = sum(event.attempts > 0 and event.error is not None for event in events)
            self._metrics.set(EVENTS, waiting, "waiting")
            self._metrics.set(EVENTS, failed, "failed")
            self._metrics.set(EVENTS, counts.get("dead", 0), "dead")
        overrides = self._catalog.overrides()
        for action in ACTIONS:
            of_action = sum(override.action == action for override in overrides)
            self._metrics.set(OVERRIDES, of_action, action)


def _keep_up(gauges_ref: ReferenceType[StateGauges]) -> None:
    never = threading.Event()
    while (gauges := gauges_ref()) is not None:
        try:
            gauges.update_if_due()
        except Exception:
            log.exception("Reading the state for metrics failed")
        del gauges
        never.wait(INTERVAL / 4)
