"""The webhooks of the stand-in: events in Lean's envelope, signed as Lean signs them."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
import time
import uuid
from collections import deque
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

import httpx

from .clock import Clock
from .deliveries import Delivery, DeliveryLog

#: Minutes after the first attempt at which Lean sends an event again that was not answered by 200.
REPEATS_AFTER = (1, 2, 5, 10, 60, 180)


class WebhookSender(Clock, DeliveryLog):
    """Makes, signs and delivers events about Lean's data."""

    def __init__(self) -> None:
        Clock.__init__(self)
        DeliveryLog.__init__(self)
        self.webhook_secret = secrets.token_hex(16)
        #: Where webhooks go when a flow ends in the dialog, each event to all of them.
        self.webhook_urls: list[str] = []
        #: Seconds until an event is sent.
        self.webhook_delay = 0.0
        #: Seconds that stand for a minute of Lean's when an event is sent again. ``None`` leaves it
        #: to :meth:`resend`.
        self.webhook_minute: float | None = None
        #: The last thousand events of flows and of what a test did, the latest last. A test without
        #: a server takes them from here.
        self.events: deque[dict[str, Any]] = deque(maxlen=1000)
        self._held: list[dict[str, Any]] | None = None
        self._events_lock = threading.Lock()

    @property
    def webhook_url(self) -> str | None:
        """The first of :attr:`webhook_urls`. Setting it replaces them; ``None`` sends no more."""
        return self.webhook_urls[0] if self.webhook_urls else None

    @webhook_url.setter
    def webhook_url(self, url: str | None) -> None:
        self.webhook_urls = [url] if url else []

    def webhook_event(
        self,
        type: str,
        payload: Mapping[str, Any],
        *,
        timestamp: str | None = None,
        event_id: str | None = None,
    ) -> dict[str, Any]:
        """Return an event in Lean's envelope."""
        return {
            "type": type,
            "payload": deepcopy(dict(payload)),
            "message": "An event of the stand-in.",
            # Lean writes nine digits of a second.
            "timestamp": timestamp or f"{self.now():%Y-%m-%dT%H:%M:%S.%f}123Z",
            "event_id": event_id or str(uuid.uuid4()),
        }

    def signed(self, event: Mapping[str, Any] | bytes) -> tuple[bytes, dict[str, str]]:
        """Return the raw body of *event*, and the headers that Lean would send with it."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        digest = hmac.new(self.webhook_secret.encode(), body, hashlib.sha512).hexdigest()
        return body, {"Content-Type": "application/json", "lean-signature": f"sha512={digest}"}

    def send_webhook(self, url: str, event: Mapping[str, Any] | bytes) -> httpx.Response:
        """Deliver *event* to *url*, signed."""
        body, headers = self.signed(event)
        is_tls = urlsplit(url).scheme == "https"  # else certificates would be read for nothing
        return httpx.post(url, content=body, headers=headers, timeout=10, verify=is_tls)

    def notify(self, type: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Deliver an event to :attr:`webhook_urls` in the background, if there are any; return it.

        One that is not answered by 200 is sent again.
        """
        event = self.webhook_event(type, payload)
        self.events.append(event)
        with self._events_lock:
            if self._held is not None:
                self._held.append(event)
                return event
        self._deliver_in_background(event)
        return event

    def send_to_all(self, event: dict[str, Any]) -> list[Delivery]:
        """Deliver *event* to each of :attr:`webhook_urls` now; return what came of it.

        Events that are held do not hold this one. One that is not answered by 200 is kept for
        :meth:`resend`.
        """
        self.events.append(event)
        return self._send_to(event, list(self.webhook_urls))

    def hold_webhooks(self) -> None:
        """Send no events of flows until :meth:`release_webhooks`."""
        with self._events_lock:
            self._held = self._held or []

    @property
    def holds_webhooks(self) -> bool:
        """Whether events of flows are held."""
        return self._held is not None

    def release_webhooks(self) -> None:
        """Send the events that were held, and those to come."""
        with self._events_lock:
            held, self._held = self._held or [], None
        for event in held:
            self._deliver_in_background(event)

    def resend(self) -> list[dict[str, Any]]:
        """Send each event again that was not answered by 200; return those that still are not.

        With several addresses it goes to those that did not answer.
        """
        for event in self.still_unanswered():
            self._send_to(event, self.missing(event, self.webhook_urls))
        return self.still_unanswered()

    def _send_to(self, event: dict[str, Any], urls: list[str]) -> list[Delivery]:
        if len(urls) < 2:
            return [self._send(event, url) for url in urls]
        with ThreadPoolExecutor(min(len(urls), 16)) as pool:
            return list(pool.map(lambda url: self._send(event, url), urls))

    def _deliver_in_background(self, event: dict[str, Any]) -> None:
        for url in self.webhook_urls:
            threading.Thread(target=self._deliver, args=(event, url), daemon=True).start()

    def _deliver(self, event: dict[str, Any], url: str) -> None:
        time.sleep(self.webhook_delay)
        since = 0
        for minutes in (0, *REPEATS_AFTER):
            if minutes and self.webhook_minute is None:
                return
            time.sleep((minutes - since) * (self.webhook_minute or 0))
            if self._send(event, url).status == 200:
                return
            since = minutes

    def _send(self, event: dict[str, Any], url: str) -> Delivery:
        try:
            answer: httpx.Response | httpx.HTTPError = self.send_webhook(url, event)
        except httpx.HTTPError as error:
            answer = error
        return self.note(event, url, answer, self.webhook_urls)
