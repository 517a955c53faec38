"""What ``connect``, ``pay`` and ``checkout`` take, field by field (SDK config reference).

Fields marked ``internal`` are lean-flask's own; all others go to the SDK as they are.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

from marshmallow import INCLUDE, Schema, ValidationError, fields, validate, validates_schema

from ..common.error_messages import DetailedError
from ..common.fields import HostURL
from ..common.money import Amount, validate_amount
from ..common.validators import is_account_type, is_currency, is_identifier, is_language
from ..config.customization import CustomizationSchema
from .urls import ImageURL, RedirectURL

PERMISSIONS = (
    "identity",
    "accounts",
    "balance",
    "transactions",
    "identities",
    "beneficiaries",
    "direct_debits",
    "standing_orders",
    "scheduled_payments",
    "payments",
)


class UUIDText(fields.String):
    """A UUID that stays a string, as the SDK wants it."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        text = str(value) if isinstance(value, UUID) else value
        text = super()._deserialize(text, *args, **options)
        if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
            raise ValidationError("Not a UUID.")
        return text


class ISODate(fields.String):
    """A date or a date and time of ISO 8601; Python's own objects are taken too."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        text = value.isoformat() if isinstance(value, date) else value
        text = super()._deserialize(text, *args, **options)
        try:
            datetime.fromisoformat(text)
        except ValueError:
            raise ValidationError("Not an ISO 8601 date.") from None
        return text


class StrictBoolean(fields.Boolean):
    """A real boolean: in JavaScript, the string ``"false"`` counts as true."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Not a boolean.")
        return value


def _text(longest: int = 255, **options: Any) -> fields.String:
    """Return a field for words that may be about the customer, so no message repeats them."""
    return fields.String(
        validate=validate.Length(min=1, max=longest),
        metadata={"takes": f"a string of 1 to {longest} characters", "secret": True},
        **options,
    )


def _uuid(internal: bool = False, **options: Any) -> UUIDText:
    """Return a field for an id of Lean's. What is passed by mistake may be a name or an address."""
    return UUIDText(metadata={"takes": "a UUID", "secret": True, "internal": internal}, **options)


def _redirect() -> RedirectURL:
    takes = "an https:// URL or app link registered in Lean's dashboard"
    return RedirectURL(metadata={"takes": takes})


def _picture() -> ImageURL:
    return ImageURL(metadata={"takes": "an https:// URL of a PNG or JPG"})


def _boolean() -> StrictBoolean:
    return StrictBoolean(metadata={"takes": "True or False"})


def _amount() -> Amount:
    takes = "an exact amount above zero, as Decimal, int or string"
    return Amount(metadata={"takes": takes, "internal": True})


def _currency(**options: Any) -> fields.String:
    return fields.String(
        validate=is_currency,
        metadata={"takes": "an ISO 4217 code such as 'AED' or 'SAR'", "internal": True},
        **options,
    )


def _is_json(value: Any) -> None:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise ValidationError("Holds something that JSON cannot.") from None


class _TransactionSchema(Schema):
    class Meta:
        unknown = INCLUDE

    channel = fields.String(validate=validate.OneOf(["WEB", "MOBILE"]))


class RiskDetailsSchema(Schema):
    """Fraud signals, passed through; the parts and the channels are all that is published."""

    debtor_indicators = fields.Dict()
    destination_delivery_address = fields.Dict()
    transaction_indicators = fields.Nested(_TransactionSchema)
    payment_process = fields.Dict()


class FlowSchema(Schema):
    """The fields that every flow takes."""

    return_url = HostURL(
        metadata={"takes": "a path such as '/done', or an http(s) URL", "internal": True}
    )
    language = fields.String(
        validate=is_language, metadata={"takes": "'en' or 'ar'", "internal": True}
    )
    customization = fields.Nested(
        CustomizationSchema, metadata={"takes": "the SDK's customization object", "internal": True}
    )
    account_type = fields.String(
        validate=is_account_type,
        metadata={"takes": "'PERSONAL' or 'BUSINESS'", "internal": True},
    )
    access_token = fields.String(
        validate=validate.Regexp(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\Z"),
        metadata={
            "takes": "a customer-scoped JWT without 'Bearer '",
            "internal": True,
            "secret": True,
        },
    )
    bank_identifier = fields.String(
        validate=is_identifier,
        metadata={"takes": "a bank's identifier"},
    )
    success_redirect_url = _redirect()
    fail_redirect_url = _redirect()


class ConnectSchema(FlowSchema):
    """``Lean.connect``: link an account for data, optionally for payments."""

    customer_id = _uuid(required=True)
    permissions = fields.List(
        fields.String(validate=validate.OneOf(PERMISSIONS)),
        required=True,
        validate=validate.Length(min=1),
        metadata={"takes": "a list of " + ", ".join(PERMISSIONS)},
    )
    access_from = ISODate(metadata={"takes": "an ISO 8601 date such as '2026-01-31'"})
    access_to = ISODate(metadata={"takes": "an ISO 8601 date not before access_from"})
    show_consent_explanation = _boolean()
    end_user_id = _text()
    customer_metadata = _text()
    payment_destination_id = _uuid()
    destination_alias = _text()
    destination_avatar = _picture()

    @validates_schema
    def _from_before_to(self, data: dict[str, Any], **_: Any) -> None:
        start, end = data.get("access_from"), data.get("access_to")
        if start and end and start[:10] > end[:10]:
            raise ValidationError(DetailedError("before access_from"), "access_to")


class PaymentSchema(FlowSchema):
    """What ``pay`` and ``checkout`` have in common."""

    customer_id = _uuid(internal=True)
    amount = _amount()
    currency = _currency()
    account_id = _uuid()
    allow_payment_source_change = _boolean()
    risk_details = fields.Nested(
        RiskDetailsSchema,
        validate=_is_json,
        metadata={"takes": "the SDK's risk_details object", "secret": True},
    )

    @validates_schema
    def _amount_with_currency(self, data: dict[str, Any], **_: Any) -> None:
        if ("amount" in data) != ("currency" in data):
            missing = "currency" if "amount" in data else "amount"
            raise ValidationError(DetailedError("amount and currency go together"), missing)
        validate_amount(data)


class PaySchema(PaymentSchema):
    """``Lean.pay``: a bank-to-bank payment for an intent."""

    payment_intent_id = _uuid()
    bulk_payment_intent_id = _uuid()
    show_balances = _boolean()
    end_user_id = _text()
    destination_alias = _text()
    destination_avatar = _picture()

    @validates_schema
    def _one_intent(self, data: dict[str, Any], **_: Any) -> None:
        if ("payment_intent_id" in data) == ("bulk_payment_intent_id" in data):
            raise ValidationError(
                DetailedError(
                    "exactly one of payment_intent_id and bulk_payment_intent_id is needed"
                ),
                "payment_intent_id",
            )


class CheckoutSchema(PaymentSchema):
    """``Lean.checkout``: a one-off payment by a guest, through Open Finance."""

    payment_intent_id = _uuid(required=True)
    customer_name = _text()
