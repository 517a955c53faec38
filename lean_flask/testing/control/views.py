"""What each route of the control does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError

from ..api import OPERATIONS
from ..clock import timestamp
from ..deliveries import Delivery
from ..recording import Recorded
from ..stand_in import StandIn
from .bodies import BankBody, ClockBody, EventBody, FaultBody, WebhooksBody
from .fault_kinds import KINDS, arguments_of, make_fault

#: Says to programs that this is no Lean.
STAND_IN = "lean-flask"
ALL = "all"
_HIDDEN = frozenset({"authorization", "cookie", "lean-app-token"})
_HIDDEN_FIELDS = frozenset({"client_secret", "client_assertion"})

View = Callable[..., Any]


def show(fake_lean: StandIn) -> dict[str, Any]:
    """Return the state in short."""
    return {
        "stand_in": STAND_IN,
        "url": fake_lean.url,
        "country": fake_lean.country,
        "clock": _clock(fake_lean),
        "faults": _armed(fake_lean),
        "banks_down": [
            bank["identifier"]
            for bank in fake_lean.banks
            if not all(bank["availability"].get("active", {}).values())
        ],
        "webhooks": _webhooks(fake_lean),
        "requests": fake_lean.counts(),
    }


def list_faults(fake_lean: StandIn) -> dict[str, Any]:
    """Return the faults that are on, and those that there are."""
    return {
        "faults": _armed(fake_lean),
        "operations": list(OPERATIONS),
        "kinds": {name: list(kind.fields) for name, kind in KINDS.items()},
    }


def set_fault(fake_lean: StandIn, operation: str) -> dict[str, Any]:
    """Let an operation, or all of them, go wrong."""
    body = _load(FaultBody())
    for name in _operations(operation):
        fault = make_fault(body["fault"], body["arguments"])
        fake_lean.fault(name, fault, body["times"])
    return list_faults(fake_lean)


def heal(fake_lean: StandIn, operation: str = ALL) -> dict[str, Any]:
    """Let an operation, or all of them, answer as it should."""
    for name in _operations(operation):
        fake_lean.heal(name)
    return list_faults(fake_lean)


def list_banks(fake_lean: StandIn) -> dict[str, Any]:
    """Return each bank's availability."""
    return {"banks": {bank["identifier"]: bank["availability"] for bank in fake_lean.banks}}


def change_bank(fake_lean: StandIn, identifier: str) -> dict[str, Any]:
    """Turn a bank on or off, and send the event unless the body says not to."""
    body = _load(BankBody())
    try:
        event = fake_lean.set_availability(
            identifier, active=body.get("active"), enabled=body.get("enabled")
        )
    except KeyError:
        known = ", ".join(bank["identifier"] for bank in fake_lean.banks)
        raise ValidationError(f"There is no bank {identifier}; it takes {known}.", "bank") from None
    return _sent(fake_lean, event) if body["notify"] else {"event": event, "deliveries": []}


def list_events(fake_lean: StandIn) -> dict[str, Any]:
    """Return the latest events, with what became of each."""
    by_id: dict[str, list[dict[str, Any]]] = {}
    for delivery in list(fake_lean.deliveries):
        by_id.setdefault(delivery.event_id, []).append(_delivery(delivery))
    return {
        "events": [
            {"event": event, "deliveries": by_id.get(event["event_id"], [])}
            for event in list(fake_lean.events)
        ],
        "unanswered": [event["event_id"] for event in fake_lean.still_unanswered()],
    }


def send_event(fake_lean: StandIn) -> dict[str, Any]:
    """Send an event of any type to each address, and return the answers."""
    body = _load(EventBody())
    event = fake_lean.webhook_event(
        body["type"], body["payload"], timestamp=body["timestamp"], event_id=body["event_id"]
    )
    return _sent(fake_lean, event)


def resend_events(fake_lean: StandIn) -> dict[str, Any]:
    """Send again what was not answered."""
    fake_lean.resend()
    return list_events(fake_lean)


def show_webhooks(fake_lean: StandIn) -> dict[str, Any]:
    """Return where events go, and when."""
    return _webhooks(fake_lean)


def change_webhooks(fake_lean: StandIn) -> dict[str, Any]:
    """Change where events go, and when."""
    body = _load(WebhooksBody())
    if "urls" in body:
        fake_lean.webhook_urls = list(dict.fromkeys(body["urls"]))
    if "delay" in body:
        fake_lean.webhook_delay = body["delay"]
    if "minute" in body:
        fake_lean.webhook_minute = body["minute"]
    if "held" in body:
        (fake_lean.hold_webhooks if body["held"] else fake_lean.release_webhooks)()
    return _webhooks(fake_lean)


