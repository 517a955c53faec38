"""The keywords of the methods that make flows, for type checkers alone."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Required, TypedDict
from uuid import UUID

from ..common.types import AccountType
from ..upstream.consents import Consent
from .flow import Flow


class FlowArguments(TypedDict, total=False):
    """The fields that every flow takes. ``None`` is "not given" everywhere."""

    return_url: str | None
    language: str | None
    customization: Mapping[str, Any] | None
    access_token: str | None
    bound_to: str | int | UUID | None
    max_age: int | None


class LandingArguments(TypedDict, total=False):
    """The URLs to which the bank sends the customer back."""

    success_redirect_url: str | None
    fail_redirect_url: str | None


class BankArguments(TypedDict, total=False):
    """A bank, or the account type of the banks to show."""

    account_type: AccountType | None
    bank_identifier: str | None


class DestinationArguments(TypedDict, total=False):
    """Who is paid, or asks."""

    destination_alias: str | None
    destination_avatar: str | None


class LinkArguments(FlowArguments, LandingArguments, DestinationArguments, total=False):
    """The keywords that ``connect`` and ``renew`` share."""

    access_from: str | date | None
    access_to: str | date | None
    show_consent_explanation: bool | None
    end_user_id: str | None
    customer_metadata: str | None
    payment_destination_id: str | UUID | None
    permissions_text: str | Mapping[str, str] | None


class ConnectArguments(LinkArguments, BankArguments, total=False):
    """The keywords of ``connect``."""

    customer_id: Required[str | UUID]
    permissions: Required[Sequence[str]]
    linked_banks: Literal["mark", "hide"] | None


class RenewArguments(LinkArguments, total=False):
    """The further keywords of ``renew``."""

    account_type: AccountType | None


class PaymentArguments(FlowArguments, BankArguments, LandingArguments, total=False):
    """The keywords that ``pay`` and ``checkout`` share."""

    customer_id: str | UUID | None
    amount: Decimal | int | str | None
    currency: str | None
    account_id: str | UUID | None
    allow_payment_source_change: bool | None
    risk_details: Mapping[str, Any] | None


class PayArguments(PaymentArguments, DestinationArguments, total=False):
    """The keywords of ``pay``."""

    payment_intent_id: str | UUID | None
    bulk_payment_intent_id: str | UUID | None
    show_balances: bool | None
    end_user_id: str | None


class CheckoutArguments(PaymentArguments, total=False):
    """The keywords of ``checkout``."""

    payment_intent_id: Required[str | UUID]
    customer_name: str | None


class AuthorizeConsentArguments(
    FlowArguments, BankArguments, LandingArguments, DestinationArguments, total=False
):
    """The keywords of ``authorize_consent``."""

    customer_id: Required[str | UUID]
    consent_id: Required[str | UUID | Callable[[Flow], Consent | UUID | str]]
    amount: Decimal | int | str | None
    currency: str | None
    account_id: str | UUID | None
    allow_payment_source_change: bool | None
    risk_details: Mapping[str, Any] | None
    control_parameters: Mapping[str, Any] | None
    expiration_date_time: str | date | None


class CreatePaymentSourceArguments(
    FlowArguments, BankArguments, LandingArguments, DestinationArguments, total=False
):
    """The keywords of ``create_payment_source``."""

    customer_id: Required[str | UUID]
    payment_destination_id: str | UUID | None


class CreateBeneficiaryArguments(
    FlowArguments, LandingArguments, DestinationArguments, total=False
):
    """The keywords of ``create_beneficiary``."""

    customer_id: Required[str | UUID]
    payment_destination_id: Required[str | UUID]
    payment_source_id: str | UUID | None
    entity_id: str | UUID | None


class UpdatePaymentSourceArguments(CreateBeneficiaryArguments, total=False):
    """The keywords of ``update_payment_source``."""

    end_user_id: str | None


class ReconnectArguments(FlowArguments, DestinationArguments, total=False):
    """The keywords of ``reconnect``."""

    reconnect_id: Required[str | UUID]
    customer_id: str | UUID | None
    customer_metadata: str | None


class ManageConsentsArguments(FlowArguments, total=False):
    """The keywords of ``manage_consents``."""

    customer_id: Required[str | UUID]
    consent_id: str | UUID | None
    consent_type: Sequence[Literal["data", "payment", "payment_history"]] | None


class VerifyAddressArguments(FlowArguments, DestinationArguments, total=False):
    """The keywords of ``verify_address``."""

    customer_id: Required[str | UUID]
    customer_name: Required[str]
    permissions: Sequence[str] | None
