"""The keywords of ``connect``, ``pay`` and ``checkout``, for type checkers alone."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Required, TypedDict
from uuid import UUID

from ..common.types import AccountType, Language


class FlowArguments(TypedDict, total=False):
    """The fields that every flow takes. ``None`` is "not given" everywhere."""

    return_url: str | None
    language: Language | None
    customization: Mapping[str, Any] | None
    account_type: AccountType | None
    access_token: str | None
    bank_identifier: str | None
    success_redirect_url: str | None
    fail_redirect_url: str | None


class ConnectArguments(FlowArguments, total=False):
    """The keywords of ``connect``."""

    customer_id: Required[str | UUID]
    permissions: Required[Sequence[str]]
    access_from: str | date | None
    access_to: str | date | None
    show_consent_explanation: bool | None
    end_user_id: str | None
    customer_metadata: str | None
    payment_destination_id: str | UUID | None
    destination_alias: str | None
    destination_avatar: str | None


class PaymentArguments(FlowArguments, total=False):
    """The keywords that ``pay`` and ``checkout`` share."""

    customer_id: str | UUID | None
    amount: Decimal | int | str | None
    currency: str | None
    account_id: str | UUID | None
    allow_payment_source_change: bool | None
    risk_details: Mapping[str, Any] | None


class PayArguments(PaymentArguments, total=False):
    """The keywords of ``pay``."""

    payment_intent_id: str | UUID | None
    bulk_payment_intent_id: str | UUID | None
    show_balances: bool | None
    end_user_id: str | None
    destination_alias: str | None
    destination_avatar: str | None


class CheckoutArguments(PaymentArguments, total=False):
    """The keywords of ``checkout``."""

    payment_intent_id: Required[str | UUID]
    customer_name: str | None
