"""``POST /callback``: what the SDK said when it closed, told to the host once."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from marshmallow import RAISE, Schema, fields

from ...common.schemas import instance_of
from ...flows.callback import CallbackSchema, told_on
from ...flows.chosen import platform_field
from ...services import get_services
from ..choice_wording import asked_of
from ..closing import close_flow
from ..flow_access import open_flow
from ..json_endpoint import json_body, json_endpoint
from ..messages import failure_message, failure_title
from ..pages import page_language
from ..problems import advice_field, described
from ..receipt import (
    awaits_confirmation_field,
    can_retry_field,
    flow_status_field,
    outcome_members,
    receipt_field,
)
from ..way_back import way_back


class CallbackBodySchema(Schema):
    """Which flow closed, and what the SDK said."""

    class Meta:
        unknown = RAISE

    flow = fields.String(required=True)
    data = fields.Nested(CallbackSchema, required=True)
    platform = platform_field()


class CallbackResponseSchema(Schema):
    """Where the customer goes on."""

    next = fields.String(
        required=True,
        allow_none=True,
        metadata=described("Where to send the customer: the flow's `return_url` with the outcome."),
    )
    advice = advice_field(required=True)
    title = fields.String(
        required=True,
        allow_none=True,
        metadata=described("What kind of failure it was, as a heading, where that is known."),
    )
    status = flow_status_field(required=True)
    awaits_confirmation = awaits_confirmation_field(required=True)
    can_retry = can_retry_field(required=True)
    receipt = receipt_field(required=True)


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.post("/callback", endpoint="callback")(_callback)


@json_endpoint
def _callback() -> Response:
    body = json_body(CallbackBodySchema)
    flow = open_flow(body["flow"], may_have_ended=True)  # the page may report late, and twice
    services = get_services()
    data = told_on(body["platform"], body["data"])
    close_flow(services, flow, data)
    state = services.flow_states.get(flow.id)
    language = page_language(services, flow)
    response = {
        "next": way_back(flow, data.status, data.lean_correlation_id, state=state),
        "advice": failure_message(data.secondary_status, language, asked_of(flow)),
        "title": failure_title(data.secondary_status, language),
        **outcome_members(services, flow, state, language),
    }
    return jsonify(instance_of(CallbackResponseSchema).dump(response))
