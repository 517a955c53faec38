"""Cross-origin requests (CORS): pages of ``LEAN_ORIGINS`` may call the JSON routes."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, request

from ..common.logs import get_logger
from ..config.app_fields import APP_ORIGINS
from ..services import get_services

log = get_logger(__name__)

#: Seconds that a browser may remember what a preflight said; Chromium takes no more.
PREFLIGHT_MAX_AGE = 7_200
MAX_HEADERS_LENGTH = 1_000  # characters
#: What a script of another origin may read besides the type and the length.
EXPOSED_HEADERS = "ETag, Age, Retry-After, WWW-Authenticate"

#: Of each route that a page of another origin may call: its method.
_METHODS = {
    "banks": "GET",
    "bank": "GET",
    "flow_status": "GET",
    "launch": "POST",
    "callback": "POST",
    "capture_redirect": "POST",
    "events": "POST",
}
_ORIGIN = re.compile(r"https?://[a-z0-9.\[\]:-]{1,255}", re.ASCII | re.IGNORECASE)
_HEADER_NAMES = re.compile(r"[A-Za-z0-9-]+(, ?[A-Za-z0-9-]+)*", re.ASCII)


def answer_preflights(blueprint: Blueprint) -> None:
    """Answer the preflights of the JSON routes of *blueprint*."""
    blueprint.url_value_preprocessor(_answer_preflight)


def let_read(app: Flask, blueprint_name: str, origins: Collection[str]) -> None:
    """Let pages of *origins* read the JSON routes of a blueprint; without any it costs no time."""
    if origins:
        endpoints = frozenset(f"{blueprint_name}.{route}" for route in _METHODS)
        add = partial(_add_headers, origins, endpoints)
        app.after_request_funcs.setdefault(blueprint_name, []).append(add)


def printable_origin(origin: str | None) -> str:
    """Return *origin* if it is one; no other text of a stranger gets into the log."""
    if origin is None:
        return "of no name"
    if origin in APP_ORIGINS or _ORIGIN.fullmatch(origin):
        return origin
    return "of no http(s) site"


def origin_advice(origin: str | None) -> str:
    """Return what the host can do about a request of *origin* that was refused."""
    if origin in get_services().settings.origins:
        return "LEAN_ORIGINS is for JSON, not for forms"
    if origin and (origin in APP_ORIGINS or _ORIGIN.fullmatch(origin)):
        return "if its pages are yours, add it to LEAN_ORIGINS"
    return "such a page has no origin that LEAN_ORIGINS could name"


def _answer_preflight(endpoint: str | None, _: dict[str, Any] | None) -> None:
    """Answer the browser's question whether a page may send what it is about to send.

    This runs before any ``before_request``: a preflight brings no cookie and no ``Authorization``,
    so a host's demand for a login would refuse it, and the browser would not send the rest.

    :raises HTTPException: with the answer, where the origin is allowed.
    """
    if request.method != "OPTIONS":
        return
    origin = request.headers.get("Origin")
    method = _method_of(endpoint)
    if method is None or origin is None or "Access-Control-Request-Method" not in request.headers:
        return
    if origin not in get_services().settings.origins:
        log.warning(
            "Refused a preflight of %s from %s; %s",
            endpoint,
            printable_origin(origin),
            origin_advice(origin),
        )
        return
    response = Response(status=204)
    _allow(response, origin)  # Flask-CORS leaves alone what has this when it is aborted with
    response.headers["Access-Control-Allow-Methods"] = method
    response.headers["Access-Control-Allow-Headers"] = _allowed_headers()
    response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_MAX_AGE)
    response.vary.update(["Access-Control-Request-Method", "Access-Control-Request-Headers"])
    abort(response)


def _allowed_headers() -> str:
    """Return the headers that the page asks to send; it may send what our own pages may send."""
    asked = request.headers.get("Access-Control-Request-Headers", "")
    if len(asked) <= MAX_HEADERS_LENGTH and _HEADER_NAMES.fullmatch(asked):
        return asked
    return "Authorization, Content-Type"


def _add_headers(
    origins: Collection[str], endpoints: Collection[str], response: Response
) -> Response:
    """Let a page of an allowed origin read *response*, also an error, with credentials."""
    if request.endpoint not in endpoints:
        return response
    headers = response.headers
    headers["Vary"] = ", ".join([*headers.getlist("Vary"), "Origin"])  # response.vary parses it
    origin = request.headers.get("Origin")
    if origin is not None and origin in origins:
        _allow(response, origin)
        if request.method != "OPTIONS":
            headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
    return response


def _allow(response: Response, origin: str) -> None:
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Allow-Credentials"] = "true"


def _method_of(endpoint: str | None) -> str | None:
    """Return the method of a route of ours that other origins may call."""
    method = _METHODS.get((endpoint or "").rpartition(".")[2])
    # A host may have views of these names on a blueprint of its own that it nests in ours.
    view = current_app.view_functions.get(endpoint or "") if method else None
    return method if getattr(view, "__module__", "").startswith(f"{__package__}.") else None
