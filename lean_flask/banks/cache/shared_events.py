"""Availability events in the shared store: the newest one of each bank."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from ...common.batch import Batch
from ...common.logs import get_logger
from ..bank import Availability, Bank
from ..schema import AvailabilitySchema
from ..stores.scoped import ScopedStore
from .shared_lists import StoredList

log = get_logger(__name__)

_KEY = "availability"


@dataclass(frozen=True, slots=True)
class AvailabilityEvent:
    """The newest event about one bank.

    :param timestamp: nanoseconds since the epoch, from Lean's event; orders events. 0 is unknown.
    :param version: the store's version when it arrived; orders events and lists.
    """

    timestamp: int
    version: int
    availability: Availability

    def has_later_time_than(self, other: AvailabilityEvent) -> bool:
        """Return whether both times are known, and this one is later."""
        return self.timestamp > other.timestamp > 0

    def is_later_than(self, other: AvailabilityEvent) -> bool:
        """Return whether this is the later of two: by Lean's times, or else by arrival."""
        if self.has_later_time_than(other):
            return True
        return self.version > other.version and not other.has_later_time_than(self)


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
        self._batch = Batch(self._add)
        #: The last value, and what it holds: most often it is what this process wrote.
        self._last: tuple[bytes | None, Events] = (None, {})

    def load(self) -> Events:
        """Return the newest event of each bank. A value that cannot be read is ignored."""
        return self._loads(self._store.read(_KEY))

    def add(self, identifier: str, timestamp: int, availability: Availability) -> Events:
        """Store an event, unless the store has a newer one of the bank, and return all events.

        Where the times do not tell which is newer, this one is: it arrived later. Events that come
        in a burst are stored together, so that they do not compete for the value.

        :param timestamp: nanoseconds since the epoch, from Lean's event; 0 if it is unknown.
        """
        return self._batch.do((identifier, timestamp, availability))

    def _add(self, news: Sequence[tuple[str, int, Availability]]) -> Events:
        untimed: set[str] = set()

        def add(old: bytes | None, version: int) -> bytes | None:
            events = dict(self._loads(old))
            untimed.clear()
            for identifier, timestamp, availability in news:
                event = AvailabilityEvent(timestamp, version, availability)
                known = events.get(identifier)
                if not timestamp or (known and known.timestamp == timestamp):
                    untimed.add(identifier)
                if not (known and known.has_later_time_than(event)):
                    events[identifier] = _with_latest_time(event, known)
            return self._dumps(events, old)

        events = self._loads(self._store.update(_KEY, add))
        for identifier in sorted(untimed):
            log.warning(
                "The time of an availability event about %s is unreadable, or the same as that of "
                "the one before: the order of arrival counts",
                identifier,
            )
        return events

    def are_lost(self, known: Events) -> bool:
        """Return whether the store has no events at all, and *known* has."""
        return bool(known) and self._store.read(_KEY) is None

    def merge(self, known: Events) -> Events:
        """Store those of *known* that are newer than the stored ones, and return all events.

        The store lacks some after an outage, or when it was emptied.
        """

        def merge(old: bytes | None, _: int) -> bytes | None:
            events = dict(self._loads(old))
            missing = {
                identifier: _with_latest_time(event, events.get(identifier))
                for identifier, event in known.items()
                if identifier not in events or event.is_later_than(events[identifier])
            }
            return self._dumps(events | missing, old)

        return self._loads(self._store.update(_KEY, merge))

    def _loads(self, value: bytes | None) -> Events:
        last, events = self._last
        if value != last:
            events = _loads(value)
            self._last = (value, events)
        return events

    def _dumps(self, events: Events, old: bytes | None) -> bytes | None:
        """Return *events* as a value: *old* if that holds the same."""
        if events == self._loads(old):
            return old
        value = _dumps(events)
        self._last = (value, events)
        return value


def apply_events(fetched: StoredList, events: Events) -> tuple[Bank, ...]:
    """Return the fetched banks with the events that arrived after the fetch began."""
    later = {
        identifier: event.availability
        for identifier, event in events.items()
        if event.version > fetched.version_at_start
    }
    if not later:
        return fetched.banks
    return tuple(
        replace(bank, availability=later[bank.identifier]) if bank.identifier in later else bank
        for bank in fetched.banks
    )


def _with_latest_time(
    event: AvailabilityEvent, known: AvailabilityEvent | None
) -> AvailabilityEvent:
    """Return *event* with the latest time that is known: an older event may still come later."""
    latest = max(event.timestamp, known.timestamp if known else 0)
    return replace(event, timestamp=latest)


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
