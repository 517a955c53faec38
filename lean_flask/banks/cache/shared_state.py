"""What the processes tell each other through the store: lists, trouble, events and leases.

Values are JSON, and what is read back goes through the schemas again. A value that does not pass
counts as absent: the store may hold what an older or a hostile writer left there.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from ...common.loading_cache import LoadingCache
from ..bank import Availability, Bank
from ..schema import AvailabilitySchema, BankSchema, CleanString, load_banks
from ..stores.base import Store

log = logging.getLogger(__name__)

FORMAT = 1
#: How many lists a process keeps; with LEAN_PER_CUSTOMER, each customer has one.
MOST_LISTS = 256
#: Contents of lists that were checked, and need not be when they come again.
MOST_CHECKED = 32
_bank = BankSchema()
_availability = AvailabilitySchema()


class ListKey(NamedTuple):
    """Names one list: Lean answers differently per account type and per customer."""

    account_type: str
    customer_id: str | None = None

    def __repr__(self) -> str:
        return f"ListKey({self.account_type!r}{', …' if self.customer_id else ''})"


@dataclass(frozen=True, slots=True)
class BankList:
    """What one fetch brought.

    :param fetched_at: wall clock, seconds since the epoch.
    :param begun: the store's version when the fetch began; later events overrule the list.
    """

    banks: tuple[Bank, ...]
    fetched_at: float
    begun: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a list could not be refreshed, and when to try again.

    :param retry_at: wall clock, seconds since the epoch.
    :param doubt: digest of a list that looked wrong; the same again is believed.
    """

    failures: int
    retry_at: float
    reason: str
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class AvailabilityEvent:
    """The newest word about one bank.

    :param timestamp: nanoseconds since the epoch, as Lean's event says; orders events.
    :param version: the store's version when it arrived; orders events against lists.
    """

    timestamp: int
    version: int
    availability: Availability


Events = Mapping[str, AvailabilityEvent]


class _TroubleSchema(Schema):
    failures = fields.Integer(required=True, validate=validate.Range(min=1))
    retry_at = fields.Float(required=True)
    reason = CleanString(max_length=1000, allow_none=False, required=True)
    doubt = fields.String(required=True, allow_none=True)


class _EventSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    timestamp = fields.Integer(required=True)
    version = fields.Integer(required=True)
    availability = fields.Nested(AvailabilitySchema, required=True)


