"""The payload of each type of event that Lean documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..banks.bank import Availability
from .payload import Payload
from .payload_connections import (
    ConsentPayload,
    DataRefreshPayload,
    EntityPayload,
    EntityReconnectedPayload,
    ResultsPayload,
)
from .payload_payments import (
    AccountOnFilePaymentPayload,
    BeneficiaryPayload,
    BulkPaymentIntentPayload,
    PaymentIntentPayload,
    PaymentPayload,
    PaymentSourcePayload,
    ReconciliationPayload,
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BankAvailabilityPayload(Payload):
    """A bank that works again or no longer, or that is new.

    :param identifier: as in the bank list.
    :param availability: all its flags.
    """

    identifier: str | None = None
    availability: Availability | None = None


#: By event type. Lean's own documents spell two of them in two ways.
PAYLOADS: Final[Mapping[str, type[Payload]]] = {
    "entity.created": EntityPayload,
    "entity.updated": EntityPayload,
    "entity.reconnected": EntityReconnectedPayload,
    "entity.data.refresh.updated": DataRefreshPayload,
    "results.ready": ResultsPayload,
    "consent.status.updated": ConsentPayload,
    "payment_source.created": PaymentSourcePayload,
    "payment_source.updated": PaymentSourcePayload,
    "payment_source.beneficiary.created": BeneficiaryPayload,
    "payment_source.beneficiary.updated": BeneficiaryPayload,
    "payment_intent.created": PaymentIntentPayload,
    "payment_intent.expired": PaymentIntentPayload,
    "payment.created": PaymentPayload,
    "payment.updated": PaymentPayload,
    "payment.transaction": PaymentPayload,
    "payment.account-on-file.updated": AccountOnFilePaymentPayload,
    "payment.account_on_file.updated": AccountOnFilePaymentPayload,
    "payment.reconciliation.updated": ReconciliationPayload,
    "bulk_payment_intent.created": BulkPaymentIntentPayload,
    "bulk_payment_intent.updated": BulkPaymentIntentPayload,
    "bank.availability.updated": BankAvailabilityPayload,
    "banks.availability.updated": BankAvailabilityPayload,
    "bank.availability.new": BankAvailabilityPayload,
}
