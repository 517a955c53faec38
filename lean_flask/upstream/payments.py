"""Payment intents and the payments for them, as Lean describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from marshmallow import fields, post_load, pre_load

from ..common.fields import LenientSchema
from ..common.validators import is_currency
from .record_fields import Money, Text, Timestamp
from .records import RecordLoader


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment for an intent.

    :param id: the payment id.
    :param intent_id: of the payment intent.
    :param status: such as ``ACCEPTED_BY_BANK``, ``PENDING_WITH_BANK`` or ``FAILED``; the set is
        open.
    :param amount: exact; ``None`` when Lean does not say.
    :param currency: ISO 4217.
    :param payment_source_id: of the source that paid.
    :param description: for the account statement.
    :param bank_transaction_reference: the bank's, for your reconciliation.
    :param submitted_at: when it was sent to the bank.
    :param initiated_at: when the customer began it.
    :param sender_iban: of the account that paid.
    :param sender_name: of the holder of that account.
    """

    id: str
    intent_id: str = ""
    status: str = ""
    amount: Decimal | None = None
    currency: str = ""
    payment_source_id: str = ""
    description: str = field(default="", repr=False)
    bank_transaction_reference: str = field(default="", repr=False)
    submitted_at: datetime | None = None
    initiated_at: datetime | None = None
    sender_iban: str = field(default="", repr=False)
    sender_name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PaymentIntent:
    """What a customer was asked to pay.

    :param id: the payment intent id.
    :param customer_id: Lean's id of the customer, or ``""``.
    :param amount: exact; ``None`` when Lean does not say.
    :param currency: ISO 4217.
    :param description: for the account statement.
    :param payment_destination_id: Lean's id of who is paid.
    :param payments: empty until the customer begins to pay.
    """

    id: str
    customer_id: str = field(default="", repr=False)
    amount: Decimal | None = None
    currency: str = ""
    description: str = field(default="", repr=False)
    payment_destination_id: str = ""
    payments: tuple[Payment, ...] = ()


class _AccountSchema(LenientSchema):
    iban = Text()
    name = Text()


class _DestinationSchema(LenientSchema):
    id = Text()


class _PaymentSchema(LenientSchema):
    id = fields.UUID(required=True)
    intent_id = Text(data_key="payment_intent_id")
    status = Text()
    amount = Money()
    currency = fields.String(validate=is_currency)
    payment_source_id = Text()
    description = Text()
    bank_transaction_reference = Text()
    submitted_at = Timestamp(data_key="submission_timestamp")
    initiated_at = Timestamp(data_key="initiation_timestamp")
    sender_details = fields.Nested(_AccountSchema)

    @pre_load
    def _same_names(self, data: Any, **_: Any) -> Any:
        """Take ``intent_id``, as Lean's events call it, too."""
        if isinstance(data, Mapping) and "payment_intent_id" not in data and "intent_id" in data:
            return {**data, "payment_intent_id": data["intent_id"]}
        return data

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Payment:
        sender = data.pop("sender_details", {})
        known = {f"sender_{name}": text for name, text in sender.items()}
        return Payment(**data | known | {"id": str(data["id"])})


class PaymentIntentSchema(LenientSchema):
    """Load one of Lean's payment intents."""

    id = fields.UUID(required=True, data_key="payment_intent_id")
    customer_id = Text()
    amount = Money()
    currency = fields.String(validate=is_currency)
    description = Text()
    payment_destination = fields.Nested(_DestinationSchema)
    payment_destination_id = Text()
    payments = fields.List(fields.Nested(_PaymentSchema))

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> PaymentIntent:
        destination = data.pop("payment_destination", {}).get("id")
        known = {"payment_destination_id": destination} if destination else {}
        payments = tuple(data.get("payments", ()))
        return PaymentIntent(**data | known | {"id": str(data["id"]), "payments": payments})


intent_loader = RecordLoader[PaymentIntent](
    "payment intent", PaymentIntentSchema(), frozenset({"payment_intent_id"})
)
