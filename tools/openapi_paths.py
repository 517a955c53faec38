"""The paths of the JSON routes, for ``tools/openapi.py``: parameters, bodies and responses."""

from __future__ import annotations

from typing import Any

from apispec import APISpec
from openapi_schemas import (
    CallbackRequestSchema,
    FlowQuerySchema,
    FlowTokenSchema,
    LanguageQuerySchema,
    SignatureSchema,
    WebhookEventSchema,
)

from lean_flask.banks.public_schema import PublicBankSchema
from lean_flask.banks.query import BanksQuerySchema
from lean_flask.web.problems import ProblemSchema
from lean_flask.web.routes.call_schemas import CALLS, CaptureRedirectCallSchema
from lean_flask.web.routes.callback import CallbackResponseSchema
from lean_flask.web.routes.events import EventSchema
from lean_flask.web.routes.flow_status import FlowStatusSchema
from lean_flask.web.routes.health import HealthProbeSchema, HealthSchema
from lean_flask.web.routes.launch import LaunchSchema
from lean_flask.web.routes.returns import ReturnBodySchema

_WHOSE = "A flow works in the browser session that it was made in, or for the user it is bound to."
#: What ``POST /return`` adds for a flow that was launched.
_KNOWN_OF_FLOW = {
    "sdk_status": {
        "type": ["string", "null"],
        "description": "The last status since the last launch.",
    },
    "next": {
        "type": ["string", "null"],
        "description": "The flow's `return_url`, for where the SDK says nothing.",
    },
    "awaits_confirmation": {
        "type": "boolean",
        "description": "Whether the bank's word is still to come.",
    },
    "receipt": {"oneOf": [{"$ref": "#/components/schemas/Receipt"}, {"type": "null"}]},
}


def describe_shared(spec: APISpec) -> None:
    spec.components.schema("Problem", schema=ProblemSchema)
    spec.components.schema("AccountType", {"type": "string", "enum": ["PERSONAL", "BUSINESS"]})
    spec.components.schema(
        "NoCall",
        {
            "type": "object",
            "description": "The SDK is not to be asked; nothing is to be reported either.",
            "properties": {
                "method": {"type": "null"},
                "config": {"type": "null"},
                **_KNOWN_OF_FLOW,
            },
            "required": ["config", "method"],
        },
    )
    for name, kind, text in (
        ("ETag", "string", "Names these bytes; send it back as `If-None-Match`."),
        ("Cache-Control", "string", "RFC 9111 and RFC 5861."),
        ("Cache-Status", "string", "RFC 9211: whether Lean was asked, and why."),
        ("Vary", "string", "Which request headers the answer depends on."),
        ("Age", "integer", "Seconds since Lean gave the list."),
        ("Retry-After", "integer", "Seconds to wait before the next attempt."),
    ):
        spec.components.header(
            name, {"description": text, "required": True, "schema": {"type": kind}}
        )


def describe_banks(spec: APISpec) -> None:
    cached = ("ETag", "Cache-Control", "Cache-Status", "Vary", "Age")
    refusals = {
        304: {"description": "You have it already.", "headers": _headers(*cached)},
        400: _problem("A query parameter is wrong; `parameter` names it."),
        403: _problem("The flow cannot be used."),
        502: _problem("There is no list, and Lean refuses one for good."),
        503: _problem("There is no list, and Lean gives none.", "Retry-After"),
    }
    queries = [{"in": "query", "schema": query} for query in (BanksQuerySchema, FlowQuerySchema)]
    spec.path(
        "/banks",
        operations={
            "get": {
                "operationId": "listBanks",
                "summary": "The banks, from the cache",
                "tags": ["Banks"],
                "parameters": queries,
                "responses": {
                    200: _json(PublicBankSchema(many=True), "Banks, best match first.", *cached),
                    **refusals,
                },
            }
        },
    )
    only = BanksQuerySchema(only=("account_type", "lang"))
    identifier = {"name": "identifier", "in": "path", "schema": {"type": "string"}}
    spec.path(
        "/banks/{identifier}",
        operations={
            "get": {
                "operationId": "getBank",
                "summary": "One bank",
                "tags": ["Banks"],
                "parameters": [identifier, {"in": "query", "schema": only}, queries[1]],
                "responses": {
                    200: _json(PublicBankSchema, "The bank.", *cached),
                    404: _problem("No such bank is in the list."),
                    **refusals,
                },
            }
        },
    )


