"""``GET /return/success`` and ``/return/fail``: back from the bank, in any browser."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, url_for
from marshmallow import RAISE, Schema, fields

from ...common.types import Language
from ...errors import FlowError, UpstreamError
from ...flows.flow import Flow
from ...flows.sdk_config import redirect_config
from ...services import get_services
from ..assets import script_url, stylesheet_url
from ..browser_session import launched
from ..flow_access import open_flow
from ..json_endpoint import json_body, json_endpoint
from ..pages import page_language, render_page
from .call_schemas import LandingSchema, capture_redirect_call
from .launch import access_token


class ReturnBodySchema(Schema):
    """Which flow came back, and with which parameters."""

    class Meta:
        unknown = RAISE

    flow = fields.String(required=True)
    landed_with = fields.Nested(LandingSchema, load_default=dict)


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.get("/return/success", endpoint="return_success")(_return_success)
    blueprint.get("/return/fail", endpoint="return_fail")(_return_fail)
    blueprint.post("/return", endpoint="capture_redirect")(_capture_redirect)


def _return_success() -> Response:
    return _landing("SUCCESS")


def _return_fail() -> Response:
    return _landing("ERROR")


def _landing(outcome: str) -> Response:
    """Return the page that asks the SDK for the outcome; landing here proves nothing."""
    flow, language = _returning_flow()
    services = get_services()
    language = language or page_language(services, flow)
    return render_page(
        "return.html",
        language,
        outcome=outcome,
        flow=flow,
        urls={
            "stylesheet": stylesheet_url(services, flow),
            "script": script_url(services.name, "return"),
            "loader": services.settings.loader_url,
            "capture": url_for(".capture_redirect", lang=language),
            "events": url_for(".events"),
            "callback": url_for(".callback"),
            "picker": url_for(".picker"),
            "back": flow.return_url if flow else None,
        },
    )


def _returning_flow() -> tuple[Flow | None, Language | None]:
    """Return the flow launched last in this browser session, if it can still go on."""
    for token, language in launched():
        try:
            return open_flow(token, may_have_ended=True), language
        except FlowError:
            continue
    return None, None


@json_endpoint
def _capture_redirect() -> Response:
    """Return the config of ``Lean.captureRedirect``, or none without a customer or a token."""
    body = json_body(ReturnBodySchema())
    flow = open_flow(body["flow"], may_have_ended=True)
    if flow.customer_id is None:
        return jsonify(capture_redirect_call(None))
    services = get_services()
    try:
        token = access_token(services, flow)
    except UpstreamError:
        return jsonify(capture_redirect_call(None))
    config = redirect_config(
        services.settings, flow, page_language(services, flow), token, body["landed_with"]
    )
    return jsonify(capture_redirect_call(config))
