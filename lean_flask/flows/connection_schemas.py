"""What the methods take that link, renew and manage a customer's banks."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from ..common.error_messages import DetailedError
from .schema_fields import MAX_TEXT_LENGTH, ISODate, Texts, boolean_field, text_field, uuid_field
from .schemas import (
    BankFieldsSchema,
    DestinationFieldsSchema,
    FlowSchema,
    LandingFieldsSchema,
    permissions_field,
)

CONSENT_TYPES = ("data", "payment", "payment_history")


class ConnectSchema(FlowSchema, BankFieldsSchema, LandingFieldsSchema, DestinationFieldsSchema):
    """``Lean.connect``: link an account for data, optionally for payments."""

    customer_id = uuid_field(required=True)
    permissions = permissions_field(required=True)
    access_from = ISODate(metadata={"takes": "an ISO 8601 date such as '2026-01-31'"})
    access_to = ISODate(metadata={"takes": "an ISO 8601 date not before access_from"})
    show_consent_explanation = boolean_field()
    end_user_id = text_field()
    customer_metadata = text_field()
    payment_destination_id = uuid_field()
    linked_banks = fields.String(
        validate=validate.OneOf(["mark", "hide"]),
        metadata={"takes": "'mark' or 'hide'", "internal": True},
    )

    permissions_text = Texts(
        metadata={
            "takes": f"a text of at most {MAX_TEXT_LENGTH} characters, or one for each language",
            "internal": True,
        }
    )

    @validates_schema
    def _from_before_to(self, data: dict[str, Any], **_: Any) -> None:
        start, end = data.get("access_from"), data.get("access_to")
        if start and end and start[:10] > end[:10]:
            raise ValidationError(DetailedError("before access_from"), "access_to")


class CreatePaymentSourceSchema(
    FlowSchema, BankFieldsSchema, LandingFieldsSchema, DestinationFieldsSchema
):
    """``Lean.createPaymentSource``: link an account to pay from."""

    customer_id = uuid_field(required=True)
    payment_destination_id = uuid_field()


class CreateBeneficiarySchema(FlowSchema, LandingFieldsSchema, DestinationFieldsSchema):
    """``Lean.createBeneficiary``: let a payment source pay another destination."""

    customer_id = uuid_field(required=True)
    payment_destination_id = uuid_field(required=True)
    payment_source_id = uuid_field()
    entity_id = uuid_field()


class UpdatePaymentSourceSchema(CreateBeneficiarySchema):
    """``Lean.updatePaymentSource``: the same by its former name."""

    end_user_id = text_field()


class ReconnectSchema(FlowSchema, DestinationFieldsSchema):
    """``Lean.reconnect``: repair a connection to a bank that asks for credentials."""

    reconnect_id = uuid_field(required=True)
    customer_id = uuid_field(internal=True)
    customer_metadata = text_field()


class ManageConsentsSchema(FlowSchema):
    """``Lean.manageConsents``: show the customer's consents, and let them end one."""

    customer_id = uuid_field(required=True)
    consent_id = uuid_field()
    consent_type = fields.List(
        fields.String(validate=validate.OneOf(CONSENT_TYPES)),
        load_default=lambda: ["data"],
        validate=validate.Length(min=1),
        metadata={"takes": "a list of " + ", ".join(CONSENT_TYPES)},
    )


class VerifyAddressSchema(FlowSchema, DestinationFieldsSchema):
    """``Lean.verifyAddress``: prove an address by the bank's records."""

    customer_id = uuid_field(required=True)
    customer_name = text_field(required=True)
    permissions = permissions_field(minItems=0)  # empty, where an app's SDK needs a list
