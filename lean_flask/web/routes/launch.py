"""``POST /launch``: the customer's choice in, the SDK's config out."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from marshmallow import fields

from ...flows.chosen import ChosenSchema
from ...services import get_services
from ..flow_access import open_flow
from ..json_endpoint import json_body, json_endpoint
from ..launching import launch_flow, sdk_call
from ..pages import page_language
from .choice import is_form, keep_choice


class LaunchSchema(ChosenSchema):
    """All that a front end may say: which flow, and what the customer chose for it."""

    flow = fields.String(required=True)


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.post("/launch", endpoint="launch")(_launch_or_keep_choice)


def _launch_or_keep_choice() -> Response:
    return keep_choice() if is_form() else _launch()


@json_endpoint
def _launch() -> Response:
    body = json_body(LaunchSchema)
    flow = open_flow(body.pop("flow"))
    services = get_services()
    platform = body.pop("platform")
    launch = launch_flow(services, flow, body, page_language(services, flow), platform)
    return jsonify(sdk_call(launch))
