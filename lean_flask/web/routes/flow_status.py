"""``GET /flows/<id>``: what became of a flow, for the browser that holds it.

The page asks here what happened in another tab, such as the one that the bank's app opened.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify, request
from marshmallow import Schema, fields, validate

from ...services import get_services
from ..flow_access import open_flow
from ..json_endpoint import json_endpoint
from ..problems import described, problem
from ..way_back import way_back


class FlowStatusSchema(Schema):
    """What is known of a flow."""

    id = fields.String(required=True)
    status = fields.String(
        required=True,
        validate=validate.OneOf(["open", "launched", "at_bank", "reported"]),
        metadata=described(
            "`open`: made; `launched`: the SDK got its config; `at_bank`: the SDK said `REDIRECT`; "
            "`reported`: the SDK said how it ended."
        ),
    )
    sdk_status = fields.String(
        required=True,
        allow_none=True,
        metadata=described(
            "The SDK's last status since the last launch. A hint, as `lean_status`."
        ),
    )
    bank_identifier = fields.String(
        required=True, allow_none=True, metadata=described("Of the bank launched last.")
    )
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
    state = get_services().flow_states.get(flow.id)
    changed = state.updated_at
    status = {
        "id": flow.id,
        "status": state.status,
        "sdk_status": state.sdk_status,
        "bank_identifier": state.bank_identifier,
        "updated_at": None if changed is None else datetime.fromtimestamp(changed, UTC),
        "next": way_back(flow, state.sdk_status) if state.sdk_status else None,
    }
    return jsonify(FlowStatusSchema().dump(status))
