"""Keeps the events of one blueprint and delivers them, in one process."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any, Literal

from ..banks.stores.base import StoreError
from ..common.logs import get_logger
from ..common.metric_table import WEBHOOKS
from ..common.metrics import NO_METRICS, Metrics
from ..config.settings import Settings
from ..upstream.webhook import WebhookEvent, parse_event
from .arrival import new_event
from .calls import Calls
from .cleaning import Cleaner
from .delivery import Delivery, DeliveryTools
from .inbox import Claim, Inbox, KeptEvent
from .inline import deliver_inline
from .sealed import Seal
from .workers import DeliveryWorkers

log = get_logger(__name__)

#: ``kept``: it will be delivered; ``done``: it is; ``failed``: a receiver raised;
#: ``held``: another request is delivering it, or one before it.
Taken = Literal["kept", "done", "failed", "held"]


class EventService:
    """What routes and commands do with events.

    :param seal: returns what encrypts; it raises ConfigurationError without a ``SECRET_KEY``.
    :param calls: the receivers.
    :param app_context: makes the context in which one receiver is called.
    :param clock: monotonic, seconds.
    :param wall_clock: seconds since the epoch.
    :param metrics: counts webhooks and deliveries.
    :param on_step: called about once a second by the thread that looks for events.
    """

    def __init__(
        self,
        inbox: Inbox,
        seal: Callable[[], Seal],
        calls: Calls,
        settings: Settings,
        app_context: Callable[[], AbstractContextManager[Any]],
        *,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        metrics: Metrics = NO_METRICS,
        on_step: Callable[[], None] = lambda: None,
    ) -> None:
        self.inbox = inbox
        self.seal = seal
        self.keep = settings.events_keep
        self._is_on = bool(settings.webhook_secret)
        self._clock = clock
        self._wall_clock = wall_clock
        #: Who delivers: ``background``, ``worker`` or ``inline``.
        self.delivery = settings.webhook_delivery if inbox.is_durable else "inline"
        if settings.webhook_delivery == "worker" != self.delivery:
            log.warning(
                "Webhooks are delivered before they are answered: no other process can read "
                "events in the memory of this one"
            )
        self._tools = DeliveryTools(
            inbox,
            lambda sealed: seal().open(sealed),
            calls.of,
            app_context,
            wall_clock,
            random.random,
            metrics,
        )
        self._metrics = metrics
        self._on_step = on_step
        self._cleaner = Cleaner(inbox, self.keep, wall_clock, random.random)
        self.workers = self.make_workers(8)

    def never_start(self) -> None:
        """Let :meth:`start` do nothing: this process is a command, and ends soon."""
        self._is_on = False

    def start(self) -> None:
        """Start the threads of this process, if it is to have them, once."""
        if self._is_on and self.delivery == "background":
            self.workers.start()

    def make_workers(self, limit: int) -> DeliveryWorkers:
        """Return workers that were not started, for *limit* deliveries at once."""
        return DeliveryWorkers(
            self.inbox,
            self._begin,
            self._cleaner,
            limit=limit,
            clock=self._clock,
            wall_clock=self._wall_clock,
            random=random.random,
            on_step=self._on_step,
        )

    def take(self, event: WebhookEvent, body: bytes) -> Taken:
        """Keep *event*, which came in *body*, unless it is known; deliver it if that is inline.

        :raises StoreError: when it could not be kept, or not be noted as delivered.
        :raises ConfigurationError: when there is no key to encrypt it with.
        """
        taken, is_new = self._take(event, body)
        is_repeat = not is_new and taken in {"kept", "done"}
        self._metrics.count(WEBHOOKS, "repeat" if is_repeat else taken)
        return taken

    def _take(self, event: WebhookEvent, body: bytes) -> tuple[Taken, bool]:
        new = new_event(event, self.seal().seal(body), self._wall_clock(), self.keep)
        is_new = self.inbox.add(new)
        if self.delivery != "inline":
            if is_new:
                self.workers.wake()
            return "kept", is_new
        known = None if is_new else self.inbox.get(new.id)
        if not is_new and (known is None or known.state != "waiting"):
            return "done", is_new
        taken = deliver_inline(self.inbox, new.id, new.subject, self._begin, self._wall_clock)
        with suppress(StoreError):  # it is done or not, whether old events go now or later
            self._cleaner.run_if_due()
        return taken, is_new

    def deliver_again(self, event_id: str) -> Taken | None:
        """Put an event back, and deliver it at once if delivery is inline; ``None`` if unknown.

        All receivers are called again.

        :raises StoreError: when the store fails.
        """
        event = self.inbox.get(event_id)
        if event is None or not self.inbox.retry(event_id, self._wall_clock()):
            return None
        if self.delivery != "inline":
            self.workers.wake()
            return "kept"
        return deliver_inline(self.inbox, event_id, event.subject, self._begin, self._wall_clock)

    def open(self, event: KeptEvent) -> WebhookEvent:
        """Decrypt *event*.

        :raises SealError: when its key is gone.
        """
        return parse_event(self.seal().open(event.body or b""))

    def _begin(self, claim: Claim) -> Delivery:
        return Delivery(self._tools, claim)
