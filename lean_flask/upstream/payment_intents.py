"""The body of a new payment intent, checked before it is sent: an intent is made once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from ..common.error_messages import describe_errors
from ..common.money import Amount, json_number, validate_amount
from ..common.validators import is_currency
from ..errors import FlowError

PURPOSE_CODES = ("FIS", "TCS", "MWP", "OAT", "IFS", "RNT", "LNC", "PIN", "GDS")


class _IntentSchema(Schema):
    customer_id = fields.UUID(required=True, metadata={"takes": "a UUID", "secret": True})
    amount = Amount(
        required=True,
        metadata={"takes": "an exact amount above zero, as Decimal, int or string"},
    )
    currency = fields.String(
        required=True,
        validate=is_currency,
        metadata={"takes": "an ISO 4217 code such as 'AED'"},
    )
    payment_destination_id = fields.UUID(metadata={"takes": "a UUID"})
    description = fields.String(
        validate=validate.Length(min=1, max=32),
        metadata={"takes": "1 to 32 characters", "secret": True},
    )
    purpose_code = fields.String(
        validate=validate.OneOf(PURPOSE_CODES),
        metadata={"takes": "one of " + ", ".join(PURPOSE_CODES)},
    )

    @validates_schema
    def _not_finer_than_the_currency(self, data: dict[str, Any], **_: Any) -> None:
        validate_amount(data)


def intent_body(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return *arguments* as the JSON body.

    :raises FlowError: naming each bad argument.
    """
    schema = _IntentSchema()
    given = {name: value for name, value in arguments.items() if value is not None}
    try:
        loaded = schema.load(given)
    except ValidationError as error:
        sentences = describe_errors(error, schema, given)
        raise FlowError("payment intent: " + "; ".join(sentences.values()), sentences) from None
    ids = {name: str(value) for name, value in loaded.items() if isinstance(value, UUID)}
    return {**loaded, **ids, "amount": json_number(loaded["amount"])}
