"""``FakeLean``: Lean's API, SDK and webhooks on this machine, under the test's control."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
import uuid
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import time
from typing import Any

import httpx
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from .data.banks import load_banks
from .faults import Fault
from .recording import Recorded

_POLL = 0.005  # seconds between looks at whether to stop; a stop waits for the next


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """The stand-in keeps its own record."""


class FakeLean:
    """Stands in for Lean over real HTTP: OAuth, Banks API, customers, loader script, webhooks.

    Use it as a context manager, or call :meth:`start` and :meth:`stop`; a stopped one refuses
    connections, and starts again on the same port with all it knew.

    :param country: ``sa`` or ``ae``: whose banks it lists.
    :param port: 0 picks a free one.
    """

    def __init__(self, country: str = "sa", port: int = 0) -> None:
        self.country = country
        self.port = port
        self.app_token = str(uuid.uuid4())
        self.client_secret = secrets.token_hex(16)
        self.webhook_secret = secrets.token_hex(16)
        self.token_seconds = 3599
        #: Where webhooks go when a flow ends in the dialog; none are sent while it is ``None``.
        self.webhook_url: str | None = None
        self.banks: list[dict[str, Any]] = []
        #: Customer id to what Lean knows of the customer.
        self.customers: dict[str, dict[str, Any]] = {}
        self.payment_sources: dict[str, list[dict[str, Any]]] = {}
        self.intents: dict[str, dict[str, Any]] = {}
        #: Calls of the SDK's methods: ``{"method": …, "config": …}``, in order.
        self.launches: list[dict[str, Any]] = []
        self.requests: list[Recorded] = []
        self.live_tokens: set[str] = set()
        self._faults: dict[str, _Armed] = {}
        self._lock = threading.Lock()
        self._server: BaseWSGIServer | None = None

    # --- life -------------------------------------------------------------------------------

    def __enter__(self) -> FakeLean:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """Whether it listens."""
        return self._server is not None

    @property
    def url(self) -> str:
        """Its address, on this machine alone."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen. The first start picks the port and writes the bank list."""
        from .server import make_app

        if self._server:
            return
        self._server = make_server(
            "127.0.0.1", self.port, make_app(self), threaded=True, request_handler=_Quiet
        )
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self.port = self._server.server_port
        if not self.banks:
            self.banks = load_banks(self.country, self.url)
        threading.Thread(target=self._server.serve_forever, args=(_POLL,), daemon=True).start()

    def stop(self) -> None:
        """Refuse connections from now on; whatever a fault holds is let go."""
        if self._server is None:
            return
        self.heal()
        self._server.shutdown()
        self._server.server_close()
        self._server = None

    def settings(self) -> dict[str, Any]:
        """Keyword settings for a ``LeanBlueprint`` on this stand-in."""
        return {
            "app_token": self.app_token,
            "client_secret": self.client_secret,
            "webhook_secret": self.webhook_secret,
            "country": self.country,
            "sandbox": True,
            "api_url": self.url,
            "auth_url": f"{self.url}/oauth2/token",
            "loader_url": (
                f"{self.url}/link/loader/prod/{self.country}/latest/lean-link-loader.min.js"
            ),
        }

    # --- what it was asked ------------------------------------------------------------------

    def record(self, request: Recorded) -> None:
        with self._lock:
            self.requests.append(request)

    def count(self, endpoint: str) -> int:
        """How often an endpoint was asked: ``token``, ``banks``, ``customers``, ``intents``, …"""
        with self._lock:
            return sum(request.endpoint == endpoint for request in self.requests)

    def clear(self) -> None:
        """Forget what it was asked."""
        with self._lock:
            self.requests.clear()
            self.launches.clear()

    # --- going wrong ------------------------------------------------------------------------

    def fault(self, endpoint: str, fault: Fault, times: int | None = None) -> None:
        """Let *endpoint* go wrong, *times* times or until :meth:`heal`."""
        self.heal(endpoint)
        self._faults[endpoint] = _Armed(fault, times)

    def heal(self, endpoint: str | None = None) -> None:
        """Let *endpoint*, or all, answer as they should."""
        for name in [endpoint] if endpoint else list(self._faults):
            armed = self._faults.pop(name, None)
            if armed:
                armed.over.set()

    def take_fault(self, endpoint: str) -> _Armed | None:
        with self._lock:
            armed = self._faults.get(endpoint)
            if armed is None or armed.times == 0:
                return None
            if armed.times is not None:
                armed.times -= 1
            return armed

    def revoke_tokens(self) -> None:
        """Answer 401 to every token issued so far."""
        self.live_tokens.clear()

    def rotate_secret(self) -> None:
        """Take a new client secret, as the dashboard does; the former one is refused."""
        self.client_secret = secrets.token_hex(16)

    # --- what it knows ----------------------------------------------------------------------

    def bank(self, identifier: str) -> dict[str, Any]:
        """The record of a bank, to be changed in place.

        :raises KeyError: when there is none.
        """
        for bank in self.banks:
            if bank["identifier"] == identifier:
                return bank
        raise KeyError(identifier)

    def add_customer(self, app_user_id: str) -> str:
        """The id of a customer, who is made unless known."""
        for customer_id, customer in self.customers.items():
            if customer["app_user_id"] == app_user_id:
                return customer_id
        customer_id = str(uuid.uuid4())
        self.customers[customer_id] = {"customer_id": customer_id, "app_user_id": app_user_id}
        return customer_id

    def add_payment_source(
        self,
        customer_id: str,
        bank_identifier: str,
        *,
        iban: str | None = None,
        beneficiary_status: str = "ACTIVE",
        payment_destination_id: str | None = None,
    ) -> dict[str, Any]:
        """Give a customer an account to pay from; the payment source, in Lean's shape."""
        number = f"{secrets.randbelow(10**12):012d}"
        expiry = datetime.now(UTC).isoformat()
        currency, prefix = ("AED", "AE07033") if self.country == "ae" else ("SAR", "SA0380000")
        source: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "customer_id": customer_id,
            "app_id": self.app_token,
            "bank_identifier": bank_identifier,
            "status": beneficiary_status,
            "beneficiary_cool_off_expiry": expiry,
            "beneficiaries": [
                {
                    "id": str(uuid.uuid4()),
                    "payment_destination_id": payment_destination_id or str(uuid.uuid4()),
                    "status": beneficiary_status,
                    "bank_identifier": bank_identifier,
                    "beneficiary_cool_off_expiry": expiry,
                }
            ],
            "accounts": [
                {
                    "id": str(uuid.uuid4()),
                    "account_id": str(uuid.uuid4()),
                    "account_name": "Current account",
                    "account_number": number,
                    "iban": iban or f"{prefix}{number}",
                    "currency": currency,
                }
            ],
        }
        self.payment_sources.setdefault(customer_id, []).append(source)
        return source

    # --- webhooks ---------------------------------------------------------------------------

    def set_availability(
        self,
        identifier: str,
        *,
        active: Mapping[str, bool] | None = None,
        enabled: Mapping[str, bool] | None = None,
    ) -> dict[str, Any]:
        """Flip a bank in the list; the event that Lean would send for it."""
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
        """An event in Lean's envelope."""
        return {
            "type": type,
            "payload": dict(payload),
            "message": "An event of the stand-in.",
            "timestamp": timestamp or _now(),
            "event_id": event_id or str(uuid.uuid4()),
        }

    def signed(self, event: Mapping[str, Any] | bytes) -> tuple[bytes, dict[str, str]]:
        """The raw body of *event*, and the headers that Lean would send with it."""
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


@dataclass
class _Armed:
    """A fault at an endpoint, and how often it still strikes."""

    fault: Fault
    times: int | None
    over: threading.Event = field(default_factory=threading.Event)


def _now() -> str:
    """Lean writes more fraction digits than a microsecond has."""
    return datetime.fromtimestamp(time(), UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "123Z"
