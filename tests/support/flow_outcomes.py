"""Flows of a store in memory, with events of Lean about them at any time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from lean_flask.banks.stores.base import Store
from lean_flask.banks.stores.memory import MemoryStore
from lean_flask.banks.stores.scoped import ScopedStore
from lean_flask.flows.callback import CallbackData
from lean_flask.flows.flow import Flow, make_flow
from lean_flask.flows.flow_state import Outcome
from lean_flask.flows.flow_states import FlowStates
from lean_flask.upstream.webhook import WebhookEvent, nanoseconds

CUSTOMER = "3f1b7a52-6c1d-4e59-9a57-0a5b6f3c2d11"
INTENT = "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01"
BANK = "RJHI_SAU"
START = 1_800_000_000.0  # seconds since the epoch
DAY = 86_400.0
#: A payment source, as an event tells of it.
SOURCE = {"id": "s-1", "customer_id": CUSTOMER, "bank_identifier": BANK, "status": "ACTIVE"}


class Outcomes:
    """What the server keeps of flows. ``now`` is the server's time, which a test moves."""

    def __init__(self, store: Store | None = None) -> None:
        self.now = START
        store = store or MemoryStore(lambda: self.now, lambda: self.now)
        self.store = ScopedStore(store, "test", DAY)
        self.states = FlowStates(self.store, 3_600, 30 * DAY, lambda: self.now)
        #: What the host was told, in order.
        self.told: list[Outcome] = []

    def launch(self, flow: Flow, bank: str | None = BANK) -> Flow:
        self.told += self.states.record_launch(flow, bank)
        return flow

    def report(self, flow: Flow, status: str = "SUCCESS", bank: str | None = None) -> None:
        if self.states.record_report(flow, CallbackData(status, bank_identifier=bank)):
            self.told += self.states.news_of_report(flow.id)

    def hear(self, event: WebhookEvent) -> None:
        self.told += self.states.record_event(event)

    def status(self, flow: Flow) -> str:
        return self.states.outcome(flow.id).status


def connect(**fields: Any) -> Flow:
    fields = {"customer_id": CUSTOMER, "permissions": ["identity"]} | fields
    return make_flow("connect", fields, None)


def pay(**fields: Any) -> Flow:
    return make_flow("pay", {"payment_intent_id": INTENT} | fields, None)


def checkout(**fields: Any) -> Flow:
    return make_flow("checkout", {"payment_intent_id": INTENT} | fields, None)


def other_method(method: str, **config: Any) -> Flow:
    """A flow whose config is not checked, so that its ids can be short."""
    return Flow(id=f"flow-{method}", method=method, config=config)  # type: ignore[arg-type]


def event(type: str, after: float | None = 60, **payload: Any) -> WebhookEvent:
    """An event of Lean, *after* seconds from the start; ``None`` has no time that can be read."""
    time = ""
    if after is not None:
        time = datetime.fromtimestamp(START + after, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "1Z"
    return WebhookEvent(type, payload, "", time, nanoseconds(time), f"{type} {after} {payload}")


def payment(status: str, after: float | None = 60, id: str = "p-1", **more: Any) -> WebhookEvent:
    payload = {"id": id, "intent_id": INTENT, "status": status} | more
    return event("payment.updated", after, **payload)


def entity(
    bank: str | None = BANK, after: float | None = 60, id: str = "e-1", **more: Any
) -> WebhookEvent:
    details = {"bank_details": {"identifier": bank}} if bank else {}
    return event("entity.created", after, **{"id": id, "customer_id": CUSTOMER} | details | more)
