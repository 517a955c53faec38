"""What a customer has linked, asked of Lean and kept for half a minute."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from cachetools import TTLCache

from ..common.logs import get_logger, log_fields
from ..common.single_flight import SingleFlight
from ..errors import UpstreamError
from ..upstream.entities import Entity
from ..upstream.webhook import WebhookEvent

log = get_logger(__name__)

MAX_CUSTOMERS = 1_000
TTL = 30.0  # seconds
WAIT = 0.3  # seconds that a page waits for Lean

Entities = tuple[Entity, ...]


class LinkedBanks:
    """The entities of customers, in the memory of this process.

    :param fetch: returns those of a customer; raises UpstreamError.
    :param clock: monotonic, seconds.
    """

    def __init__(
        self, fetch: Callable[[str], Entities], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._held: TTLCache[str, Entities] = TTLCache(MAX_CUSTOMERS, TTL, timer=clock)
        self._flights = SingleFlight[Entities]()
        #: Customers who are asked for now, unless forgotten since: such an answer is not kept.
        self._loading: set[str] = set()

    def prefetch(self, customer_id: str) -> None:
        """Begin to ask for the customer's entities in the background, unless they are held."""
        if self._get(customer_id) is None:
            self._flights.start(customer_id, lambda: self._load(customer_id))

    def entities(self, customer_id: str) -> Entities:
        """Return the customer's entities; none, if Lean does not say soon. Never raises.

        What comes later is kept for the next page.
        """
        held = self._get(customer_id)
        if held is not None:
            return held
        try:
            return self._flights.run(customer_id, lambda: self._load(customer_id), WAIT)
        except UpstreamError as error:
            if error.tried:  # that Lean is not called for a while, the circuit has said
                log.warning("The linked banks cannot be shown: %s", error, extra=log_fields(error))
        except TimeoutError:
            log.warning("The linked banks cannot be shown: no answer within %.1f s", WAIT)
        return ()

    def forget(self, customer_id: str) -> None:
        """Ask again the next time: the customer may have linked or renewed something."""
        with self._lock:
            self._loading.discard(customer_id.lower())
            self._held.pop(customer_id.lower(), None)

    def hear(self, event: WebhookEvent) -> None:
        """Forget what is held of the customer whose connection *event* is about."""
        if event.type.startswith("entity.") and isinstance(event.payload, dict):
            customer_id = event.payload.get("customer_id")
            if isinstance(customer_id, str):
                self.forget(customer_id)

    def _get(self, customer_id: str) -> Entities | None:
        with self._lock:
            return self._held.get(customer_id.lower())

    def _load(self, customer_id: str) -> Entities:
        key = customer_id.lower()
        with self._lock:
            self._loading.add(key)
        try:
            entities = self._fetch(customer_id)
            with self._lock:
                if key in self._loading:
                    self._held[key] = entities
            return entities
        finally:
            with self._lock:
                self._loading.discard(key)