def show_clock(fake_lean: StandIn) -> dict[str, Any]:
    """Return the time at Lean."""
    return _clock(fake_lean)


def advance(fake_lean: StandIn) -> dict[str, Any]:
    """Move the clock on."""
    seconds = _load(ClockBody())["advance"]
    try:
        fake_lean.advance(seconds)
    except ValueError as error:
        raise ValidationError(str(error), "advance") from None
    return _clock(fake_lean)


def list_requests(fake_lean: StandIn) -> dict[str, Any]:
    """Return what was asked, without credentials."""
    operation = request.args.get("operation")
    if operation is not None:
        _operations(operation)
    shown = [one for one in fake_lean.all_requests() if operation in (None, ALL, one.endpoint)]
    return {"counts": fake_lean.counts(), "requests": [_recorded(one) for one in shown]}


def forget_requests(fake_lean: StandIn) -> dict[str, Any]:
    """Forget what was asked."""
    fake_lean.clear()
    return list_requests(fake_lean)


def reset(fake_lean: StandIn) -> dict[str, Any]:
    """Forget everything but the credentials and where events go."""
    fake_lean.reset()
    return show(fake_lean)


ROUTES: tuple[tuple[str, str, View], ...] = (
    ("GET", "/", show),
    ("GET", "/faults", list_faults),
    ("PUT", "/faults/<operation>", set_fault),
    ("DELETE", "/faults/<operation>", heal),
    ("DELETE", "/faults", heal),
    ("GET", "/banks", list_banks),
    ("PATCH", "/banks/<identifier>", change_bank),
    ("GET", "/events", list_events),
    ("POST", "/events", send_event),
    ("POST", "/events/resend", resend_events),
    ("GET", "/webhooks", show_webhooks),
    ("PATCH", "/webhooks", change_webhooks),
    ("GET", "/clock", show_clock),
    ("POST", "/clock", advance),
    ("GET", "/requests", list_requests),
    ("DELETE", "/requests", forget_requests),
    ("POST", "/reset", reset),
)


def _load(schema: Schema) -> dict[str, Any]:
    content: Any = request.get_json(silent=True)
    if not isinstance(content, dict):
        raise ValidationError(
            "It takes a JSON object, with Content-Type: application/json.", "body"
        )
    loaded: dict[str, Any] = schema.load(content)
    return loaded


def _operations(operation: str) -> tuple[str, ...]:
    if operation == ALL:
        return OPERATIONS
    if operation not in OPERATIONS:
        known = ", ".join([*OPERATIONS, ALL])
        raise ValidationError(f"There is no {operation}; it takes {known}.", "operation")
    return (operation,)


def _armed(fake_lean: StandIn) -> dict[str, Any]:
    return {
        name: {
            "fault": type(armed.fault).__name__,
            "arguments": arguments_of(armed.fault),
            "times": armed.times,
        }
        for name, armed in fake_lean.armed().items()
        if armed.times != 0
    }


def _sent(fake_lean: StandIn, event: dict[str, Any]) -> dict[str, Any]:
    deliveries = fake_lean.send_to_all(event)
    return {"event": event, "deliveries": [_delivery(one) for one in deliveries]}


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {name: asdict(delivery)[name] for name in ("url", "status", "error", "at")}


def _webhooks(fake_lean: StandIn) -> dict[str, Any]:
    return {
        "urls": fake_lean.webhook_urls,
        "delay": fake_lean.webhook_delay,
        "minute": fake_lean.webhook_minute,
        "held": fake_lean.holds_webhooks,
        "unanswered": len(fake_lean.still_unanswered()),
    }


def _clock(fake_lean: StandIn) -> dict[str, Any]:
    return {"now": timestamp(fake_lean.now()), "ahead": fake_lean.ahead.total_seconds()}


def _recorded(recorded: Recorded) -> dict[str, Any]:
    return {
        "operation": recorded.endpoint,
        "method": recorded.method,
        "path": recorded.path,
        "query": recorded.query,
        "headers": {k: v for k, v in recorded.headers.items() if k not in _HIDDEN},
        "form": {k: v for k, v in recorded.form.items() if k not in _HIDDEN_FIELDS},
        "json": recorded.json,
        "at": recorded.at,
    }
