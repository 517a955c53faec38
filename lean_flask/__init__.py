"""A bank picker and a cached bank list for Lean, as a Flask blueprint."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .banks.bank import Availability, Bank, Destination, Notice, PurposeFlags, TransferLimit
from .banks.overrides import Override
from .banks.stores.base import Store, StoreBusy, StoreError
from .blueprint import LeanBlueprint
from .common.types import Language, Method, Platform, Purpose
from .errors import (
    BankUnavailable,
    ConfigurationError,
    FlowError,
    LeanError,
    SignatureError,
    UpstreamError,
    UpstreamInvalid,
    UpstreamRejected,
    UpstreamTimeout,
)
from .flows.broken_connection import BrokenConnection, broken_connection
from .flows.callback import CallbackData
from .flows.flow import Flow
from .flows.flow_state import Outcome
from .flows.launch import Launch
from .signals import (
    availability_changed,
    bank_selected,
    bank_unavailable,
    banks_refreshed,
    connection_broken,
    flow_closed,
    flow_launched,
    list_missing,
    loader_blocked,
    outcome_changed,
    picker_viewed,
    search_empty,
    webhook_received,
)
from .upstream.client import LeanClient
from .upstream.consents import Consent
from .upstream.entities import Entity, EntityConsent
from .upstream.payment_sources import Account, Beneficiary, PaymentSource
from .upstream.webhook import WebhookEvent
from .web.hosted_flow import HostedFlow
from .web.picker.formatting import format_amount

if TYPE_CHECKING:
    from .events.event import Event
    from .events.payload import BankDetails, Payload, UnknownPayload
    from .events.payload_connections import (
        ConsentPayload,
        DataRefreshPayload,
        EntityPayload,
        EntityReconnectedPayload,
        ResultsPayload,
    )
    from .events.payload_payments import (
        AccountOnFilePaymentPayload,
        BeneficiaryPayload,
        BulkPaymentIntentPayload,
        PaymentIntentPayload,
        PaymentPayload,
        PaymentSourcePayload,
        ReconciliationPayload,
    )
    from .events.payloads import BankAvailabilityPayload
    from .upstream.payments import Payment, PaymentIntent

__all__ = [
    "Account",
    "AccountOnFilePaymentPayload",
    "Availability",
    "Bank",
    "BankAvailabilityPayload",
    "BankDetails",
    "BankUnavailable",
    "Beneficiary",
    "BeneficiaryPayload",
    "BrokenConnection",
    "BulkPaymentIntentPayload",
    "CallbackData",
    "ConfigurationError",
    "Consent",
    "ConsentPayload",
    "DataRefreshPayload",
    "Destination",
    "Entity",
    "EntityConsent",
    "EntityPayload",
    "EntityReconnectedPayload",
    "Event",
    "Flow",
    "FlowError",
    "HostedFlow",
    "Language",
    "Launch",
    "LeanBlueprint",
    "LeanClient",
    "LeanError",
    "Method",
    "Notice",
    "Outcome",
    "Override",
    "Payload",
    "Payment",
    "PaymentIntent",
    "PaymentIntentPayload",
    "PaymentPayload",
    "PaymentSource",
    "PaymentSourcePayload",
    "Platform",
    "Purpose",
    "PurposeFlags",
    "ReconciliationPayload",
    "ResultsPayload",
    "SignatureError",
    "Store",
    "StoreBusy",
    "StoreError",
    "TransferLimit",
    "UnknownPayload",
    "UpstreamError",
    "UpstreamInvalid",
    "UpstreamRejected",
    "UpstreamTimeout",
    "WebhookEvent",
    "availability_changed",
    "bank_selected",
    "bank_unavailable",
    "banks_refreshed",
    "broken_connection",
    "connection_broken",
    "flow_closed",
    "flow_launched",
    "format_amount",
    "list_missing",
    "loader_blocked",
    "outcome_changed",
    "picker_viewed",
    "search_empty",
    "webhook_received",
]

#: Where the names stand that are imported when somebody asks for one: many apps use none of them.
_LATER = {
    "Event": ".events.event",
    "BankDetails": ".events.payload",
    "Payload": ".events.payload",
    "UnknownPayload": ".events.payload",
    "ConsentPayload": ".events.payload_connections",
    "DataRefreshPayload": ".events.payload_connections",
    "EntityPayload": ".events.payload_connections",
    "EntityReconnectedPayload": ".events.payload_connections",
    "ResultsPayload": ".events.payload_connections",
    "AccountOnFilePaymentPayload": ".events.payload_payments",
    "BeneficiaryPayload": ".events.payload_payments",
    "BulkPaymentIntentPayload": ".events.payload_payments",
    "PaymentIntentPayload": ".events.payload_payments",
    "PaymentPayload": ".events.payload_payments",
    "PaymentSourcePayload": ".events.payload_payments",
    "ReconciliationPayload": ".events.payload_payments",
    "BankAvailabilityPayload": ".events.payloads",
    "Payment": ".upstream.payments",
    "PaymentIntent": ".upstream.payments",
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
