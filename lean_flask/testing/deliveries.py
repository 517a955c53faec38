"""What became of each attempt to deliver an event of the stand-in."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from time import time
from typing import Any

import httpx

#: What is kept; a stand-in that runs for weeks forgets the oldest.
MAX_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to deliver an event.

    :param status: of the host's answer; ``None`` if there was none.
    :param error: why there was none.
    :param at: when it ended, in seconds since the epoch.
    """

    event_id: str
    type: str
    url: str
    status: int | None
    error: str | None
    at: float


class DeliveryLog:
    """Keeps the latest attempts, and which events some host has not answered by 200 so far."""

    def __init__(self) -> None:
        #: The last thousand attempts, the latest last.
        self.deliveries: deque[Delivery] = deque(maxlen=MAX_KEPT)
        #: Events that were sent, and not answered by 200 so far; the last thousand.
        self.unanswered: list[dict[str, Any]] = []
        self._answered: dict[str, set[str]] = {}  # by the id of an event, the addresses
        self._deliveries_lock = threading.Lock()

    def note(
        self,
        event: dict[str, Any],
        url: str,
        answer: httpx.Response | httpx.HTTPError,
        urls: Iterable[str],
    ) -> Delivery:
        """Keep what came of sending *event* to *url*, which is one of *urls*; return it."""
        is_error = isinstance(answer, httpx.HTTPError)
        status = None if isinstance(answer, httpx.HTTPError) else answer.status_code
        error = f"{type(answer).__name__}: {answer}" if is_error else None
        delivery = Delivery(event["event_id"], event["type"], url, status, error, time())
        with self._deliveries_lock:
            self.deliveries.append(delivery)
            answered = self._answered.setdefault(delivery.event_id, set())
            if status != 200:
                if event not in self.unanswered:
                    self.unanswered.append(event)
                if len(self.unanswered) > MAX_KEPT:
                    self._answered.pop(self.unanswered.pop(0)["event_id"], None)
                return delivery
            answered.add(url)
            if answered.issuperset(urls):
                self._answered.pop(delivery.event_id)
                if event in self.unanswered:
                    self.unanswered.remove(event)
        return delivery

    def still_unanswered(self) -> list[dict[str, Any]]:
        """Return the events that are not answered so far."""
        with self._deliveries_lock:
            return list(self.unanswered)

    def missing(self, event: Mapping[str, Any], urls: Iterable[str]) -> list[str]:
        """Return those of *urls* that have not answered *event* by 200."""
        with self._deliveries_lock:
            answered = self._answered.get(event["event_id"], set())
            return [url for url in urls if url not in answered]
