"""The body of a new consent, checked before it is sent: the customer agrees to what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from ..common.error_messages import DetailedError, describe_errors
from ..common.money import Amount, currency_decimals, json_number, used_decimals
from ..common.validators import is_currency
from ..errors import FlowError
from .government_identifiers import GovernmentIdentifier
from .payment_intents import PURPOSE_CODES

PERIOD_TYPES = ("Day", "Week", "Month", "Year")
_LIMITS = ("max_individual_amount", "max_cumulative_amount", "max_cumulative_number_of_payments")
_AN_AMOUNT = {"takes": "an exact amount above zero, as Decimal, int or string"}
_A_NUMBER = {"takes": "a whole number above zero"}
_A_TIME = {"takes": "a datetime with an offset from UTC, or its ISO 8601 text"}


class _Time(fields.Field[datetime]):
    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                raise ValidationError(DetailedError("not a time")) from None
        if not isinstance(value, datetime):
            raise ValidationError(DetailedError(f"of type {type(value).__name__}"))
        if value.utcoffset() is None:
            raise ValidationError(DetailedError("without an offset from UTC"))
        try:
            return value.astimezone(UTC)
        except OverflowError:
            raise ValidationError(DetailedError("not a time")) from None


def _text(most: int, **metadata: Any) -> fields.String:
    takes = {"takes": f"1 to {most} characters", "secret": True}
    return fields.String(validate=validate.Length(min=1, max=most), metadata=takes, **metadata)


def _count() -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(min=1), metadata=_A_NUMBER)


class ControlParametersSchema(Schema):
    """Load the limits of a consent. A name that Lean does not know would be no limit at all."""

    type = fields.String(
        load_default="VariableOnDemand", validate=validate.Regexp(r"[A-Za-z]{1,64}\Z")
    )
    period_type = fields.String(required=True, validate=validate.OneOf(PERIOD_TYPES))
    max_individual_amount = Amount(metadata=_AN_AMOUNT)
    max_cumulative_amount = Amount(metadata=_AN_AMOUNT)
    max_cumulative_number_of_payments = _count()
    max_cumulative_amount_per_period = Amount(metadata=_AN_AMOUNT)
    max_cumulative_number_of_payments_per_period = _count()

    @validates_schema
    def _has_a_limit(self, data: dict[str, Any], **_: Any) -> None:
        if not any(name in data for name in _LIMITS):
            words = DetailedError("one of " + ", ".join(_LIMITS) + " is needed")
            raise ValidationError(words, _LIMITS[0])


class _ImmediatePaymentSchema(Schema):
    amount = Amount(required=True, metadata=_AN_AMOUNT)
    reference = _text(64)
    creditor_reference = _text(255)


class _ConsentSchema(Schema):
    customer_id = fields.UUID(required=True, metadata={"takes": "a UUID", "secret": True})
    destination_account_id = fields.UUID(
        required=True, metadata={"takes": "Lean's id of a payment destination, a UUID"}
    )
    currency = fields.String(
        required=True,
        validate=is_currency,
        metadata={"takes": "an ISO 4217 code such as 'AED'"},
    )
    reference = _text(64, required=True)
    purpose = fields.String(
        required=True,
        validate=validate.OneOf(PURPOSE_CODES),
        metadata={"takes": "one of " + ", ".join(PURPOSE_CODES)},
    )
    control_parameters = fields.Nested(
        ControlParametersSchema,
        required=True,
        metadata={
            "takes": "a mapping with period_type (Day, Week, Month or Year) and one of "
            + ", ".join(_LIMITS)
        },
    )
    start_date_time = _Time(metadata=_A_TIME)
    expiration_date_time = _Time(metadata=_A_TIME)
    immediate_payment = fields.Nested(
        _ImmediatePaymentSchema,
        metadata={"takes": "a mapping with amount and, if you like, reference", "secret": True},
    )
    government_identifier = GovernmentIdentifier()

    @validates_schema
    def _ends_after_its_start(self, data: dict[str, Any], **_: Any) -> None:
        start, end = data.get("start_date_time"), data.get("expiration_date_time")
        if start and end and end <= start:
            raise ValidationError(
                DetailedError("not after start_date_time"), "expiration_date_time"
            )

    @validates_schema
    def _not_finer_than_the_currency(self, data: dict[str, Any], **_: Any) -> None:
        decimals = currency_decimals(data.get("currency", ""))
        for name in ("control_parameters", "immediate_payment"):
            for part, amount in data.get(name, {}).items():
                if isinstance(amount, Decimal) and used_decimals(amount) > decimals:
                    words = DetailedError(f"{data.get('currency')} has {decimals} decimals at most")
                    raise ValidationError({name: {part: [words]}})

    @post_load
    def _as_json(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: _plain(value) for name, value in data.items()}


def consent_body(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return *arguments* as the JSON body.

    :raises FlowError: naming each bad argument.
    """
    schema = _ConsentSchema()
    given = {name: value for name, value in arguments.items() if value is not None}
    try:
        body: dict[str, Any] = schema.load(given)
    except ValidationError as error:
        sentences = describe_errors(error, schema, given)
        raise FlowError("consent: " + "; ".join(sentences.values()), sentences) from None
    return body


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, Decimal):
        return json_number(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value) if isinstance(value, UUID) else value
