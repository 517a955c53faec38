"""A bank picker and a cached bank list for Lean, as a Flask blueprint."""

from .banks.bank import Availability, Bank, Destination, PurposeFlags, TransferLimit
from .blueprint import LeanBlueprint
from .common.types import Language, Method, Purpose
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
from .flows.callback import CallbackData
from .flows.flow import Flow
from .signals import (
    availability_changed,
    bank_selected,
    bank_unavailable,
    banks_refreshed,
    flow_closed,
    flow_launched,
    list_missing,
    loader_blocked,
    picker_viewed,
    search_empty,
    webhook_received,
)
from .upstream.client import LeanClient
from .upstream.payment_sources import Account, PaymentSource
from .upstream.webhook import WebhookEvent

__all__ = [
    "Account",
    "Availability",
    "Bank",
    "BankUnavailable",
    "CallbackData",
    "ConfigurationError",
    "Destination",
    "Flow",
    "FlowError",
    "Language",
    "LeanBlueprint",
    "LeanClient",
    "LeanError",
    "Method",
    "PaymentSource",
    "Purpose",
    "PurposeFlags",
    "SignatureError",
    "TransferLimit",
    "UpstreamError",
    "UpstreamInvalid",
    "UpstreamRejected",
    "UpstreamTimeout",
    "WebhookEvent",
    "availability_changed",
    "bank_selected",
    "bank_unavailable",
    "banks_refreshed",
    "flow_closed",
    "flow_launched",
    "list_missing",
    "loader_blocked",
    "picker_viewed",
    "search_empty",
    "webhook_received",
]
