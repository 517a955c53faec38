"""``POST /events``: what happens on the page alone, told to the host's signals."""

from __future__ import annotations

from flask import Blueprint, Response
from marshmallow import RAISE, Schema, fields, validate

from ... import signals
from ...banks.search import MAX_QUERY_LENGTH, has_long_number
from ...common.fields import CleanString
from ...common.metric_table import PAGE_EVENTS
from ...common.validators import is_identifier
from ...services import get_services
from ..flow_access import open_flow
from ..json_endpoint import json_body, json_endpoint


class EventSchema(Schema):
    """Nothing personal: what was typed is taken only where ``LEAN_REPORT_QUERIES`` asks for it."""

    class Meta:
        unknown = RAISE

    flow = fields.String(required=True)
    event = fields.String(
        required=True,
        validate=validate.OneOf(["search_empty", "bank_unavailable", "loader_blocked"]),
    )
    bank_identifier = fields.String(load_default=None, validate=is_identifier)
    reason = fields.String(load_default=None, validate=validate.OneOf(["unavailable", "limit"]))
    query = CleanString(max_length=MAX_QUERY_LENGTH, load_default=None)


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.post("/events", endpoint="events")(_events)


@json_endpoint
def _events() -> Response:
    body = json_body(EventSchema)
    flow = open_flow(body["flow"], may_have_ended=True)
    services = get_services()
    services.metrics.count(PAGE_EVENTS, body["event"])
    if body["event"] == "search_empty":
        query = body["query"]
        if query and (not services.settings.report_queries or has_long_number(query)):
            query = None
        signals.send(signals.search_empty, flow=flow, query=query)
    elif body["event"] == "bank_unavailable":
        signals.send(
            signals.bank_unavailable,
            flow=flow,
            bank_identifier=body["bank_identifier"],
            reason=body["reason"],
        )
    else:
        signals.send(signals.loader_blocked, flow=flow)
    # Not text/html, Flask's default: an empty answer needs no headers of pages.
    return Response(status=204, mimetype="text/plain")
