"""Payloads about payments: sources, intents, payments and their reconciliation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from .payload import Payload


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PaymentSourcePayload(Payload):
    """A customer's connection to a bank for payments.

    :param id: the payment source id.
    :param status: such as ``ACTIVE`` or ``AWAITING_BENEFICIARY_COOL_OFF``.
    """

    id: str | None = None
    status: str | None = None
    bank_identifier: str | None = None
    bank_name: str | None = None
    customer_id: str | None = None
    end_user_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BeneficiaryPayload(Payload):
    """Whether one of your accounts can be paid from a payment source.

    :param status: such as ``ACTIVE``.
    """

    id: str | None = None
    status: str | None = None
    customer_id: str | None = None
    end_user_id: str | None = None
    payment_source_id: str | None = None
    payment_destination_id: str | None = None
    payment_source_bank_identifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PaymentIntentPayload(Payload):
    """A payment intent that was created, or that nobody paid in time.

    :param intent_id: the payment intent id.
    :param amount: exact.
    """

    intent_id: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    status: str | None = None
    reason: str | None = None
    metadata: Mapping[str, Any] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PaymentPayload(Payload):
    """A payment. Payouts have the same events: compare ``intent_id`` with your own.

    :param id: the payment id.
    :param intent_id: of the payment intent.
    :param status: such as ``ACCEPTED_BY_BANK``, ``PENDING_WITH_BANK`` or ``FAILED``.
    :param amount: exact.
    """

    id: str | None = None
    intent_id: str | None = None
    status: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    customer_id: str | None = None
    payment_destination_id: str | None = None
    bank_transaction_reference: str | None = None
    reason: str | None = None
    metadata: Mapping[str, Any] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AccountOnFilePaymentPayload(Payload):
    """A payment under a consent that the customer gave before.

    :param amount: exact.
    :param status: such as ``PROCESSED``.
    """

    customer_id: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReconciliationPayload(Payload):
    """Whether the money of a payment has arrived.

    :param status: such as ``RECONCILED``.
    :param amount: exact.
    :param reference: as on the account statement.
    """

    payment_id: str | None = None
    payment_intent_id: str | None = None
    consent_id: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    status: str | None = None
    reference: str | None = None
    payment_description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BulkPaymentIntentPayload(Payload):
    """A bulk payment intent. Lean publishes no example of one: look into ``raw``."""

    id: str | None = None
    bulk_payment_intent_id: str | None = None
    status: str | None = None
