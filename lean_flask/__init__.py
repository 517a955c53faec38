"""A bank picker and a cached bank list for Lean, as a Flask blueprint."""

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
from .upstream.payments import Payment, PaymentIntent
from .upstream.webhook import WebhookEvent
from .web.hosted_flow import HostedFlow
from .web.picker.formatting import format_amount

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
