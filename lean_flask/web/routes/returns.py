"""``GET /return/success`` and ``/return/fail``: back from the bank, in any browser."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from marshmallow import RAISE, Schema, fields

from ...common.schemas import instance_of
from ...flows.chosen import platform_field
from ...flows.flow import Flow
from ...flows.flow_state import FlowState
from ...flows.landing import LandingSchema
from ...services import get_services
from ..assets import ending_stylesheet_url, script_url, stylesheet_url
from ..capturing import capture_redirect, was_launched
from ..choice_wording import asked_of
from ..flow_access import open_flow
from ..flow_metrics import count_step
from ..json_endpoint import json_body, json_endpoint
from ..launching import sdk_call
from ..pages import page_language, render_page
from ..receipt import outcome_members
from ..returning_flow import returning_flow
from ..way_back import way_back, way_back_of
from ..wording import wording_context

_NO_CALL: dict[str, Any] = {"method": None, "config": None}


class ReturnBodySchema(Schema):
    """Which flow came back, and with which parameters."""

    class Meta:
        unknown = RAISE

    flow = fields.String(required=True)
    landed_with = fields.Nested(LandingSchema, load_default=dict)
    platform = platform_field()


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.get("/return/success", endpoint="return_success")(_landing)
    blueprint.get("/return/fail", endpoint="return_fail")(_landing)
    blueprint.post("/return", endpoint="capture_redirect")(_capture_redirect)


def _landing() -> Response:
    """Return the page that asks the SDK for the outcome; landing here proves nothing."""
    services = get_services()
    landed_with = instance_of(LandingSchema).load(request.args.to_dict())
    found, several = returning_flow(services, landed_with.get("bank_identifier"))
    flow = found.flow if found else None
    if flow:
        count_step(services, flow, "returned")
    language = page_language(services, flow, launched_in=found.language if found else None)
    return render_page(
        "return.html",
        language,
        flow=flow,
        several=several,
        has_users=services.host.identity.is_registered,
        **(
            wording_context(flow.method, language, asked_of(flow), renews=flow.renews)
            if flow
            else wording_context(None, language)
        ),
        urls={
            "stylesheet": stylesheet_url(services, flow),
            "ending_stylesheet": ending_stylesheet_url(services.name),
            "script": script_url(services.name, "return"),
            "loader": services.settings.loader_url,
            "capture": url_for(".capture_redirect", lang=language),
            "events": url_for(".events"),
            "callback": url_for(".callback", lang=language),
            "picker": url_for(".picker"),
            "back": flow.return_url if flow else None,
            "away": found and flow and _way_back(flow, found.state),
        },
    )


@json_endpoint
def _capture_redirect() -> Response:
    """Return the config of ``Lean.captureRedirect``, or none where there is nothing to ask."""
    body = json_body(ReturnBodySchema)
    flow = open_flow(body["flow"], may_have_ended=True)
    services = get_services()
    state = services.flow_states.get(flow.id)
    if not was_launched(flow, state):
        return jsonify(_NO_CALL)  # nobody sent the customer to a bank
    language = page_language(services, flow)
    known = {
        "sdk_status": state.sdk_status,
        "next": _way_back(flow, state),
        **outcome_members(services, flow, state, language),
    }
    launch = capture_redirect(
        services, flow, state, body["landed_with"], language, body["platform"]
    )
    return jsonify((sdk_call(launch) if launch else _NO_CALL) | known)


def _way_back(flow: Flow, state: FlowState) -> str | None:
    """Return the way back; where nothing is known, the customer was at the bank."""
    return way_back_of(flow, state) or way_back(flow, "REDIRECT")
