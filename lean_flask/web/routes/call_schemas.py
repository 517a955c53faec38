"""The calls of the SDK that ``POST /launch`` and ``POST /return`` respond with, for the document.

``make openapi`` reads them, and no request does: a config was checked when the flow was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from ...common.types import Method
from ...config.customization import CustomizationSchema
from ...flows.flow import SCHEMAS
from ...flows.landing import LandingSchema
from ...flows.schema_fields import StrictBoolean, UUIDText
from ...flows.schemas import FlowSchema
from ..problems import described
from ..receipt import (
    awaits_confirmation_field,
    can_retry_field,
    flow_status_field,
    receipt_field,
)

_ON_THE_WEB = described("Of the web's SDK alone; for those of apps it is in `native`.")


class _ConfigSchema(Schema):
    """What every method of the SDK gets; ``callback`` is the front end's to add."""

    app_token = fields.String(metadata=_ON_THE_WEB)
    sandbox = StrictBoolean(metadata=_ON_THE_WEB)
    language = fields.String(validate=validate.OneOf(["en", "ar"]), metadata=_ON_THE_WEB)
    customization = fields.Nested(CustomizationSchema)
    access_token = fields.String()


class NativeSchema(Schema):
    """What an app sets Lean's SDK up with."""

    app_token = fields.String(required=True)
    country = fields.String(required=True, validate=validate.OneOf(["sa", "ae"]))
    env = fields.String(required=True)
    sandbox = StrictBoolean(required=True)
    version = fields.String(required=True)
    language = fields.String(required=True, validate=validate.OneOf(["en", "ar"]))


def _config(method: Method, schema: type[FlowSchema], *sent: str) -> type[Schema]:
    """Return the schema of the argument of a method of ``window.Lean``.

    :param sent: internal fields that the SDK gets after all.
    """
    sent = ("language", "customization", "access_token", *sent)
    declared = schema().fields.items()
    kept_back = [
        name for name, field in declared if field.metadata.get("internal") and name not in sent
    ]
    name = f"{method[0].upper()}{method[1:]}ConfigSchema"
    meta = type("Meta", (), {"exclude": tuple(kept_back)})
    return type(name, (_ConfigSchema, schema), {"Meta": meta})


class CaptureRedirectConfigSchema(_ConfigSchema, LandingSchema):
    """The argument of ``Lean.captureRedirect``."""

    customer_id = UUIDText(required=True)


def _call(method: str, config: type[Schema], **more: fields.Field[Any]) -> type[Schema]:
    """Return the schema of a call of ``window.Lean``: the method and its config."""
    members: dict[str, Any] = more | {
        "native": fields.Nested(
            NativeSchema, metadata=described("What the SDK of an app is set up with.")
        ),
        "method": fields.String(required=True, validate=validate.Equal(method)),
        "config": fields.Nested(config, required=True),
    }
    return type(f"{method[0].upper()}{method[1:]}CallSchema", (Schema,), members)


#: Of each method, the schema of its config.
CONFIGS: Mapping[Method, type[Schema]] = {
    method: _config(method, type(schema), *(("account_type",) if method == "connect" else ()))
    for method, schema in SCHEMAS.items()
}
CALLS: Mapping[str, type[Schema]] = {
    method: _call(method, config) for method, config in CONFIGS.items()
}
CaptureRedirectCallSchema = _call(
    "captureRedirect",
    CaptureRedirectConfigSchema,
    sdk_status=fields.String(
        allow_none=True, metadata=described("The last status since the last launch.")
    ),
    next=fields.String(
        allow_none=True,
        metadata=described("The flow's `return_url`, for where the SDK says nothing."),
    ),
    status=flow_status_field(),
    awaits_confirmation=awaits_confirmation_field(),
    can_retry=can_retry_field(),
    receipt=receipt_field(),
)
