"""Launch a flow: the customer's choice in, the SDK's call out. For the route and for Python."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from flask import url_for

from .. import signals
from ..common.logs import get_logger, log_fields
from ..common.types import Platform
from ..errors import BankUnavailable, FlowError
from ..flows.flow import Flow
from ..flows.given_token import is_lasting
from ..flows.launch import Launch
from ..flows.native import for_platform, require_openable
from ..flows.new_consents import NewConsentFailed
from ..flows.sdk_config import sdk_config
from ..services import Services, tell_outcomes
from .browser_session import remember_launch
from .flow_metrics import count_step, counting_refusals
from .language import PageLanguage
from .made_choice import made_choice
from .proxy import has_insecure_landing

log = get_logger(__name__)

INSECURE_LANDING = (
    "In production the landing URLs must begin with https://. Behind a proxy that ends TLS, the "
    "app needs ProxyFix."
)
LANDINGS = {"success_redirect_url": "return_success", "fail_redirect_url": "return_fail"}


def launch_flow(
    services: Services,
    flow: Flow,
    chosen: Mapping[str, str | None],
    language: PageLanguage,
    platform: Platform = "web",
) -> Launch:
    """Return what to open the SDK with, after the customer chose; note it, and tell the host.

    :param chosen: what the customer chose, checked here: ids, by the names of the config.
    :param platform: whose SDK it is for.
    :raises BankUnavailable: when *chosen* cannot be used for the flow.
    :raises FlowError: when the flow takes no such choice, or cannot be launched from here.
    :raises UpstreamError: when Lean does not give what the launch needs.
    """
    with counting_refusals(services):
        launch = _launch(services, flow, chosen, language, platform)
    count_step(services, flow, "launched")
    return launch


def _launch(
    services: Services,
    flow: Flow,
    chosen: Mapping[str, str | None],
    language: PageLanguage,
    platform: Platform,
) -> Launch:
    require_openable(flow, chosen, platform)
    landings = landing_urls(services, flow)
    try:
        choice = made_choice(services, flow, chosen)
    except BankUnavailable as error:
        error.can_choose = bool(flow.choices)
        signals.send(
            signals.bank_unavailable,
            flow=flow,
            bank_identifier=chosen.get("bank_identifier"),
            reason=error.reason,
        )
        raise
    token = access_token(services, flow)
    consent_id = _consent_of_launch(services, flow)
    config = sdk_config(services.settings, flow, language.lean, token, choice, landings, consent_id)
    if flow.bound_to is None:
        remember_launch(flow.token, language)
    else:
        services.flow_states.note_launch_by(flow, language)
    bank = choice.bank.identifier if choice.bank else config.get("bank_identifier")
    news = services.flow_states.record_launch(flow, bank, config)
    if choice.is_made:
        signals.send(
            signals.bank_selected, flow=flow, bank=choice.bank, account_id=choice.account_id
        )
    signals.send(signals.flow_launched, flow=flow, bank=choice.bank)
    tell_outcomes(news)
    return for_platform(Launch(flow.method, config), platform, services.settings, language.lean)


def landing_urls(services: Services, flow: Flow) -> dict[str, str]:
    """Return our landing URLs that *flow* needs. They are constant, without query or flow.

    Lean may compare them with the registered ones exactly.

    :raises FlowError: when a bank would send a customer of production to an ``http://`` page.
    """
    if not flow.traits.takes_landings:
        return {}
    needed = {name: page for name, page in LANDINGS.items() if name not in flow.config}
    if needed and has_insecure_landing(services.settings):
        log.error(
            "Refused a launch in production: its landing URLs would begin with http://; behind a "
            "proxy, use ProxyFix"
        )
        raise FlowError(INSECURE_LANDING, reason="upstream")
    return {
        name: url_for(f"{services.name}.{page}", _external=True) for name, page in needed.items()
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
        made = services.host.new_consents.make(flow.new_consent, flow)
    except NewConsentFailed as error:
        log.exception(
            "No consent for a launch: %s", error, extra=log_fields(flow=flow.id, method=flow.method)
        )
        raise
    return services.flow_states.keep_consent(flow.id, made, state.consent_id)


def sdk_call(launch: Launch) -> dict[str, Any]:
    """Return *launch* as the routes respond with it; that of the web has no ``native``."""
    native = {"native": launch.native} if launch.native else {}
    return {"method": launch.method, "config": launch.config, **native}
