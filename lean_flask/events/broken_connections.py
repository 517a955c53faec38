"""lean-flask's own receiver of events about connections: it tells the host of one that broke."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields

from .. import signals
from ..common.lenient import load_leniently
from ..common.validators import is_identifier
from ..flows.broken_connection import Cure, broken_connection
from ..upstream.entities import Entity, EntitySchema
from ..upstream.webhook import WebhookEvent

_UPDATED = "entity.updated"
_REFRESHED = "entity.data.refresh.updated"


class _EventEntitySchema(EntitySchema):
    """Load what an event tells of an entity; only the id is sure to be there."""

    customer_id = fields.UUID(load_default="")
    bank_identifier = fields.String(validate=is_identifier, load_default="")


def tell_broken_connection(event: WebhookEvent) -> None:
    """Send ``connection_broken`` if *event* says that a connection does not work any more.

    A repeat of the event comes here only where its delivery was interrupted. Needs an app context.
    """
    payload = event.payload
    if event.type not in {_UPDATED, _REFRESHED} or not isinstance(payload, Mapping):
        return
    is_refresh = event.type == _REFRESHED
    entity = _load(_refreshed(payload) if is_refresh else _updated(payload))
    if entity is None:
        return
    cure = _cure_of_refresh(payload) if is_refresh else _cure_of_update(event, entity)
    if cure:
        signals.send(signals.connection_broken, entity=entity, cure=cure)


def _cure_of_refresh(payload: Mapping[str, Any]) -> Cure | None:
    broken = broken_connection(payload)
    return broken.cure if broken else None


def _cure_of_update(event: WebhookEvent, entity: Entity) -> Cure | None:
    """Return the cure where no consent holds or may come to. Without any, nothing is known."""
    now, consents = _time_of(event), entity.consents
    is_broken = consents and not any(one.is_live(now) or one.is_pending for one in consents)
    return "connect" if is_broken else None


def _time_of(event: WebhookEvent) -> datetime:
    """Return when Lean made *event*: one that is delivered late is about the consents of then."""
    try:
        return datetime.fromtimestamp(event.nanoseconds / 1e9 or time.time(), UTC)
    except (ValueError, OverflowError):  # beyond the years that Python has
        return datetime.now(UTC)


def _refreshed(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an event about an entity's data tells of the entity."""
    return {"id": payload.get("entity_id"), "customer_id": payload.get("customer_id")}


def _updated(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entity in the words of the API, which has its bank in another place."""
    details = payload.get("bank_details")
    bank = details.get("identifier") if isinstance(details, Mapping) else None
    return {**payload, "bank_identifier": bank or payload.get("bank_identifier")}


def _load(record: Mapping[str, Any]) -> Entity | None:
    """Return the entity, with what is wrong left out; ``None`` without its id."""
    try:
        entity: Entity
        entity, _ = load_leniently(_EventEntitySchema(), record, strict=frozenset({"id"}))
    except ValidationError:
        return None
    return entity
