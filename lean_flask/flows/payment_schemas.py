"""What the methods take that pay, and that approve later payments."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import (
    INCLUDE,
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
    validates_schema,
)

from ..common.error_messages import DetailedError
from ..common.money import validate_amount
from .schema_fields import (
    ConsentId,
    ControlParameters,
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
        words = DetailedError("amount and currency go together")
        if "amount" in data and "currency" not in data:
            raise ValidationError(words, "currency")
        if self._is_amount_missing(data):
            raise ValidationError(words, "amount")
        validate_amount(data)

    def _is_amount_missing(self, data: Mapping[str, Any]) -> bool:
        return "currency" in data and "amount" not in data


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
    control_parameters = ControlParameters(
        metadata={
            "takes": "limits such as {'period_type': 'Month', 'max_individual_amount': '500'}",
            "internal": True,
        }
    )
    expiration_date_time = ISODate(
        metadata={"takes": "an ISO 8601 date, such as '2027-01-31'", "internal": True}
    )

    @validates_schema
    def _limits_with_currency(self, data: dict[str, Any], **_: Any) -> None:
        limits = data.get("control_parameters")
        if limits is None:
            return
        if "currency" not in data:
            words = DetailedError("control_parameters and currency go together")
            raise ValidationError(words, "currency")
        try:
            for name, limit in limits.items():
                if "amount" in name:
                    validate_amount({"amount": Decimal(limit), "currency": data["currency"]})
        except ValidationError as error:
            raise ValidationError({name: error.messages}, "control_parameters") from None

    def _is_amount_missing(self, data: Mapping[str, Any]) -> bool:
        """Return whether there is a currency, and neither an amount nor limits."""
        return super()._is_amount_missing(data) and "control_parameters" not in data

    @post_load
    def _most_of_one_payment(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        most = data.get("control_parameters", {}).get("max_individual_amount")
        return data if most is None else {"amount": Decimal(most), **data}
