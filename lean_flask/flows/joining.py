"""Which event of Lean is about which flow, and what it says of it.

No event names a flow. It names what the flow is about, and each method has something else:
``docs/events.md`` shows these two tables, and says what cannot be told apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..banks.stores.scoped import digest
from ..common.validators import IDENTIFIER
from ..upstream.webhook import WebhookEvent
from .bank_word import (
    CONSENT_STATUSES,
    LIVE_ENTITY_STATUSES,
    PAYMENT_SOURCE_STATUSES,
    PAYMENT_STATUSES,
    BankWord,
    Subject,
    Verdict,
    short_text,
)
from .flow import Flow

#: For each method of the SDK the fields of its config by which events find its flows.
METHOD_FIELDS: Mapping[str, tuple[str, ...]] = {
    "connect": ("customer_id",),
    "pay": ("payment_intent_id", "bulk_payment_intent_id"),
    "checkout": ("payment_intent_id",),
    "reconnect": ("reconnect_id",),
    "authorizeConsent": ("consent_id",),
    "updatePaymentSource": ("payment_source_id",),
    "createBeneficiary": ("payment_source_id",),
}
_MAX_DIGITS = 15  # before the point, and after it
_CURRENCY = re.compile(r"[A-Z]{3}")
#: The field by which several flows of one customer are found: the bank tells them apart.
CUSTOMER = "customer_id"


@dataclass(frozen=True, slots=True)
class EventJoin:
    """How a type of event finds its flows.

    :param field: of the flow's config.
    :param keys: of the payload, one of them with the value of *field*.
    :param about: what the event's own ``id`` names.
    :param verdict: what its payload says, or ``None``.
    :param id_key: of the payload: names what the event is about.
    """

    field: str
    keys: tuple[str, ...]
    about: Subject
    verdict: Callable[[Mapping[str, Any]], Verdict | None]
    id_key: str = "id"


def _by_status(statuses: Mapping[str, Verdict]) -> Callable[[Mapping[str, Any]], Verdict | None]:
    return lambda payload: statuses.get(short_text(payload.get("status")) or "")


def _entity_verdict(payload: Mapping[str, Any]) -> Verdict | None:
    """Return that the connection holds, unless the entity says that none of its consents does."""
    consents = payload.get("consents")
    known = [
        consent["consent_status"]
        for consent in (consents if isinstance(consents, list) else ())
        if isinstance(consent, dict) and isinstance(consent.get("consent_status"), str)
    ]
    return None if known and LIVE_ENTITY_STATUSES.isdisjoint(known) else "confirmed"


_PAYMENT = EventJoin("payment_intent_id", ("intent_id",), "payment", _by_status(PAYMENT_STATUSES))
_BENEFICIARY = EventJoin(
    "payment_source_id",
    ("payment_source_id",),
    "payment_source",
    _by_status(PAYMENT_SOURCE_STATUSES),
    "payment_source_id",
)
_ENTITY = EventJoin(CUSTOMER, ("customer_id",), "entity", _entity_verdict)
#: Type of event to how it finds its flows. Any other type is about no flow.
EVENT_JOINS: Mapping[str, EventJoin] = {
    "payment.created": _PAYMENT,
    "payment.updated": _PAYMENT,
    "payment_intent.expired": EventJoin(
        "payment_intent_id", ("intent_id",), "intent", lambda _: "failed", "intent_id"
    ),
    # Its payload is not documented: any of these may name the intent.
    "bulk_payment_intent.updated": EventJoin(
        "bulk_payment_intent_id",
        ("bulk_payment_intent_id", "intent_id", "id"),
        "intent",
        _by_status(PAYMENT_STATUSES),
    ),
    "entity.created": _ENTITY,
    "entity.updated": _ENTITY,
    "entity.reconnected": EventJoin(
        "reconnect_id", ("reconnect_id",), "entity", lambda _: "confirmed"
    ),
    "payment_source.created": EventJoin(
        CUSTOMER, ("customer_id",), "payment_source", _by_status(PAYMENT_SOURCE_STATUSES)
    ),
    "payment_source.beneficiary.created": _BENEFICIARY,
    "payment_source.beneficiary.updated": _BENEFICIARY,
    "consent.status.updated": EventJoin(
        "consent_id", ("id",), "consent", _by_status(CONSENT_STATUSES)
    ),
}


def joins_of(flow: Flow) -> tuple[str, ...]:
    """Return the keys by which events find *flow*. They hold digests, and no id of Lean's."""
    values = {name: flow.config.get(name) for name in METHOD_FIELDS.get(flow.method, ())}
    return tuple(_key(name, value) for name, value in values.items() if isinstance(value, str))


def word_of(event: WebhookEvent, received_at: float) -> tuple[str, BankWord] | None:
    """Return the key of the flows that *event* is about, and what it says; ``None`` for neither.

    :param received_at: seconds since the epoch.
    """
    join, payload = EVENT_JOINS.get(event.type), event.payload
    if join is None or not isinstance(payload, dict):
        return None
    values = [text for key in join.keys if (text := short_text(payload.get(key)))]
    name, verdict = short_text(payload.get(join.id_key)), join.verdict(payload)
    if not values or verdict is None:
        return None
    is_payment = join.about == "payment"
    amount, currency = (_money(payload) if is_payment else None) or (None, None)
    word = BankWord(
        about=join.about,
        id=name or values[0],
        verdict=verdict,
        at=event.nanoseconds,
        received_at=received_at,
        bank=_bank_of(payload),
        reference=short_text(payload.get("bank_transaction_reference")) if is_payment else None,
        amount=amount,
        currency=currency,
    )
    return _key(join.field, values[0]), word


def _bank_of(payload: Mapping[str, Any]) -> str | None:
    details = payload.get("bank_details")
    named = details.get("identifier") if isinstance(details, dict) else None
    named = named or payload.get("bank_identifier")
    return named if isinstance(named, str) and IDENTIFIER.fullmatch(named) else None


def _money(payload: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the amount and currency of a payment; ``None`` unless both can be read."""
    amount, currency = payload.get("amount"), payload.get("currency")
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        return None
    if isinstance(amount, bool) or not isinstance(amount, int | float | str | Decimal):
        return None
    text = str(amount)
    try:
        exact = Decimal(text if len(text) <= 20 else "NaN")
    except ArithmeticError:
        return None
    is_readable = exact.is_finite() and exact > 0 and abs(exact.adjusted()) <= _MAX_DIGITS
    return (text, currency) if is_readable else None


def _key(field: str, value: str) -> str:
    return f"join:{field}:{digest(value.strip().lower())}"
