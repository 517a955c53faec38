"""What an event is about: events of one subject are delivered in the order of their arrival."""

from __future__ import annotations

from typing import Any

from ..banks.stores.scoped import digest
from ..upstream.webhook import WebhookEvent

_OF_INTENT = ("intent_id", "payment_intent_id", "bulk_payment_intent_id", "id")
#: By the first part of the type: a kind, and the fields of the payload that may hold the id.
_SUBJECTS = {
    "bank": ("bank", ("identifier",)),
    "banks": ("bank", ("identifier",)),
    "entity": ("entity", ("entity_id", "id")),
    "consent": ("consent", ("consent_id", "id")),
    "payment_source": ("payment source", ("payment_source_id", "id")),
    "payment": ("intent", _OF_INTENT),
    "payment_intent": ("intent", _OF_INTENT),
    "bulk_payment_intent": ("intent", _OF_INTENT),
}


def subject_of(event: WebhookEvent) -> str:
    """Return a digest of the entity, intent, consent, payment source or bank of *event*.

    An event that names none of these is its own subject, so that it waits for no other.
    """
    kind, names = _SUBJECTS.get(event.type.partition(".")[0], ("", ()))
    payload = event.payload if isinstance(event.payload, dict) else {}
    subject = next(filter(None, (_id(payload.get(name)) for name in names)), None)
    return digest(f"{kind} {subject}" if subject else f"event {event.event_id}")


def _id(value: Any) -> str:
    return value.strip().lower() if isinstance(value, str) else ""
