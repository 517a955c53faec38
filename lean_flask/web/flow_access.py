"""Open a flow from the token that a request brings."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import current_app, g, request, url_for
from werkzeug.exceptions import HTTPException

from ..common.logs import get_logger, log_fields
from ..config.settings import Settings
from ..errors import FlowError
from ..flows.flow import Flow, from_payload
from ..flows.flow_state import FlowState
from ..flows.flow_states import MAX_TIME_TO_END
from ..flows.given_token import is_lasting
from ..flows.identity import IdentifyFailed, check_user
from ..flows.new_consents import needs_new_consent
from ..flows.token import FlowSerializer, is_expired
from ..flows.urls import MAX_URL_LENGTH
from ..services import Services, get_services
from .browser_session import is_browser, missing_cookie_advice
from .flow_metrics import count_refusal
from .identified_user import identified_user
from .secret_keys import key_salt, secret_keys
from .way_back import way_back, way_back_of

log = get_logger(__name__)


class ForeignFlowError(FlowError):
    """The flow was made in another browser session."""


def open_flow(
    token: Any,
    may_have_ended: bool = False,
    url: str | None = None,
    services: Services | None = None,
) -> Flow:
    """Return the flow of *token*, if this request may go on with it. A refusal leaves a log line.

    :param may_have_ended: also a flow that was launched in time and ended later, or that has ended
        well: for what a browser reports.
    :param url: of its page, where the caller knows it.
    :param services: of the blueprint that made it; by default that of the request's route.
    :raises FlowError: with reason ``expired``, ``invalid_flow``, ``completed``,
        ``new_consent_needed``, ``signed_out``, ``other_user`` or ``identify_failed``.
    :raises HTTPException: as the host's ``@lean.identify`` aborts.
    """
    try:
        return find_flow(token, may_have_ended, url, services)
    except IdentifyFailed as error:
        _count(services, error.reason)
        log.exception(
            "Cannot tell whose request %s is: %s",
            request.endpoint,
            error,
            extra=_fields(error.reason),
        )
        raise
    except FlowError as error:
        _count(services, error.reason)
        log.warning("Refused %s: %s", request.endpoint, error, extra=_fields(error.reason))
        raise
    except HTTPException as error:
        status = error.get_response().status_code
        log.info("Refused %s: @lean.identify aborts with %d", request.endpoint, status)
        raise


def _count(services: Services | None, reason: str) -> None:
    count_refusal(services or get_services(), reason)


def _fields(reason: str) -> dict[str, Any]:
    return log_fields(endpoint=request.endpoint, reason=reason)


def find_flow(
    token: Any,
    may_have_ended: bool = False,
    url: str | None = None,
    services: Services | None = None,
    user: str | None = None,
) -> Flow:
    """Return the same as :func:`open_flow`, without a log line for a refusal.

    :param user: whose request it is, where the host has said so: then only a flow of theirs.
    """
    services = services or get_services()
    name = services.name
    if not isinstance(token, str) or not 0 < len(token) <= MAX_URL_LENGTH:
        raise FlowError("The request names no flow", reason="invalid_flow")
    if not current_app.config.get("SECRET_KEY"):
        log.error("Cannot decrypt the flow token: SECRET_KEY is not set")
        raise FlowError("The flow token was not made by this blueprint", reason="invalid_flow")
    payload, age = flow_serializer(services).loads(token)
    flow = from_payload(payload, token, url or url_for(f"{name}.picker", flow=token))
    g.lean_flask_language = flow.language
    try:
        _check_holder(flow, services, user)
        if not may_have_ended:
            _check_launchable(flow, services, age)
        elif is_expired(age, _max_age(flow, services.settings) + MAX_TIME_TO_END):
            raise _expired(flow, FlowState())
    except FlowError as error:
        error.language = flow.language
        raise
    return flow


def asked_language() -> str | None:
    """Return the language of the flow that this request is about, also of one that is refused."""
    language: str | None = g.get("lean_flask_language")
    return language


def _check_holder(flow: Flow, services: Services, user: str | None) -> None:
    """Refuse a request of another user than the flow's, or of another browser session."""
    if user is not None:
        check_user(user, flow.bound_to or "")
    elif flow.bound_to is not None:
        check_user(identified_user(services), flow.bound_to)
    elif services.settings.bind_flow and not is_browser(flow.session_id or ""):
        advice = missing_cookie_advice(services.settings.origins)
        text = f"The flow was made in another browser session{advice}"
        raise ForeignFlowError(text, None, "invalid_flow")


def require_launchable(flow: Flow, services: Services) -> None:
    """Refuse to launch a flow that is over.

    :raises FlowError: with reason ``expired``, ``completed`` or ``new_consent_needed``.
    """
    _, age = flow_serializer(services).loads(flow.token)
    _check_launchable(flow, services, age)


def _check_launchable(flow: Flow, services: Services, age: float) -> None:
    settings = services.settings
    is_over = is_expired(age, _max_age(flow, settings)) or _has_outlived_its_token(flow, settings)
    _check_state(flow, services.flow_states.get(flow.id), is_over)


def _max_age(flow: Flow, settings: Settings) -> int:
    """Return the seconds in which the flow may be launched."""
    return flow.max_age or settings.flow_max_age


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


def flow_serializer(services: Services) -> FlowSerializer:
    """Return what makes and reads the tokens of the blueprint that *services* are of.

    :raises ConfigurationError: when the app has no ``SECRET_KEY``.
    """
    return _make_serializer(secret_keys(), key_salt("flow", services), services.wall_clock)


@lru_cache(maxsize=32)
def _make_serializer(
    keys: tuple[str | bytes, ...], salt: str, clock: Callable[[], float]
) -> FlowSerializer:
    return FlowSerializer(keys, salt, clock)
