"""``POST /webhooks``: what Lean tells us, verified, and passed on once."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, request
from marshmallow import ValidationError

from ... import signals
from ...banks.availability import (
    AVAILABILITY_UPDATED,
    AvailabilityUpdate,
    AvailabilityUpdateSchema,
)
from ...errors import SignatureError
from ...services import Services, get_services
from ...upstream.webhook import WebhookEvent, parse_event, verify
from ..json_endpoint import read_body
from ..problems import problem
from ..webhook_dedup import (
    CLAIM_TTL,
    EventClaim,
    claim_event,
    finish_event,
    is_too_old,
    release_event,
)

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 1_000_000  # bytes
REPEAT_AFTER = CLAIM_TTL  # seconds
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
    body = read_body(MAX_BODY_BYTES)
    try:
        verify(body, request.headers.get("lean-signature"), services.settings.webhook_secret)
    except SignatureError as error:
        detail = str(error) if body else _EMPTY
        log.warning("A webhook was refused: %s", detail)
        return problem(401, detail)
    try:
        event = parse_event(body)
    except ValueError:
        detail = "The body is not JSON." if body else _EMPTY
        log.warning("A signed webhook could not be read: %s", detail)
        return problem(400, detail)
    return _handle_once(services, event)


def _handle_once(services: Services, event: WebhookEvent) -> Response:
    """Handle *event*, unless it is old, has been handled or is being handled."""
    if is_too_old(event, services.wall_clock()):
        log.warning("A signed webhook was not handled, since it is too old: %a", event.timestamp)
        return _ok()
    claim = claim_event(services.store, event)
    if claim.is_done:
        return _ok()
    if not claim.is_ours:
        log.info("A webhook came again while it is being handled: %.200a", event.event_id)
        return problem(503, "The event is being handled. Send it again.", retry_after=REPEAT_AFTER)
    return _handle(services, event, claim)


def _handle(services: Services, event: WebhookEvent, claim: EventClaim) -> Response:
    """Act on the event and tell the host; what fails is forgotten, so that Lean's repeat works.

    A worker that is stopped meanwhile (``SystemExit``) leaves the claim, which ends by itself.
    """
    try:
        if event.is_bank_event:
            _update_banks(services, event)
        services.record_outcome(event)
        signals.send(signals.webhook_received, event=event)
    except Exception:
        log.exception("Handling the webhook %.200a (%.200a) failed", event.event_id, event.type)
        release_event(services.store, claim)
        return problem(500, "Handling the event failed. Send it again.")
    finish_event(services.store, claim, event, services.wall_clock())
    return _ok()


def _update_banks(services: Services, event: WebhookEvent) -> None:
    """Lay the new availability over the lists; any other news about banks wants a new list."""
    update = _availability_update(event)
    if update is None:
        services.catalog.refresh_in_background()
        return
    known = services.catalog.apply_event(update.identifier, event.nanoseconds, update.availability)
    if not known:
        log.info("Unknown bank %s, refreshing the lists", update.identifier)
        services.catalog.refresh_in_background()
    signals.send(
        signals.availability_changed, identifier=update.identifier, availability=update.availability
    )


def _availability_update(event: WebhookEvent) -> AvailabilityUpdate | None:
    if event.type not in AVAILABILITY_UPDATED:
        return None
    try:
        update: AvailabilityUpdate = AvailabilityUpdateSchema().load(event.payload)
    except ValidationError as error:
        log.warning("An availability event could not be read: %s", error.messages)
        return None
    return update


def _ok() -> Response:
    return Response("", 200, headers={"Cache-Control": "no-store"})
