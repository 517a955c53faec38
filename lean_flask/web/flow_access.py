"""Open a flow from the token that a request brings."""

from __future__ import annotations

import logging
import time
from functools import lru_cache
from typing import Any

from flask import current_app, request, url_for

from ..config.settings import Settings
from ..errors import FlowError
from ..flows.flow import Flow, from_payload
from ..flows.given_token import is_lasting
from ..flows.token import FlowSerializer
from ..flows.urls import MAX_URL_LENGTH
from ..services import get_services
from .browser_session import is_browser, is_completed
from .secret_keys import key_salt, secret_keys

log = logging.getLogger(__name__)


def open_flow(token: Any, completed_too: bool = False, url: str | None = None) -> Flow:
    """Return the flow of *token*, if this browser may go on with it.

    :param completed_too: also a flow that has ended well, for callbacks that come twice.
    :param url: of its page, where the caller knows it.
    :raises FlowError: with reason ``expired``, ``invalid_flow`` or ``completed``.
    """
    name = request.blueprint or ""
    settings = get_services().settings
    if not isinstance(token, str) or not 0 < len(token) <= MAX_URL_LENGTH:
        raise FlowError("The request names no flow", reason="invalid_flow")
    if not current_app.config.get("SECRET_KEY"):
        log.error("Cannot decrypt the flow token: SECRET_KEY is not set")
        raise FlowError("The flow token was not made by this blueprint", reason="invalid_flow")
    payload, expired = flow_serializer(name).loads(token, settings.flow_max_age)
    flow = from_payload(payload, token, url or url_for(f"{name}.picker", flow=token))
    if settings.bind_flow and not is_browser(flow.session_id or ""):
        raise FlowError("The flow was made in another browser session", reason="invalid_flow")
    if expired or (not completed_too and _has_outlived_its_token(flow, settings)):
        raise FlowError("The flow has expired", reason="expired", return_url=flow.return_url)
    if is_completed(flow.id) and not completed_too:
        raise FlowError("The flow is completed", reason="completed", return_url=flow.return_url)
    return flow


def _has_outlived_its_token(flow: Flow, settings: Settings) -> bool:
    """Return whether the host's own token has become too short, and none can be minted."""
    if flow.access_token is None or (flow.customer_id and settings.client_secret):
        return False
    return not is_lasting(flow.access_token, time.time())


def flow_serializer(blueprint_name: str) -> FlowSerializer:
    """Return what makes and reads the tokens of the blueprint registered as *blueprint_name*.

    :raises ConfigurationError: when the app has no ``SECRET_KEY``.
    """
    return _make_serializer(secret_keys(), key_salt("flow", blueprint_name))


@lru_cache(maxsize=32)
def _make_serializer(keys: tuple[str | bytes, ...], salt: str) -> FlowSerializer:
    return FlowSerializer(keys, salt)
