"""``POST /webhooks``: what Lean tells us, verified, and kept until every receiver has had it."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from ...banks.stores.base import StoreError
from ...common.logs import get_logger, log_fields
from ...common.metric_table import WEBHOOKS_REFUSED
from ...errors import ConfigurationError, SignatureError
from ...events.arrival import is_too_old
from ...events.inline import LEASE
from ...services import Services, get_services
from ...upstream.webhook import WebhookEvent, parse_event, verify
from ..json_endpoint import read_body
from ..problems import problem

log = get_logger(__name__)

MAX_BODY_BYTES = 1_000_000  # bytes
STORE_RETRY_AFTER = 30.0  # seconds
_EMPTY = (
    "The body is empty. Some servers drop a body that is sent in chunks (hypercorn, uvicorn with "
    "WSGI): use gunicorn, or a proxy that buffers requests and sends a Content-Length."
)


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.post("/webhooks", endpoint="webhooks")(_webhooks)


def _webhooks() -> Response:
    services = get_services()
    if not services.settings.webhook_secret:
        return problem(404, "Webhooks are off: LEAN_WEBHOOK_SECRET is not set.")
    try:
        body = read_body(MAX_BODY_BYTES)
    except RequestEntityTooLarge:
        services.metrics.count(WEBHOOKS_REFUSED, "too_large")
        raise
    try:
        verify(body, request.headers.get("lean-signature"), services.settings.webhook_secret)
    except SignatureError as error:
        services.metrics.count(WEBHOOKS_REFUSED, "signature")
        detail = str(error) if body else _EMPTY
        log.warning("A webhook was refused: %s", detail, extra=log_fields(reason="signature"))
        return problem(401, detail)
    try:
        event = parse_event(body)
    except ValueError:
        services.metrics.count(WEBHOOKS_REFUSED, "unreadable")
        detail = "The body is not JSON." if body else _EMPTY
        log.warning(
            "A signed webhook could not be read: %s", detail, extra=log_fields(reason="unreadable")
        )
        return problem(400, detail)
    if is_too_old(event, services.wall_clock(), services.settings.events_keep):
        services.metrics.count(WEBHOOKS_REFUSED, "too_old")
        log.warning(
            "A signed webhook was not handled, since it is too old: %a",
            event.timestamp,
            extra=log_fields(reason="too_old"),
        )
        return _ok()
    return _take(services, event, body)


def _take(services: Services, event: WebhookEvent, body: bytes) -> Response:
    """Answer 200 once the event is durable, or known; otherwise Lean sends it again."""
    try:
        taken = services.events.take(event, body)
    except StoreError as error:
        services.metrics.count(WEBHOOKS_REFUSED, "store")
        log.warning(
            "The store of events failed, so Lean has to send a webhook again: %s",
            error,
            extra=log_fields(reason="store"),
        )
        return problem(
            503, "The event could not be kept. Send it again.", retry_after=STORE_RETRY_AFTER
        )
    except ConfigurationError as error:
        services.metrics.count(WEBHOOKS_REFUSED, "no_key")
        log.error(
            "A webhook cannot be encrypted, so it is not taken: %s",
            error,
            extra=log_fields(reason="no_key"),
        )
        return problem(500, "The event could not be kept. Send it again.")
    if taken == "failed":
        return problem(500, "Handling the event failed. Send it again.")
    if taken == "held":
        log.info("A webhook came while its subject is being handled: %.200a", event.event_id)
        return problem(503, "The event is being handled. Send it again.", retry_after=LEASE)
    return _ok()


def _ok() -> Response:
    # Not text/html, Flask's default: an empty answer needs no headers of pages.
    return Response("", 200, headers={"Cache-Control": "no-store"}, mimetype="text/plain")
