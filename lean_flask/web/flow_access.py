"""Open a flow from the token that a request brings."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import current_app, request, url_for

from ..config.settings import Settings
from ..errors import FlowError
from ..flows.flow import Flow, from_payload
from ..flows.flow_state import FlowState
from ..flows.flow_states import MAX_TIME_TO_END
from ..flows.given_token import is_lasting
from ..flows.new_consents import needs_new_consent
from ..flows.token import FlowSerializer
from ..flows.urls import MAX_URL_LENGTH
from ..services import get_services
from .browser_session import is_browser
from .secret_keys import key_salt, secret_keys
from .way_back import way_back, way_back_of

log = logging.getLogger(__name__)


class ForeignFlowError(FlowError):
    """The flow was made in another browser session."""


def open_flow(token: Any, may_have_ended: bool = False, url: str | None = None) -> Flow:
    """Return the flow of *token*, if this browser may go on with it. A refusal leaves a log line.

    :param may_have_ended: also a flow that was launched in time and ended later, or that has ended
        well: for what a browser reports.
    :param url: of its page, where the caller knows it.
    :raises FlowError: with reason ``expired``, ``invalid_flow`` or ``completed``.
    """
    try:
        return find_flow(token, may_have_ended, url)
    except FlowError as error:
        log.warning("Refused %s: %s", request.endpoint, error)
        raise


def find_flow(token: Any, may_have_ended: bool = False, url: str | None = None) -> Flow:
    """Return the same as :func:`open_flow`, without a log line for a refusal."""
    name = request.blueprint or ""
    services = get_services()
    settings = services.settings
    if not isinstance(token, str) or not 0 < len(token) <= MAX_URL_LENGTH:
        raise FlowError("The request names no flow", reason="invalid_flow")
    if not current_app.config.get("SECRET_KEY"):
        log.error("Cannot decrypt the flow token: SECRET_KEY is not set")
        raise FlowError("The flow token was not made by this blueprint", reason="invalid_flow")
    max_age = settings.flow_max_age + (MAX_TIME_TO_END if may_have_ended else 0)
    payload, expired = flow_serializer(name).loads(token, max_age)
    flow = from_payload(payload, token, url or url_for(f"{name}.picker", flow=token))
    if settings.bind_flow and not is_browser(flow.session_id or ""):
        raise ForeignFlowError("The flow was made in another browser session", None, "invalid_flow")
    if not may_have_ended:
        is_over = expired or _has_outlived_its_token(flow, settings)
        _check_state(flow, services.flow_states.get(flow.id), is_over)
    elif expired:
        raise _expired(flow, FlowState())
    return flow


def _check_state(flow: Flow, state: FlowState, expired: bool) -> None:
    """Refuse a flow that is over."""
    if state.is_completed:
        raise FlowError(
            "The flow is completed", reason="completed", return_url=way_back_of(flow, state)
        )
    if expired:
        raise _expired(flow, state)
    if needs_new_consent(flow, state):
        raise FlowError(
            "An attempt has failed, and its consent is spent: make a new consent and a new flow, "
            "or give authorize_consent a function of @lean.new_consent",
            reason="new_consent_needed",
            return_url=way_back_of(flow, state),
        )


def _expired(flow: Flow, state: FlowState) -> FlowError:
    back = way_back_of(flow, state) or way_back(flow, "ERROR", reason="expired")
    return FlowError("The flow has expired", reason="expired", return_url=back)


def _has_outlived_its_token(flow: Flow, settings: Settings) -> bool:
    """Return whether the host's own token has become too short, and none can be minted."""
    if flow.access_token is None or (flow.customer_id and settings.client_secret):
        return False
    return not is_lasting(flow.access_token, time.time())


def flow_serializer(blueprint_name: str) -> FlowSerializer:
    """Return what makes and reads the tokens of the blueprint registered as *blueprint_name*.

    :raises ConfigurationError: when the app has no ``SECRET_KEY``.
    """
    clock = get_services(blueprint_name).wall_clock
    return _make_serializer(secret_keys(), key_salt("flow", blueprint_name), clock)


@lru_cache(maxsize=32)
def _make_serializer(
    keys: tuple[str | bytes, ...], salt: str, clock: Callable[[], float]
) -> FlowSerializer:
    return FlowSerializer(keys, salt, clock)
