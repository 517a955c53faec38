"""``POST /launch``: the customer's choice in, the SDK's config out."""

from __future__ import annotations

import logging
import time

from flask import Blueprint, Response, abort, jsonify, url_for
from marshmallow import RAISE, Schema, fields

from ... import signals
from ...common.validators import is_account_type, is_identifier
from ...errors import BankUnavailable
from ...flows.flow import Flow
from ...flows.given_token import is_lasting
from ...flows.new_consents import NewConsentFailed
from ...flows.schema_fields import UUIDText
from ...flows.sdk_config import sdk_config
from ...services import Services, get_services, tell_outcomes
from ..browser_session import remember_launch
from ..flow_access import open_flow
from ..json_endpoint import json_body, json_endpoint
from ..made_choice import made_choice
from ..messages import refusal_message
from ..pages import page_language
from ..problems import described, problem
from ..proxy import has_insecure_landing
from .call_schemas import flow_call
from .choice import is_form, keep_choice

log = logging.getLogger(__name__)

INSECURE_LANDING = (
    "In production the landing URLs must begin with https://. Behind a proxy that ends TLS, the "
    "app needs ProxyFix."
)


class LaunchSchema(Schema):
    """All that a browser may say: which flow, and what the customer chose for it."""

    class Meta:
        unknown = RAISE

    flow = fields.String(required=True)
    bank_identifier = fields.String(load_default=None, validate=is_identifier)
    account_id = UUIDText(load_default=None)
    account_type = fields.String(load_default=None, validate=is_account_type)
    entity_id = UUIDText(
        load_default=None,
        metadata=described(
            "Of `connect`: a connection of the customer to renew, at the bank that they chose. "
            "What they share already is asked for, and no more."
        ),
    )
    payment_source_id = UUIDText(
        load_default=None,
        metadata=described("For methods by which one of the customer's sources gets a payee."),
    )


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.post("/launch", endpoint="launch")(_launch_or_keep_choice)


def _launch_or_keep_choice() -> Response:
    return keep_choice() if is_form() else _launch()


@json_endpoint
def _launch() -> Response:
    body = json_body(LaunchSchema())
    flow = open_flow(body["flow"])
    services = get_services()
    if has_insecure_landing():
        log.error(
            "Refused a launch in production: its landing URLs would begin with http://; behind a "
            "proxy, use ProxyFix"
        )
        advice = refusal_message("upstream", page_language(services, flow))
        return problem(503, INSECURE_LANDING, advice=advice)
    try:
        choice = made_choice(services, flow, body)
    except BankUnavailable as error:
        error.can_choose = bool(flow.choices)
        signals.send(
            signals.bank_unavailable,
            flow=flow,
            bank_identifier=body["bank_identifier"],
            reason=error.reason,
        )
        raise
    token = access_token(services, flow)
    consent_id = _consent_of_launch(services, flow)
    language = page_language(services, flow)
    landings = landing_urls() if flow.traits.takes_landings else {}
    config = sdk_config(services.settings, flow, language, token, choice, landings, consent_id)
    remember_launch(flow.token, language)
    bank = choice.bank.identifier if choice.bank else config.get("bank_identifier")
    news = services.flow_states.record_launch(flow, bank, config)
    if choice.is_made:
        signals.send(
            signals.bank_selected, flow=flow, bank=choice.bank, account_id=choice.account_id
        )
    signals.send(signals.flow_launched, flow=flow, bank=choice.bank)
    tell_outcomes(news)
    return jsonify(flow_call(flow.method, config))


def landing_urls() -> dict[str, str]:
    """Return the landing URLs. They are constant, without query or flow.

    Lean may compare them with the registered ones exactly.
    """
    return {
        "success_redirect_url": url_for(".return_success", _external=True),
        "fail_redirect_url": url_for(".return_fail", _external=True),
    }


def access_token(services: Services, flow: Flow) -> str | None:
    """Return the customer's token for the SDK, or ``None`` where it runs without one."""
    if flow.access_token and is_lasting(flow.access_token, time.time()):
        return flow.access_token
    if flow.customer_id and services.settings.client_secret:
        return services.client.customer_token(flow.customer_id)
    return None


def _consent_of_launch(services: Services, flow: Flow) -> str | None:
    """Return the id of the consent for this attempt, made anew where there is none to use.

    ``None`` where the flow names its consent, or its method takes none.
    """
    if flow.new_consent is None:
        return None
    state = services.flow_states.get(flow.id)
    if state.consent_id and not state.has_spent_consent:
        return state.consent_id
    try:
        made = services.new_consents.make(flow.new_consent, flow)
    except NewConsentFailed as error:
        log.exception("No consent for a launch: %s", error)
        advice = refusal_message("upstream", page_language(services, flow))
        abort(problem(503, "The consent could not be made.", reason="upstream", advice=advice))
    return services.flow_states.keep_consent(flow.id, made, state.consent_id)
