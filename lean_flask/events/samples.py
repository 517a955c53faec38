"""An example of each type of event that Lean documents, with made-up values.

``flask lean trigger`` sends them, and the tests read them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

_CUSTOMER: Final = "5b0f2c7e-8c1a-4c59-9d0e-3f6a1d2b4c01"
_SOURCE: Final = "5b0f2c7e-8c1a-4c59-9d0e-3f6a1d2b4c02"
_DESTINATION: Final = "5b0f2c7e-8c1a-4c59-9d0e-3f6a1d2b4c03"
_USER: Final = {"customer_id": _CUSTOMER, "app_user_id": "user-1"}
_BANK: Final = "LEA1_SAMAOB_SAU"

Sample = Callable[[], dict[str, Any]]


def _id() -> str:
    return str(uuid.uuid4())


def _entity() -> dict[str, Any]:
    return {
        "id": _id(),
        **_USER,
        "permissions": ["identity", "accounts", "balance", "transactions"],
        "bank_details": {
            "identifier": _BANK,
            "name": "Example Bank",
            "logo": "https://cdn.leantech.me/img/banks/white-lean.png",
            "main_color": "#1b7a5a",
            "background_color": "#ffffff",
            "swift_code": "EXAMSARI",
            "account_type": "PERSONAL",
            "bank_type": "RETAIL",
        },
    }


def _data_refresh() -> dict[str, Any]:
    account = {"account_id": _id(), "balance": "OK", "transactions": "OK", "identity": "OK"}
    return {
        "entity_id": _id(),
        "refresh_id": _id(),
        **_USER,
        "status": "FINISHED",
        "data_status": {"accounts": "OK", "identity": "OK", "account_data": [account]},
    }


def _consent() -> dict[str, Any]:
    return {
        "id": _id(),
        "customer_id": _CUSTOMER,
        "status": "AUTHORISED",
        "consent_type": "PAYMENT",
        "account_id": _id(),
    }


def _payment_source() -> dict[str, Any]:
    return {
        "id": _id(),
        "status": "ACTIVE",
        "bank_identifier": _BANK,
        "bank_name": "Example Bank",
        "customer_id": _CUSTOMER,
        "end_user_id": _id(),
    }


def _beneficiary() -> dict[str, Any]:
    return {
        "id": _id(),
        "status": "ACTIVE",
        "customer_id": _CUSTOMER,
        "end_user_id": _id(),
        "payment_source_id": _SOURCE,
        "payment_destination_id": _DESTINATION,
        "payment_source_bank_identifier": _BANK,
    }


def _payment_intent(status: str) -> Sample:
    return lambda: {
        "intent_id": _id(),
        "amount": 250.5,
        "currency": "SAR",
        "status": status,
        "reason": "Order 1001",
        "metadata": {"order": "1001"},
    }


def _payment() -> dict[str, Any]:
    return {
        "id": _id(),
        "intent_id": _id(),
        "status": "ACCEPTED_BY_BANK",
        "amount": 250.5,
        "currency": "SAR",
        "customer_id": _CUSTOMER,
        "payment_destination_id": _DESTINATION,
        "bank_transaction_reference": f"payment-{_id()}",
        "reason": "Order 1001",
        "metadata": {"order": "1001"},
    }


def _account_on_file_payment() -> dict[str, Any]:
    amount = {"amount": 250.5, "currency": "SAR"}
    return {"customer_id": _CUSTOMER, "amount": amount, "status": "PROCESSED"}


def _reconciliation() -> dict[str, Any]:
    return {
        "payment_id": _id(),
        "payment_intent_id": _id(),
        "consent_id": _id(),
        "amount": 250.5,
        "currency": "SAR",
        "status": "RECONCILED",
        "reference": f"payment-{_id()}",
        "payment_description": "Order 1001",
    }


def _bulk_payment_intent(status: str) -> Sample:
    return lambda: {"id": _id(), "bulk_payment_intent_id": _id(), "status": status}


def _availability() -> dict[str, Any]:
    on = {"payments": True, "data": True}
    return {"identifier": _BANK, "availability": {"active": dict(on), "enabled": on}}


_SAMPLES: Final[Mapping[str, tuple[Sample, str]]] = {
    "entity.created": (_entity, "An entity object has been created."),
    "entity.updated": (_entity, "An entity object has been updated."),
    "entity.reconnected": (
        lambda: {"id": _id(), "reconnect_id": _id(), **_USER},
        "An entity has been reconnected.",
    ),
    "entity.data.refresh.updated": (
        _data_refresh,
        "An entity data refresh state has been updated.",
    ),
    "results.ready": (lambda: {"id": _id()}, "Your results are ready."),
    "consent.status.updated": (_consent, "The status of a consent has been updated."),
    "payment_source.created": (_payment_source, "A payment source was created."),
    "payment_source.updated": (_payment_source, "A payment source was updated."),
    "payment_source.beneficiary.created": (_beneficiary, "A beneficiary was added."),
    "payment_source.beneficiary.updated": (_beneficiary, "A beneficiary was updated."),
    "payment_intent.created": (_payment_intent("INTENT_CREATED"), "Payment intent created"),
    "payment_intent.expired": (_payment_intent("EXPIRED"), "Payment intent expired"),
    "payment.created": (_payment, "A payment object has been created."),
    "payment.updated": (_payment, "A payment object has been updated."),
    "payment.transaction": (_payment, "A payment transaction has been updated."),
    "payment.account-on-file.updated": (_account_on_file_payment, "A payment has been updated."),
    "payment.account_on_file.updated": (_account_on_file_payment, "A payment has been updated."),
    "payment.reconciliation.updated": (
        _reconciliation,
        "A payment's reconciliation object has been updated.",
    ),
    "bulk_payment_intent.created": (_bulk_payment_intent("CREATED"), "Bulk intent created"),
    "bulk_payment_intent.updated": (_bulk_payment_intent("UPDATED"), "Bulk intent updated"),
    "bank.availability.updated": (_availability, "A bank's availability has been updated."),
    "banks.availability.updated": (_availability, "A bank's availability has been updated."),
    "bank.availability.new": (_availability, "A bank is new."),
}
SAMPLE_TYPES: Final = tuple(_SAMPLES)


def sample_event(type: str) -> dict[str, Any]:
    """Return an event of *type* in Lean's envelope, with fresh ids and the time of now.

    :raises KeyError: when there is no sample of this type.
    """
    payload, message = _SAMPLES[type]
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return {
        "type": type,
        "payload": payload(),
        "message": message,
        "timestamp": f"{now}000Z",  # nine fraction digits, as Lean writes it
        "event_id": _id(),
    }
