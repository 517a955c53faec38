"""What the JSON routes take and answer, as schemas with the names that a client will read.

Requests and banks are the package's own schemas. The other answers are written here, since nothing
in the package has to check what it made itself; ``tests/web/test_openapi.py`` holds both together.
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from lean_flask.banks.schema import (
    AvailabilitySchema,
    DestinationSchema,
    PurposeFlagsSchema,
    TransferLimitSchema,
)
from lean_flask.config.customization import CustomizationSchema
from lean_flask.flows.callback import CallbackSchema
from lean_flask.flows.schemas import (
    CheckoutSchema,
    ConnectSchema,
    FlowSchema,
    PaySchema,
    RiskDetailsSchema,
    StrictBoolean,
    UUIDText,
    _TransactionSchema,
)
from lean_flask.upstream.webhook import WebhookEventSchema
from lean_flask.web.routes.banks import NamesSchema, PublicBankSchema
from lean_flask.web.routes.events import EventSchema
from lean_flask.web.routes.launch import CallbackBodySchema, LaunchSchema
from lean_flask.web.routes.returns import LandingSchema, ReturnBodySchema


def _says(text: str) -> dict[str, str]:
    return {"description": text}


def _advice(**options: Any) -> fields.String:
    text = "For the customer, in the flow's language, where there is something to say."
    return fields.String(allow_none=True, metadata=_says(text), **options)


REASONS = (
    "expired",
    "invalid_flow",
    "completed",
    "unknown",
    "unavailable",
    "limit",
    "account",
    "upstream",
)


class ProblemSchema(Schema):
    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata=_says("For the developer, in English."))
    reason = fields.String(
        validate=validate.OneOf(
            [
                "expired",
                "invalid_flow",
                "completed",
                "unknown",
                "unavailable",
                "limit",
                "account",
                "upstream",
            ]
        ),
        metadata=_says(
            "For the page. The flow is `expired`, `invalid_flow` (tampered with, or of another "
            "browser) or `completed`; the bank is `unknown`, `unavailable` or its `limit` forbids "
            "the amount; the `account` cannot be used; or Lean, `upstream`, cannot be reached."
        ),
    )
    parameter = fields.String(metadata=_says("The query parameter to mend."))
    errors = fields.Dict(metadata=_says("Field of the body to what is wrong with it."))
    advice = _advice()
    correlation_id = fields.String(metadata=_says("To quote to Lean's support."))


class HealthBanksSchema(Schema):
    count = fields.Integer(required=True)
    age = fields.Integer(required=True, metadata=_says("Seconds since Lean gave the oldest list."))
    state = fields.String(required=True, validate=validate.OneOf(["fresh", "stale", "empty"]))


class HealthUpstreamSchema(Schema):
    failures = fields.Integer(required=True, metadata=_says("Failed refreshes in a row."))
    retry_in = fields.Integer(required=True, metadata=_says("Seconds until the next attempt."))


class HealthSchema(Schema):
    status = fields.String(required=True, validate=validate.OneOf(["ok", "degraded", "down"]))
    banks = fields.Nested(HealthBanksSchema, required=True)
    upstream = fields.Nested(HealthUpstreamSchema, required=True)


class ChosenBankSchema(Schema):
    bank_identifier = fields.String(allow_none=True)
    is_supported = fields.Boolean(allow_none=True)


class CallbackDataSchema(CallbackSchema):
    """As the SDK hands it to its ``callback``, with the bank in an object of its own."""

    class Meta(CallbackSchema.Meta):
        exclude = ("bank_identifier", "is_supported")

    bank = fields.Nested(ChosenBankSchema, allow_none=True)


class CallbackRequestSchema(CallbackBodySchema):
    data = fields.Nested(CallbackDataSchema, required=True)


class CallbackAnswerSchema(Schema):
    next = fields.String(
        required=True,
        allow_none=True,
        metadata=_says("Where to send the customer: the flow's `return_url` with the outcome."),
    )
    advice = _advice(required=True)


class _ConfigSchema(Schema):
    """What every method of the SDK gets; ``callback`` is the page's to add."""

    app_token = fields.String(required=True)
    sandbox = StrictBoolean(required=True)
    language = fields.String(required=True, validate=validate.OneOf(["en", "ar"]))
    customization = fields.Nested(CustomizationSchema)
    access_token = fields.String()


