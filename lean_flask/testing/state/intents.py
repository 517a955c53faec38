"""The stand-in's payment intents, and the payments for them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from ..clock import timestamp
from .base import BaseState, chosen

_EVENT_FIELDS = (
    "id",
    "intent_id",
    "status",
    "amount",
    "currency",
    "customer_id",
    "bank_transaction_reference",
)


class IntentState(BaseState):
    """The payment intents by id, and their payments."""

    def __init__(self, country: str, port: int) -> None:
        super().__init__(country, port)
        self.intents: dict[str, dict[str, Any]] = {}
        #: Payment intent id to the payments for it, the latest last.
        self.payments: dict[str, list[dict[str, Any]]] = {}
        #: Status of a payment that a customer makes; with ``PENDING_WITH_BANK`` it stays undecided.
        self.payment_status = "ACCEPTED_BY_BANK"

    def add_intent(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Create a payment intent; return it."""
        intent_id = str(uuid.uuid4())
        self.intents[intent_id] = {**fields, "payment_intent_id": intent_id}
        self.payments.setdefault(intent_id, [])
        return self.intents[intent_id]

    def add_payment(
        self, intent_id: str, *, payment_source_id: str | None = None
    ) -> dict[str, Any]:
        """Pay for an intent; return the payment."""
        intent = self.intents.get(intent_id, {})
        payment = {
            "id": str(uuid.uuid4()),
            "intent_id": intent_id,
            "status": self.payment_status,
            "amount": intent.get("amount"),
            "currency": intent.get("currency"),
            "customer_id": intent.get("customer_id"),
            "bank_transaction_reference": f"payment-{uuid.uuid4()}",
            "payment_source_id": payment_source_id,
            "description": intent.get("description") or intent_id.replace("-", ""),
            "created_at": timestamp(self.now()),
        }
        self.payments.setdefault(intent_id, []).append(payment)
        return payment

    def pay(self, intent_id: str) -> dict[str, Any]:
        """Let a customer pay for an intent, and send the event; return the payment."""
        payment = self.add_payment(intent_id)
        self.notify("payment.created", chosen(payment, _EVENT_FIELDS))
        return payment

    def settle_payment(self, intent_id: str, status: str = "ACCEPTED_BY_BANK") -> dict[str, Any]:
        """Give the latest payment of an intent another status, and notify; return the event.

        :raises LookupError: when nobody has paid for the intent.
        """
        payment = self.payments[intent_id][-1]
        payment["status"] = status
        return self.notify("payment.updated", chosen(payment, _EVENT_FIELDS))

    def intent_record(self, intent_id: str) -> dict[str, Any]:
        """Return an intent with its payments, as the Payments API gives it.

        :raises KeyError: when there is none.
        """
        payments = [payment_record(payment) for payment in self.payments.get(intent_id, [])]
        return self.intents[intent_id] | {"payments": payments}


def payment_record(payment: Mapping[str, Any]) -> dict[str, Any]:
    """Return a payment for an intent as the Payments API gives it."""
    nobody = {
        "account_number": "000000000000",
        "iban": "SA0380000000000000000000",
        "name": "Nobody",
    }
    fields = ("id", "payment_source_id", "amount", "currency", "description", "status")
    return {
        **chosen(payment, fields),
        "payment_intent_id": payment["intent_id"],
        "sender_details": nobody,
        "recipient_details": nobody,
        "submission_timestamp": payment["created_at"],
        "initiation_timestamp": payment["created_at"],
        "bank_transaction_reference": payment["bank_transaction_reference"],
    }