class Shared:
    """The store in the terms of the bank cache, for one Lean application in one environment.

    :param scope: what tells this application and environment from others in the same store.
    :param keep: seconds after which nothing written here can matter any more.
    """

    def __init__(self, store: Store, scope: str, keep: float) -> None:
        self._store = store
        self._scope = f"lean-flask:{FORMAT}:{digest(scope)}"
        self._keep = keep
        self._checked = LoadingCache[tuple[Bank, ...]](MOST_CHECKED)

    def version(self) -> int:
        return self._store.version()

    def bank_list(self, key: ListKey, newer_than: int = -1) -> BankList | None:
        """The shared list, if it was begun after version *newer_than*."""
        value = self._store.read(self._key("list", key))
        if value is None:
            return None
        try:
            header, _, body = value.partition(b"\n")
            begun, fetched_at = header.split()
            if int(begun) <= newer_than:
                return None
            banks = self._checked.get_or_create(
                hashlib.sha256(body).digest(),
                lambda: load_banks(json.loads(body, parse_float=Decimal)),
            )
            return BankList(banks, float(fetched_at), int(begun))
        except (ValueError, TypeError, RecursionError, ArithmeticError):
            log.warning("The stored list %s is unreadable and counts as absent", key.account_type)
            return None

    def save_list(self, key: ListKey, fetched: BankList) -> None:
        """Share *fetched*, unless a list that was begun later is there already."""
        body = json.dumps(_bank.dump(fetched.banks, many=True), separators=(",", ":"))
        value = f"{fetched.begun} {fetched.fetched_at!r}\n{body}".encode()

        def keep_the_later(old: bytes | None, _: int) -> bytes | None:
            return old if old is not None and _begun(old) > fetched.begun else value

        self._store.update(self._key("list", key), keep_the_later, self._keep)

    def trouble(self, key: ListKey) -> Trouble | None:
        value = self._store.read(self._key("trouble", key))
        try:
            return Trouble(**_TroubleSchema().loads(value)) if value else None
        except (ValidationError, ValueError, RecursionError):
            return None

    def save_trouble(self, key: ListKey, trouble: Trouble | None) -> None:
        value = json.dumps(asdict(trouble)).encode() if trouble else None
        self._store.update(self._key("trouble", key), lambda *_: value, self._keep)

    def events(self) -> Events:
        return _load_events(self._store.read(self._key("availability")))

    def add_event(self, identifier: str, timestamp: int, availability: Availability) -> Events:
        """Record the newest word about a bank; an event older than the one held changes nothing."""

        def add(old: bytes | None, version: int) -> bytes | None:
            events = dict(_load_events(old))
            held = events.get(identifier)
            if held and held.timestamp >= timestamp:
                return old
            events[identifier] = AvailabilityEvent(timestamp, version, availability)
            return _dump_events(events)

        return _load_events(self._store.update(self._key("availability"), add, self._keep))

    def merge_events(self, known: Events) -> Events:
        """Give the store what it lacks of *known*, as after an outage of the store."""

        def merge(old: bytes | None, _: int) -> bytes | None:
            events = dict(_load_events(old))
            missing = {
                identifier: event
                for identifier, event in known.items()
                if identifier not in events or events[identifier].timestamp < event.timestamp
            }
            return _dump_events(events | missing) if missing else old

        return _load_events(self._store.update(self._key("availability"), merge, self._keep))

    @contextmanager
    def lease(self, key: ListKey, seconds: float) -> Iterator[bool]:
        """Whether the caller alone, in all processes, may fetch this list for *seconds*."""
        name, me = self._key("lease", key), secrets.token_bytes(16)
        held = self._store.update(name, lambda old, _: me if old is None else old, seconds)
        try:
            yield held == me
        finally:
            if held == me:
                self._store.update(name, lambda old, _: None if old == me else old, seconds)

    def first_time(self, event_id: str, seconds: float) -> bool:
        """Whether *event_id* is new; it is remembered for *seconds*."""
        mine = secrets.token_bytes(8)
        name = f"{self._scope}:event:{digest(event_id)}"
        return self._store.update(name, lambda old, _: old or mine, seconds) == mine

    def forget(self, event_id: str) -> None:
        """Let *event_id* be new again, after handling it failed."""
        self._store.update(f"{self._scope}:event:{digest(event_id)}", lambda *_: None, 1)

    def _key(self, kind: str, key: ListKey | None = None) -> str:
        if key is None:
            return f"{self._scope}:{kind}"
        customer = f":{digest(key.customer_id)}" if key.customer_id else ""
        return f"{self._scope}:{kind}:{key.account_type}{customer}"


def digest_of(banks: Iterable[Bank]) -> str:
    """Tells whether two answers of Lean hold the same banks."""
    return digest(" ".join(sorted(bank.identifier for bank in banks)))


def digest(text: str) -> str:
    """A short name for *text*, the same in every process."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _begun(value: bytes) -> int:
    try:
        return int(value[:32].split(maxsplit=1)[0])
    except (ValueError, IndexError):
        return -1


def _load_events(value: bytes | None) -> dict[str, AvailabilityEvent]:
    try:
        records: dict[str, Any] = json.loads(value) if value else {}
        schema = _EventSchema()
        return {
            identifier: AvailabilityEvent(**schema.load(record))
            for identifier, record in records.items()
        }
    except (ValidationError, ValueError, AttributeError, RecursionError):
        log.warning("The stored availability events are unreadable and count as absent")
        return {}


def _dump_events(events: Events) -> bytes:
    return json.dumps(
        {
            identifier: {
                "timestamp": event.timestamp,
                "version": event.version,
                "availability": _availability.dump(event.availability),
            }
            for identifier, event in events.items()
        }
    ).encode()
