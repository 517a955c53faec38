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
from ..common.types import Method
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

#: For each method of the SDK the fields of its config by which events find its flows. Of those
#: without any no event tells what became of them.
METHOD_FIELDS: Mapping[Method, tuple[str, ...]] = {
    "connect": ("customer_id",),
    "pay": ("payment_intent_id", "bulk_payment_intent_id"),
    "checkout": ("payment_intent_id",),
    "authorizeConsent": ("consent_id",),
    "createPaymentSource": ("customer_id",),
    "updatePaymentSource": ("payment_source_id",),
    "createBeneficiary": ("payment_source_id",),
    "reconnect": ("reconnect_id",),
    "manageConsents": (),  # an event of a consent is about the consent: closing it ends nothing
    "verifyAddress": (),
}
#: What must agree beside such a field: one source pays many destinations.
_COMPANIONS: Mapping[str, str] = {"payment_source_id": "payment_destination_id"}
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


def joins_of(method: Method, config: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys by which events find a flow. They hold digests, and no id of Lean's.

    :param config: that it was launched with: a choice of the customer is in it.
    """
    keys = (_key(name, config.get(name), config) for name in METHOD_FIELDS[method])
    return tuple(key for key in keys if key)


def word_of(event: WebhookEvent, received_at: float) -> tuple[str, BankWord] | None:
    """Return the key of the flows that *event* is about, and what it says; ``None`` for neither.

    :param received_at: seconds since the epoch.
    """
    join, payload = EVENT_JOINS.get(event.type), event.payload
    if join is None or not isinstance(payload, dict):
        return None
    values = [text for key in join.keys if (text := short_text(payload.get(key)))]
    name, verdict = short_text(payload.get(join.id_key)), join.verdict(payload)
    key = _key(join.field, values[0], payload) if values else None
    if key is None or verdict is None:
        return None
    is_payment = join.about == "payment"
    amount, currency = (_money(payload) if is_payment else None) or (None, None)
    word = BankWord(
        about=join.about,
        id=name or "",
        verdict=verdict,
        at=event.nanoseconds,
        received_at=received_at,
        bank=_bank_of(payload),
        reference=short_text(payload.get("bank_transaction_reference")) if is_payment else None,
        amount=amount,
        currency=currency,
    )
    return key, word


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


def _key(field: str, value: Any, fields: Mapping[str, Any]) -> str | None:
    """Return the key of *value*; ``None`` without it, or without what must agree beside it.

    :param fields: that *value* is one of, where *field* has a companion.
    """
    companion = _COMPANIONS.get(field)
    values = [value, *([short_text(fields.get(companion))] if companion else [])]
    if not all(isinstance(part, str) for part in values):
        return None
    return f"join:{field}:{digest(' '.join(part.strip().lower() for part in values))}"
