"""Availability events in the shared store: the newest one of each bank."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from ..bank import Availability, Bank
from ..schema import AvailabilitySchema
from ..stores.scoped import ScopedStore
from .shared_lists import StoredList

log = logging.getLogger(__name__)

_KEY = "availability"


@dataclass(frozen=True, slots=True)
class AvailabilityEvent:
    """The newest event about one bank.

    :param timestamp: nanoseconds since the epoch, from Lean's event; orders events.
    :param version: the store's version when it arrived; orders events and lists.
    """

    timestamp: int
    version: int
    availability: Availability


#: By bank identifier.
Events = Mapping[str, AvailabilityEvent]


class _EventSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    timestamp = fields.Integer(required=True)
    version = fields.Integer(required=True)
    availability = fields.Nested(AvailabilitySchema, required=True)


_schema = _EventSchema()


class SharedEvents:
    """Read and write the events of one Lean application."""

    def __init__(self, store: ScopedStore) -> None:
        self._store = store

    def load(self) -> Events:
        """Return the newest event of each bank. A value that cannot be read is ignored."""
        return _loads(self._store.read(_KEY))

    def add(self, identifier: str, timestamp: int, availability: Availability) -> Events:
        """Store an event, unless the store has a newer one of the bank, and return all events.

        :param timestamp: nanoseconds since the epoch, from Lean's event.
        """

        def add(old: bytes | None, version: int) -> bytes | None:
            events = dict(_loads(old))
            known = events.get(identifier)
            if known and known.timestamp >= timestamp:
                return old
            events[identifier] = AvailabilityEvent(timestamp, version, availability)
            return _dumps(events)

        return _loads(self._store.update(_KEY, add))

    def merge(self, known: Events) -> Events:
        """Store those of *known* that are newer than the stored ones, and return all events.

        The store lacks some after an outage, or when it was emptied.
        """

        def merge(old: bytes | None, _: int) -> bytes | None:
            events = dict(_loads(old))
            missing = {
                identifier: event
                for identifier, event in known.items()
                if identifier not in events or events[identifier].timestamp < event.timestamp
            }
            return _dumps(events | missing) if missing else old

        return _loads(self._store.update(_KEY, merge))


def apply_events(fetched: StoredList, events: Events) -> tuple[Bank, ...]:
    """Return the fetched banks with the events that arrived after the fetch began."""
    later = {
        identifier: event.availability
        for identifier, event in events.items()
        if event.version > fetched.version_at_start
    }
    return tuple(
        replace(bank, availability=later[bank.identifier]) if bank.identifier in later else bank
        for bank in fetched.banks
    )


def _loads(value: bytes | None) -> dict[str, AvailabilityEvent]:
    try:
        records: dict[str, Any] = json.loads(value) if value else {}
        return {
            identifier: AvailabilityEvent(**_schema.load(record))
            for identifier, record in records.items()
        }
    except (ValidationError, ValueError, AttributeError, RecursionError):
        log.warning("The stored availability events are ignored as corrupt")
        return {}


def _dumps(events: Events) -> bytes:
    records = {identifier: _schema.dump(event) for identifier, event in events.items()}
    return json.dumps(records).encode()
