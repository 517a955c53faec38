"""What the methods take that pay, and that approve later payments."""

from __future__ import annotations

from typing import Any

from marshmallow import INCLUDE, Schema, ValidationError, fields, validate, validates_schema

from ..common.error_messages import DetailedError
from ..common.money import validate_amount
from .schema_fields import (
    ConsentId,
    ISODate,
    amount_field,
    boolean_field,
    currency_field,
    is_json,
    text_field,
    uuid_field,
)
from .schemas import BankFieldsSchema, DestinationFieldsSchema, FlowSchema, LandingFieldsSchema


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


class PaymentSchema(FlowSchema, BankFieldsSchema, LandingFieldsSchema):
    """What ``pay``, ``checkout`` and ``authorizeConsent`` have in common."""

    customer_id = uuid_field(internal=True)
    amount = amount_field()
    currency = currency_field()
    account_id = uuid_field()
    allow_payment_source_change = boolean_field()
    risk_details = fields.Nested(
        RiskDetailsSchema,
        validate=is_json,
        metadata={"takes": "the SDK's risk_details object", "secret": True},
    )

    @validates_schema
    def _amount_with_currency(self, data: dict[str, Any], **_: Any) -> None:
        if ("amount" in data) != ("currency" in data):
            missing = "currency" if "amount" in data else "amount"
            raise ValidationError(DetailedError("amount and currency go together"), missing)
        validate_amount(data)


class PaySchema(PaymentSchema, DestinationFieldsSchema):
    """``Lean.pay``: a bank-to-bank payment for an intent."""

    payment_intent_id = uuid_field()
    bulk_payment_intent_id = uuid_field()
    show_balances = boolean_field()
    end_user_id = text_field()

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

    payment_intent_id = uuid_field(required=True)
    customer_name = text_field()


class AuthorizeConsentSchema(PaymentSchema, DestinationFieldsSchema):
    """``Lean.authorizeConsent``: approve payments that the host starts later."""

    customer_id = uuid_field(required=True)
    consent_id = ConsentId(
        required=True,
        metadata={
            "takes": "a UUID, or a function registered with @lean.new_consent",
            "secret": True,
        },
    )
    control_parameters = fields.Dict(
        keys=fields.String(),
        validate=is_json,
        metadata={"takes": "the control_parameters of the consent", "internal": True},
    )
    expiration_date_time = ISODate(
        metadata={"takes": "an ISO 8601 date, such as '2027-01-31'", "internal": True}
    )
