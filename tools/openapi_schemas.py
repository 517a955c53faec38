"""The names that a client will read for the schemas of the JSON routes.

The schemas stand beside the routes that use them. Here are only those of parameters, and of the
callback's body as the SDK sends it, which the route reads in another form.
"""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from lean_flask.banks.public_schema import NamesSchema, NoticeSchema, PublicBankSchema
from lean_flask.banks.schema import (
    AvailabilitySchema,
    DestinationSchema,
    PurposeFlagsSchema,
    TransferLimitSchema,
)
from lean_flask.common.validators import is_language
from lean_flask.config.customization import CustomizationSchema
from lean_flask.flows.callback import CallbackSchema
from lean_flask.flows.landing import LandingSchema
from lean_flask.flows.payment_schemas import RiskDetailsSchema, _TransactionSchema
from lean_flask.web.problems import ProblemSchema, described
from lean_flask.web.receipt import ReceiptSchema
from lean_flask.web.routes.call_schemas import (
    CALLS,
    CONFIGS,
    CaptureRedirectCallSchema,
    CaptureRedirectConfigSchema,
    NativeSchema,
)
from lean_flask.web.routes.callback import CallbackBodySchema, CallbackResponseSchema
from lean_flask.web.routes.events import EventSchema
from lean_flask.web.routes.flow_status import FlowStatusSchema
from lean_flask.web.routes.health import (
    HealthBanksSchema,
    HealthProbeSchema,
    HealthSchema,
    HealthUpstreamSchema,
)
from lean_flask.web.routes.launch import LaunchSchema
from lean_flask.web.routes.returns import ReturnBodySchema


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


class SignatureSchema(Schema):
    signature = fields.String(
        required=True,
        data_key="lean-signature",
        validate=validate.Regexp(r"[Ss][Hh][Aa]512=[0-9a-fA-F]{128}\Z"),
        metadata=described("HMAC-SHA512 of the raw body under the webhook secret, in hex."),
    )


class WebhookEventSchema(Schema):
    """As Lean documents it. The route takes any other shape as well."""

    type = fields.String()
    payload = fields.Dict(keys=fields.String(), allow_none=True)
    message = fields.String(allow_none=True)
    timestamp = fields.String(allow_none=True)
    event_id = fields.String(allow_none=True)


class FlowQuerySchema(Schema):
    flow = fields.String(metadata=described("Whose list, where `LEAN_PER_CUSTOMER` is on."))


class FlowTokenSchema(Schema):
    flow = fields.String(required=True, metadata=described("The flow's token, as in its URL."))


class LanguageQuerySchema(Schema):
    lang = fields.String(
        validate=is_language,
        metadata=described(
            "A language of `LEAN_LANGUAGES`, for the texts of the answer; by default the flow's, "
            "else the browser's. The SDK gets `ar` for Arabic, and `en` for all others."
        ),
    )


#: The names that a client will read. Every schema of the document has one.
NAMES: dict[type[Schema], str] = {
    PublicBankSchema: "Bank",
    NamesSchema: "Names",
    NoticeSchema: "Notice",
    AvailabilitySchema: "Availability",
    PurposeFlagsSchema: "PurposeFlags",
    TransferLimitSchema: "TransferLimit",
    DestinationSchema: "Destination",
    ProblemSchema: "Problem",
    HealthSchema: "Health",
    HealthProbeSchema: "HealthProbe",
    HealthBanksSchema: "HealthBanks",
    HealthUpstreamSchema: "HealthUpstream",
    LaunchSchema: "LaunchRequest",
    **{
        described: described.__name__.removesuffix("Schema")
        for described in (*CALLS.values(), *CONFIGS.values())
    },
    CaptureRedirectCallSchema: "CaptureRedirectCall",
    CaptureRedirectConfigSchema: "CaptureRedirectConfig",
    CustomizationSchema: "Customization",
    RiskDetailsSchema: "RiskDetails",
    _TransactionSchema: "TransactionIndicators",
    CallbackRequestSchema: "CallbackRequest",
    CallbackDataSchema: "CallbackData",
    ChosenBankSchema: "ChosenBank",
    CallbackResponseSchema: "CallbackResponse",
    FlowStatusSchema: "FlowStatus",
    ReceiptSchema: "Receipt",
    ReturnBodySchema: "ReturnRequest",
    EventSchema: "EventRequest",
    LandingSchema: "LandedWith",
    NativeSchema: "NativeSetUp",
    WebhookEventSchema: "WebhookEvent",
}
