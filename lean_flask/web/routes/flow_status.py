"""``GET /flows/<id>``: what became of a flow, for whoever holds it.

The page asks here what happened in another tab, such as the one that the bank's app opened.
"""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, jsonify, request
from marshmallow import Schema, fields

from ...common.schemas import instance_of
from ...services import get_services
from ..flow_access import open_flow
from ..json_endpoint import json_endpoint
from ..pages import page_language
from ..problems import described, problem
from ..receipt import (
    awaits_confirmation_field,
    can_retry_field,
    flow_status_field,
    outcome_members,
    receipt_field,
)
from ..way_back import way_back_of


class FlowStatusSchema(Schema):
    """What is known of a flow."""

    id = fields.String(required=True)
    status = flow_status_field(required=True)
    sdk_status = fields.String(
        required=True,
        allow_none=True,
        metadata=described(
            "The SDK's last status since the last launch. A hint, as `lean_status`."
        ),
    )
    bank_identifier = fields.String(
        required=True,
        allow_none=True,
        metadata=described("Of the bank that the webhook named, else the SDK, else the launch."),
    )
    entity_id = fields.String(
        required=True,
        allow_none=True,
        metadata=described("Of the connection, once a webhook named it."),
    )
    payment_id = fields.String(
        required=True,
        allow_none=True,
        metadata=described("Of the payment, once a webhook named it."),
    )
    consent_id = fields.String(
        required=True,
        allow_none=True,
        metadata=described("Of the consent, once a webhook named it."),
    )
    awaits_confirmation = awaits_confirmation_field(required=True)
    can_retry = can_retry_field(required=True)
    receipt = receipt_field(required=True)
    updated_at = fields.DateTime(
        required=True, allow_none=True, metadata=described("When this changed last, in UTC.")
    )
    next = fields.String(
        required=True,
        allow_none=True,
        metadata=described("The flow's `return_url` with the outcome, once there is one."),
    )


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.get("/flows/<identifier>", endpoint="flow_status")(_flow_status)


@json_endpoint
def _flow_status(identifier: str) -> Response:
    flow = open_flow(request.args.get("flow"), may_have_ended=True)
    if flow.id != identifier:
        return problem(404, "The flow of this token has another id.")
    services = get_services()
    state = services.flow_states.get(flow.id)
    status = {
        **asdict(state.outcome(flow.id)),
        **outcome_members(services, flow, state, page_language(services, flow)),
        "next": way_back_of(flow, state),
    }
    return jsonify(instance_of(FlowStatusSchema).dump(status))