def describe_flows(spec: APISpec) -> None:
    refusals = {
        400: _problem("The body is not what this takes; `errors` says why."),
        401: _problem("The host asks for a login; other statuses of its own are possible."),
        403: _problem("Sent by another site, or the flow is another's (`reason`)."),
        410: _problem("The flow is over, or its consent is spent; `reason` says why."),
        413: _problem("The body is too large."),
        415: _problem("The body is not `application/json`."),
        503: _problem("The host cannot tell whose request this is.", "Retry-After"),
    }
    upstream = {
        502: _problem("Lean refuses a token or a list for good."),
        503: _problem(
            "Lean gives no token or no list, or the host cannot tell whose request this is.",
            "Retry-After",
        ),
    }
    unusable = {409: _problem("The choice cannot be used; `reason` says why.")}
    calls = {"oneOf": list(CALLS.values())}
    capture = {"oneOf": [CaptureRedirectCallSchema, "NoCall"]}
    for path, operation_id, summary, body, response, more in (
        ("/launch", "launch", "The customer's choice for the SDK's config", LaunchSchema,
         _json(calls, "Call `window.Lean[method]` with the config."), unusable | upstream),
        ("/callback", "reportCallback", "What the SDK said when it closed", CallbackRequestSchema,
         _json(CallbackResponseSchema, "Where to go on."), {}),
        ("/events", "reportEvent", "What happens on the page alone, for signals", EventSchema,
         {"description": "Taken.", "headers": _headers("Cache-Control")}, {}),
        ("/return", "captureReturn", "After a redirect by the bank", ReturnBodySchema,
         _json(capture, "Call `window.Lean[method]` with the config, if there is one."), {}),
    ):  # fmt: skip
        query = [] if path == "/events" else [{"in": "query", "schema": LanguageQuerySchema}]
        spec.path(
            path,
            operations={
                "post": {
                    "operationId": operation_id,
                    "summary": summary,
                    "description": _WHOSE,
                    "tags": ["Flows"],
                    "parameters": query,
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": body}},
                    },
                    "responses": {
                        200 if "content" in response else 204: response,
                        **refusals,
                        **more,
                    },
                }
            },
        )

    get_status = {
        "operationId": "getFlow",
        "summary": "What became of a flow",
        "description": _WHOSE,
        "tags": ["Flows"],
        "parameters": [
            {"name": "identifier", "in": "path", "schema": {"type": "string"}},
            {"in": "query", "schema": FlowTokenSchema},
        ],
        "responses": {
            200: _json(FlowStatusSchema, "What is known."),
            404: _problem("The token is that of another flow."),
            **{status: refusals[status] for status in (401, 403, 410, 503)},
        },
    }
    spec.path("/flows/{identifier}", operations={"get": get_status})


def describe_operations(spec: APISpec) -> None:
    health = _json(HealthSchema, "Every list can be served.")
    webhook = {
        "operationId": "receiveWebhook",
        "summary": "For Lean's webhooks alone",
        "tags": ["Operations"],
        "parameters": [{"in": "header", "schema": SignatureSchema}],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": WebhookEventSchema}},
        },
        "responses": {
            200: {"description": "Taken, now or before.", "headers": _headers("Cache-Control")},
            400: _problem("Signed, but not JSON."),
            401: _problem("The signature does not match the raw body."),
            404: _problem("Webhooks are off."),
            413: _problem("The body is too large."),
            500: _problem("Handling the event failed; Lean will send it again."),
            503: _problem("The event is being handled; Lean will send it again.", "Retry-After"),
        },
    }
    get_health = {
        "operationId": "getHealth",
        "summary": "For load balancers",
        "tags": ["Operations"],
        "responses": {
            200: health,
            503: health | {"description": "A list is empty, and Lean gives none."},
        },
    }
    document = {"type": "object", "required": ["openapi", "info", "paths"]}
    known = _headers("ETag", "Cache-Control")
    get_document = {
        "operationId": "getOpenapi",
        "summary": "This document",
        "tags": ["Operations"],
        "responses": {
            200: _json(document, "The document.", "ETag", "Cache-Control"),
            304: {"description": "You have it already.", "headers": known},
        },
    }
    spec.path("/health", operations={"get": get_health})
    for name, summary in (
        ("live", "Whether this process answers"),
        ("ready", "Whether this process can serve the picker, whatever Lean does"),
    ):
        get_probe = {
            "operationId": f"getHealth{name.title()}",
            "summary": summary,
            "tags": ["Operations"],
            "responses": {200: _json(HealthProbeSchema, "Yes.")},
        }
        if name == "ready":
            get_probe["responses"] |= {503: _json(HealthProbeSchema, "Not yet.")}
        spec.path(f"/health/{name}", operations={"get": get_probe})
    spec.path("/webhooks", operations={"post": webhook})
    spec.path("/openapi.json", operations={"get": get_document})


def _json(schema: Any, text: str, *headers: str) -> dict[str, Any]:
    return {
        "description": text,
        "headers": _headers(*(headers or ["Cache-Control"])),
        "content": {"application/json": {"schema": schema}},
    }


def _problem(text: str, *headers: str) -> dict[str, Any]:
    return {
        "description": text,
        "headers": _headers("Cache-Control", *headers),
        "content": {"application/problem+json": {"schema": ProblemSchema}},
    }


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
