"""``POST /launch``: the customer's choice in, the SDK's config out."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, url_for
from marshmallow import RAISE, Schema, fields

from ... import signals
from ...banks.bank import Bank
from ...common.validators import is_account_type, is_identifier
from ...errors import BankUnavailable, UpstreamError
from ...flows.eligibility import Choice, require_account, require_bank
from ...flows.flow import Flow
from ...flows.given_token import is_lasting
from ...flows.schema_fields import UUIDText
from ...flows.sdk_config import sdk_config
from ...services import Services, get_services, tell_outcomes
from ...upstream.payment_sources import accounts_of
from ..browser_session import remember_launch
from ..flow_access import open_flow
from ..json_endpoint import json_body, json_endpoint
from ..messages import refusal_message
from ..pages import page_language
from ..problems import problem
from ..proxy import has_insecure_landing
from .call_schemas import flow_call
from .choice import is_form, keep_choice

log = logging.getLogger(__name__)

INSECURE_LANDING = (
    "In production the landing URLs must begin with https://. Behind a proxy that ends TLS, the "
    "app needs ProxyFix."
)


class LaunchSchema(Schema):
    """All that a browser may say: which flow, and which bank or account of it."""

    class Meta:
        unknown = RAISE

    flow = fields.String(required=True)
    bank_identifier = fields.String(load_default=None, validate=is_identifier)
    account_id = UUIDText(load_default=None)
    account_type = fields.String(load_default=None, validate=is_account_type)


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
        choice = _choice(services, flow, body)
    except BankUnavailable as error:
        signals.send(
            signals.bank_unavailable,
            flow=flow,
            bank_identifier=body["bank_identifier"],
            reason=error.reason,
        )
        raise
    token = access_token(services, flow)
    language = page_language(services, flow)
    landings = landing_urls() if flow.traits.takes_landings else {}
    config = sdk_config(services.settings, flow, language, token, choice, landings)
    remember_launch(flow.token, language)
    news = services.flow_states.record_launch(flow, config.get("bank_identifier"))
    if choice.bank or choice.account_id:
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


def _choice(services: Services, flow: Flow, chosen: Mapping[str, str | None]) -> Choice:
    """Return what to open the SDK with: the customer's choice, else the host's, else none."""
    identifier, account_id = chosen["bank_identifier"], chosen["account_id"]
    if account_id and "payments" in flow.traits.purposes:
        return _chosen_account(services, flow, account_id)
    if identifier:
        banks = _banks(services, flow)
        return Choice(require_bank(flow, banks, identifier, chosen["account_type"]))
    preset = flow.config.get("bank_identifier")
    if preset:
        try:
            require_bank(flow, _banks(services, flow), preset)
        except UpstreamError:
            log.info("No bank list: launching %s without a check", preset)
    return Choice()  # the flow's own config holds what the host has preset


def _chosen_account(services: Services, flow: Flow, account_id: str) -> Choice:
    """Return the account with its bank, if it is the flow's customer's own."""
    sources = services.client.payment_sources(flow.customer_id) if flow.customer_id else ()
    account = require_account(accounts_of(sources), account_id)
    try:
        bank = require_bank(flow, _banks(services, flow), account.bank_identifier)
    except UpstreamError:
        return Choice(account_id=account.account_id)  # the account stands without a list
    return Choice(bank, account.account_id)


def _banks(services: Services, flow: Flow) -> tuple[Bank, ...]:
    return services.catalog.listing(flow.account_type, flow.customer_id).banks
