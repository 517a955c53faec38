"""The webhooks of the stand-in: events in Lean's envelope, signed as Lean signs them."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import uuid
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from time import time
from typing import Any

import httpx

from .state import LeanState


class WebhookSender(LeanState):
    """Makes, signs and delivers events about Lean's data."""

    def __init__(self, country: str, port: int) -> None:
        super().__init__(country, port)
        #: Where webhooks go when a flow ends in the dialog; none are sent while it is ``None``.
        self.webhook_url: str | None = None

    def set_availability(
        self,
        identifier: str,
        *,
        active: Mapping[str, bool] | None = None,
        enabled: Mapping[str, bool] | None = None,
    ) -> dict[str, Any]:
        """Change a bank in the list; return the event that Lean would send for it."""
        availability = self.bank(identifier)["availability"]
        for part, change in (("active", active), ("enabled", enabled)):
            availability[part] = {**availability.get(part, {}), **(change or {})}
        payload = {"identifier": identifier, "availability": deepcopy(availability)}
        return self.webhook_event("bank.availability.updated", payload)

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
            "payload": dict(payload),
            "message": "An event of the stand-in.",
            "timestamp": timestamp or _now(),
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
        return httpx.post(url, content=body, headers=headers, timeout=10)

    def notify(self, type: str, payload: Mapping[str, Any]) -> None:
        """Deliver an event to :attr:`webhook_url` in the background, if there is one."""
        if self.webhook_url:
            arguments = (self.webhook_url, self.webhook_event(type, payload))
            threading.Thread(target=self.send_webhook, args=arguments, daemon=True).start()


def _now() -> str:
    """Return the time with nine fraction digits, as Lean writes it."""
    return datetime.fromtimestamp(time(), UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "123Z"
