"""lean-flask's own receiver of events about banks: it keeps the bank list up to date."""

from __future__ import annotations

from marshmallow import ValidationError

from .. import signals
from ..banks.availability import (
    AVAILABILITY_UPDATED,
    AvailabilityUpdate,
    AvailabilityUpdateSchema,
)
from ..banks.catalog import BankCatalog
from ..common.logs import get_logger
from ..upstream.webhook import WebhookEvent

log = get_logger(__name__)


def update_banks(catalog: BankCatalog, event: WebhookEvent) -> None:
    """Lay the new availability over the lists; any other news about banks wants a new list.

    An event that comes twice changes nothing the second time. Needs an app context.
    """
    if not event.is_bank_event:
        return
    update = _availability_update(event)
    if update is None:
        catalog.refresh_in_background()
        return
    known = catalog.apply_event(update.identifier, event.nanoseconds, update.availability)
    if not known:
        log.info("Unknown bank %s, refreshing the lists", update.identifier)
        catalog.refresh_in_background()
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
