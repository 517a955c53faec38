"""``POST /launch``: the customer's choice in, the SDK's config out. ``POST /callback``: the end."""

from __future__ import annotations

import logging
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from .. import signals
from ..banks.bank import Bank
from ..banks.schema import IDENTIFIER
from ..errors import BankUnavailable, FlowError, UpstreamError
from ..flows.addresses import with_query
from ..flows.flow import Flow
from ..flows.launch import sdk_config, usable_bank
from ..flows.results import CallbackData, CallbackSchema
from ..services import Services, services
from .browser import complete
from .flows import open_flow
from .html import notice, page_language
from .origin import is_cross_site
from .problems import problem, upstream_problem

log = logging.getLogger(__name__)

_LARGEST_BODY = 64_000  # bytes
_FLOW_STATUS = {"expired": 410, "completed": 410, "foreign": 403}


class LaunchSchema(Schema):
    """All that a browser may say: which flow, and which bank or account of it."""

    class Meta:
        unknown = RAISE

    flow = fields.String(required=True)
    bank_identifier = fields.String(
        load_default=None, validate=validate.Regexp(rf"{IDENTIFIER.pattern}\Z")
    )


class CallbackBodySchema(Schema):
    class Meta:
        unknown = RAISE

    flow = fields.String(required=True)
    data = fields.Nested(CallbackSchema, required=True)


def add_routes(blueprint: Blueprint) -> None:
    blueprint.post("/launch", endpoint="launch")(_launch)
    blueprint.post("/callback", endpoint="callback")(_callback)


def _launch() -> Response:
    if request.mimetype == "application/x-www-form-urlencoded" and not is_cross_site():
        return _without_script()
    try:
        body = _json_body(LaunchSchema())
        flow = open_flow(body["flow"])
        lean = services()
        bank = _chosen_bank(lean, flow, body["bank_identifier"])
        token = _access_token(lean, flow)
    except _Refused as refusal:
        return refusal.response
    except FlowError as error:
        return problem(_FLOW_STATUS[error.reason], str(error), reason=error.reason)
    except BankUnavailable as error:
        return problem(409, str(error), reason=error.reason)
    except UpstreamError as error:
        log.warning("A flow could not be launched: %s", error)
        return upstream_problem(error)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if bank:
        signals.bank_selected.send(app, flow=flow, bank=bank, account_id=None)
    config = sdk_config(lean.settings, flow, page_language(flow), token, bank)
    signals.flow_launched.send(app, flow=flow, bank=bank)
    return _unstored(jsonify(method=flow.method, config=config))


def _callback() -> Response:
    try:
        body = _json_body(CallbackBodySchema())
        flow = open_flow(body["flow"], completed_too=True)  # the SDK may call back twice
    except _Refused as refusal:
        return refusal.response
    except FlowError as error:
        return problem(_FLOW_STATUS[error.reason], str(error), reason=error.reason)
    data: CallbackData = body["data"]
    log.info(
        "Flow %s closed: %s %s (correlation id %s)",
        flow.id,
        data.status,
        data.secondary_status or "",
        data.lean_correlation_id,
    )
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if not data.is_success or complete(flow.id):
        signals.flow_closed.send(app, flow=flow, data=data)
    return _unstored(jsonify(next=next_url(flow, data.status, data.lean_correlation_id)))


def next_url(flow: Flow, status: str, correlation_id: str | None) -> str | None:
    """The host's ``return_url`` with the outcome, as a hint, in its query."""
    if flow.return_url is None:
        return None
    return with_query(
        flow.return_url,
        lean_status=status,
        lean_flow=flow.id,
        lean_correlation_id=correlation_id,
    )


class _Refused(Exception):
    def __init__(self, response: Response) -> None:
        self.response = response


def _json_body(schema: Schema) -> dict[str, Any]:
    """The request's JSON through *schema*; only our own page may send it."""
    if is_cross_site():
        raise _Refused(problem(403, "Only this site's own pages may send this."))
    request.max_content_length = _LARGEST_BODY
    if not request.is_json:
        raise _Refused(problem(415, "Send application/json."))
    try:
        body: dict[str, Any] = schema.load(request.get_json(silent=True) or {})
    except ValidationError as error:
        raise _Refused(problem(400, "The body is not valid.", errors=error.messages)) from None
    return body


def _chosen_bank(lean: Services, flow: Flow, identifier: str | None) -> Bank | None:
    """The bank to open the SDK with: the customer's choice, else the host's, else none."""
    chosen = identifier or flow.config.get("bank_identifier")
    if chosen is None:
        return None
    try:
        listing = lean.directory.listing(flow.account_type, flow.customer_id)
    except UpstreamError:
        if identifier:
            raise
        return None  # the host's own choice needs no list: it goes to the SDK unchecked
    return usable_bank(flow, {bank.identifier: bank for bank in listing.banks}, chosen)


def _access_token(lean: Services, flow: Flow) -> str | None:
    if flow.access_token:
        return flow.access_token
    if flow.customer_id and lean.settings.client_secret:
        return lean.client.customer_token(flow.customer_id)
    return None


def _without_script() -> Response:
    try:
        flow = open_flow(request.form.get("flow"))
    except FlowError as error:
        return notice(error.reason)
    return notice("script", flow)


def _unstored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return response