def _ours(schema: type[FlowSchema], *sent: str) -> tuple[str, ...]:
    """The fields that stay here; all others go to the SDK, and those in *sent*."""
    sent = ("language", "customization", "access_token", *sent)
    declared = schema().fields.items()
    return tuple(
        name for name, field in declared if field.metadata.get("internal") and name not in sent
    )


class ConnectConfigSchema(_ConfigSchema, ConnectSchema):
    class Meta:
        exclude = _ours(ConnectSchema, "account_type")


class PayConfigSchema(_ConfigSchema, PaySchema):
    class Meta:
        exclude = _ours(PaySchema)


class CheckoutConfigSchema(_ConfigSchema, CheckoutSchema):
    class Meta:
        exclude = _ours(CheckoutSchema)


class CaptureRedirectConfigSchema(_ConfigSchema, LandingSchema):
    customer_id = UUIDText(required=True)


def _call(method: str, config: type[Schema]) -> type[Schema]:
    """A method of ``window.Lean`` with the config that it is to be called with."""
    members: dict[str, Any] = {
        "method": fields.String(required=True, validate=validate.Equal(method)),
        "config": fields.Nested(config, required=True),
    }
    return type(f"{method[0].upper()}{method[1:]}CallSchema", (Schema,), members)


CALLS = (
    _call("connect", ConnectConfigSchema),
    _call("pay", PayConfigSchema),
    _call("checkout", CheckoutConfigSchema),
)
CaptureRedirectCallSchema = _call("captureRedirect", CaptureRedirectConfigSchema)


class SignatureSchema(Schema):
    signature = fields.String(
        required=True,
        data_key="lean-signature",
        validate=validate.Regexp(r"[Ss][Hh][Aa]512=[0-9a-fA-F]{128}\Z"),
        metadata=_says("HMAC-SHA512 of the raw body under the webhook secret, in hex."),
    )


class FlowQuerySchema(Schema):
    flow = fields.String(metadata=_says("Whose list, where `LEAN_PER_CUSTOMER` is on."))


class LanguageQuerySchema(Schema):
    lang = fields.String(
        validate=validate.OneOf(["en", "ar"]),
        metadata=_says("The language of the SDK; by default the flow's, else the browser's."),
    )


#: The names that a client will read. Every schema of the document has one.
NAMES: dict[type[Schema], str] = {
    PublicBankSchema: "Bank",
    NamesSchema: "Names",
    AvailabilitySchema: "Availability",
    PurposeFlagsSchema: "PurposeFlags",
    TransferLimitSchema: "TransferLimit",
    DestinationSchema: "Destination",
    ProblemSchema: "Problem",
    HealthSchema: "Health",
    HealthBanksSchema: "HealthBanks",
    HealthUpstreamSchema: "HealthUpstream",
    LaunchSchema: "LaunchRequest",
    **{call: call.__name__.removesuffix("Schema") for call in CALLS},
    CaptureRedirectCallSchema: "CaptureRedirectCall",
    ConnectConfigSchema: "ConnectConfig",
    PayConfigSchema: "PayConfig",
    CheckoutConfigSchema: "CheckoutConfig",
    CaptureRedirectConfigSchema: "CaptureRedirectConfig",
    CustomizationSchema: "Customization",
    RiskDetailsSchema: "RiskDetails",
    _TransactionSchema: "TransactionIndicators",
    CallbackRequestSchema: "CallbackRequest",
    CallbackDataSchema: "CallbackData",
    ChosenBankSchema: "ChosenBank",
    CallbackAnswerSchema: "CallbackAnswer",
    ReturnBodySchema: "ReturnRequest",
    EventSchema: "EventRequest",
    LandingSchema: "LandedWith",
    WebhookEventSchema: "WebhookEvent",
}
