"""Make the flows that the methods of the blueprint return."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import has_request_context, url_for

from ..common.logs import get_logger
from ..common.types import Method
from ..config.settings import Settings
from ..errors import ConfigurationError, FlowError
from ..flows.flow import Flow, make_flow, to_payload
from ..flows.given_token import is_lasting, mismatch, seconds_left
from ..flows.urls import MAX_URL_LENGTH
from ..services import get_services
from .browser_session import browser_id
from .flow_access import flow_serializer
from .flow_metrics import count_step
from .hosted_flow import HostedFlow, hosted, require_address

log = get_logger(__name__)


def new_flow(
    blueprint_name: str, method: Method, arguments: Mapping[str, Any], *, renews: bool = False
) -> HostedFlow:
    """Return a flow of the host's *arguments*, with its token and URL.

    :param renews: see :class:`~lean_flask.flows.flow.Flow`.
    :raises FlowError: naming each bad argument, or the long ones when the URL would exceed
        :data:`MAX_URL_LENGTH`.
    :raises ConfigurationError: outside of a request.
    """
    services = get_services(blueprint_name)
    settings = services.settings
    bound_to = arguments.get("bound_to")
    _require_context(method, settings, is_in_session=settings.bind_flow and bound_to is None)
    if bound_to is not None:
        services.host.identity.require()
    consent = arguments.get("consent_id")
    if callable(consent):
        services.host.new_consents.require(consent)
    serializer = flow_serializer(services)
    session_id = browser_id() if settings.bind_flow and bound_to is None else None
    flow = make_flow(method, arguments, session_id, renews=renews)
    _check_age(flow, settings)
    _check_language(flow, settings)
    _check_return(flow, settings)
    flow = _with_usable_token(flow, settings)
    token = serializer.dumps(to_payload(flow))
    url = url_for(f"{blueprint_name}.picker", flow=token)
    if len(url) > MAX_URL_LENGTH:
        raise _too_long(method, arguments, len(url))
    count_step(services, flow, "created")
    return hosted(flow, blueprint_name, token=token, url=url)


def _require_context(method: Method, settings: Settings, *, is_in_session: bool) -> None:
    """Refuse to make a flow where there is no session for it, or no address of its page.

    :raises ConfigurationError: naming the mend.
    """
    if has_request_context():
        return
    if is_in_session:
        raise ConfigurationError(
            f"{method}() needs a request: a flow belongs to the browser session of the customer; "
            "call it in a view, or give the user's id as bound_to"
        )
    require_address(f"{method}()", settings)


def _check_age(flow: Flow, settings: Settings) -> None:
    """Refuse a flow that would outlive what is kept of its end.

    :raises FlowError: naming the longest time.
    """
    longest = int(max(settings.flow_max_age, settings.events_keep))
    if flow.max_age is not None and flow.max_age > longest:
        words = (
            f"max_age got {flow.max_age}; it takes at most {longest} seconds, as long as "
            "LEAN_EVENTS_KEEP keeps what became of a flow"
        )
        raise FlowError(f"{flow.method}: {words}", {"max_age": words})


def _check_language(flow: Flow, settings: Settings) -> None:
    """Refuse a flow in a language that there are no pages in.

    :raises FlowError: naming the languages.
    """
    if flow.language is not None and flow.language not in settings.languages:
        choices = " or ".join(map(repr, settings.languages))
        words = f"language got {flow.language!r}; it takes {choices}, of LEAN_LANGUAGES"
        raise FlowError(f"{flow.method}: {words}", {"language": words})


def _check_return(flow: Flow, settings: Settings) -> None:
    """Refuse a flow that would return to an app that is not the host's.

    :raises FlowError: naming the setting.
    """
    scheme = urlsplit(flow.return_url or "").scheme
    if scheme not in {"", "http", "https"} | settings.return_schemes:
        words = (
            f"return_url got a URL of the scheme {scheme!r:.100}, which LEAN_RETURN_SCHEMES does "
            "not have; it takes a path such as '/done', an http(s) URL, or one of your app's scheme"
        )
        raise FlowError(f"{flow.method}: {words}", {"return_url": words})


def _with_usable_token(flow: Flow, settings: Settings) -> Flow:
    """Return *flow* without an ``access_token`` that is too short, if another can be minted.

    :raises FlowError: when the SDK would refuse the token, or it is made for something else.
    """
    token = flow.access_token
    if token is None:
        return flow
    wrong = mismatch(token, flow.customer_id, settings)
    left = seconds_left(token, time.time())
    if not wrong and left is None:
        log.warning("The access_token of a flow is no JWT with an expiry: Lean's SDK refuses it")
    if not wrong and not is_lasting(token, time.time()):
        if flow.customer_id and settings.client_secret:
            return replace(flow, access_token=None)
        wrong = f"it is valid for {max(0, round(left or 0))} s, and Lean's SDK needs ten minutes"
    if wrong:
        words = f"access_token cannot be used: {wrong}"
        raise FlowError(f"{flow.method}: {words}", {"access_token": words})
    return flow


def _too_long(method: Method, arguments: Mapping[str, Any], url_length: int) -> FlowError:
    """Return an error that names the arguments to shorten, without their values."""
    lengths = {
        name: len(json.dumps(value, default=str)) for name, value in arguments.items() if value
    }
    average = sum(lengths.values()) / len(lengths)
    fields = {
        name: f"{name} takes {length} characters"
        for name, length in lengths.items()
        if length >= average
    }
    return FlowError(
        f"{method}: the arguments are too long: the flow's URL would have {url_length} characters, "
        f"and servers refuse more than about {MAX_URL_LENGTH}; shorten them: "
        + "; ".join(fields.values()),
        fields,
    )
