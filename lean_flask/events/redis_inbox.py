"""An inbox in Redis, for hosts of several machines. Needs ``lean-flask[redis]``."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from redis.commands.core import Script

from ..banks.stores.base import StoreError
from ..banks.stores.redis_connection import RedisConnection
from ..banks.stores.scoped import HASH_TAG
from ..config.store_setting import StorePlace
from . import redis_inbox_scripts as scripts
from .inbox import Claim, EventState, KeptEvent, NewEvent

FORMAT_VERSION = 1  # part of each key; count it up when old code could not read the new layout
#: Seconds to wait for one answer: longer than for a bank list, which can be fetched elsewhere.
TIMEOUT = 1.0
AT_ONCE = 500  # events that one script changes: Redis does nothing else meanwhile
_STATES: tuple[EventState, ...] = get_args(EventState)


class RedisInbox:
    """The events of one Lean application. Each operation takes one round trip.

    Redis must persist its data, and must evict no keys without expiry (``noeviction``).

    :param scope: names the application and environment.
    :raises ValueError: when redis-py refuses *place*; the message shows no password.
    """

    def __init__(self, place: StorePlace, scope: str) -> None:
        self._redis = RedisConnection(place, TIMEOUT)
        self._key = f"{HASH_TAG}:inbox:{FORMAT_VERSION}:{scope}"

    @property
    def is_durable(self) -> bool:
        """Return true: waiting events outlive the process."""
        return True

    def risk(self) -> str | None:
        """Return how Redis could lose events; ``None`` also where its user may not use ``INFO``."""
        try:
            info = self._redis.call(lambda redis: redis.info())
        except StoreError:
            return None
        risks = []
        if info.get("aof_enabled") == 0:
            risks.append("a restart of Redis may lose events; set appendonly yes")
        if str(info.get("maxmemory_policy")).startswith("allkeys-"):
            risks.append("Redis may evict events; set maxmemory-policy noeviction")
        return "; ".join(risks) or None

    def add(self, event: NewEvent) -> bool:
        """Keep *event*; return false if it is known."""
        now, expires = repr(event.received_at), repr(event.received_at + event.remember_for)
        values = (event.id, event.type, event.subject, event.body, now, expires)
        return bool(self._run(scripts.ADD, *values))

    def claim(self, now: float, lease: float, subject: str | None = None) -> Claim | None:
        """Claim the first event of a queue that is due, for *lease* seconds."""
        owner = secrets.token_hex(8)
        wanted = () if subject is None else (subject,)
        found = self._run(scripts.CLAIM, repr(now), repr(now + lease), owner, *wanted)
        return Claim(_event(found), owner) if found else None

    def renew(self, claim: Claim, until: float) -> bool:
        """Prolong *claim*; return false if it is lost."""
        return bool(self._run(scripts.RENEW, claim.event.subject, claim.owner, repr(until)))

    def release(self, claim: Claim) -> None:
        """Give *claim* back at once, without counting the attempt."""
        self._run(scripts.RELEASE, *_held(claim))

    def deliver(self, claim: Claim, now: float, received_by: tuple[str, ...]) -> None:
        """Note that every receiver has had the event."""
        self._end(claim, "delivered", now, received_by, "")

    def postpone(
        self, claim: Claim, due_at: float, received_by: tuple[str, ...], error: str
    ) -> None:
        """Let the event, and so its subject, wait until *due_at*."""
        values = (repr(due_at), json.dumps(received_by), error)
        self._run(scripts.POSTPONE, *_held(claim), *values)

    def bury(self, claim: Claim, now: float, received_by: tuple[str, ...], error: str) -> None:
        """Give the event up, so that the next one of its subject goes on."""
        self._end(claim, "dead", now, received_by, error)

    def get(self, event_id: str) -> KeptEvent | None:
        """Return the event, or ``None``."""
        key = f"{self._key}:event:{event_id}"
        values = self._redis.call(lambda redis: redis.hmget(key, scripts.FIELDS))
        return _event([event_id.encode(), *values]) if values[0] is not None else None

    def list(self, state: EventState | None = None, limit: int = 100) -> list[KeptEvent]:
        """Return events without bodies, the latest first."""
        found = self._run(scripts.LIST, state or "all", limit)
        return [_event([*values, None]) for values in found]

    def retry(self, event_id: str, now: float) -> bool:
        """Put the event back at its place in its subject's queue; return false if unknown."""
        return bool(self._run(scripts.RETRY, repr(now), event_id))

    def retry_dead(self, now: float) -> int:
        """Put all dead events back, some at a time; return how many."""
        total, found = 0, AT_ONCE
        while found == AT_ONCE:
            put, found = self._run(scripts.RETRY_DEAD, repr(now), AT_ONCE)
            total += put
        return total

    def counts(self) -> Mapping[EventState, int]:
        """Return how many events there are in each state."""
        return dict(zip(_STATES, self._run(scripts.COUNTS, *_STATES), strict=True))

    def purge(self, now: float, keep: float) -> None:
        """Forget the events that ended more than *keep* seconds ago, some at a time."""
        while self._run(scripts.PURGE, repr(now), repr(now - keep), AT_ONCE) == AT_ONCE:
            pass

    def _end(
        self,
        claim: Claim,
        state: EventState,
        now: float,
        received_by: tuple[str, ...],
        error: str,
    ) -> None:
        values = (state, repr(now), error, json.dumps(received_by))
        self._run(scripts.END, *_held(claim), *values)

    def _run(self, text: str, *values: Any) -> Any:
        def run(redis: Any) -> Any:
            return Script(redis, text)(keys=[self._key], args=values)

        return self._redis.call(run)


def _held(claim: Claim) -> tuple[str, str, str]:
    return claim.event.id, claim.event.subject, claim.owner


def _event(values: Sequence[bytes | None]) -> KeptEvent:
    """Return the event of its id and ``scripts.FIELDS``."""
    *texts, body = values
    fields = dict(zip(("id", *scripts.FIELDS), map(_text, texts), strict=False))
    return KeptEvent(
        id=fields["id"],
        type=fields["type"],
        subject=fields["subject"],
        state=_state(fields["state"]),
        received_at=float(fields["received_at"]),
        waiting_since=float(fields["waiting_since"]),
        due_at=float(fields["due_at"]),
        attempts=int(fields["attempts"]),
        ended_at=float(fields["ended_at"]) if fields["ended_at"] else None,
        received_by=tuple(json.loads(fields["received_by"])),
        error=fields["error"] or None,
        body=body,
    )


def _text(value: bytes | None) -> str:
    return (value or b"").decode()


def _state(text: str) -> EventState:
    return next(state for state in _STATES if state == text)
