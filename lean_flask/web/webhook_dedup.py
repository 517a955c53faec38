"""Handles each webhook event once, in whichever process it arrives, and again where one died.

In the store an event is absent, then claimed by one request, then done. It is done only after all
receivers have returned. A claim ends by itself, so that an event whose worker was killed is taken
up by the next delivery.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from ..banks.stores.scoped import ScopedStore, digest
from ..upstream.webhook import WebhookEvent

#: Seconds that one request may take to handle an event. Lean's first repeat comes after a minute.
CLAIM_TTL = 45.0
#: Seconds. Older events are not handled: their ids may be forgotten. Lean repeats for three hours.
MAX_EVENT_AGE = 2 * 86_400.0
#: Seconds that an id is kept after the event has become too old.
_MARGIN = 86_400.0
#: Seconds that the id of an event without a usable time is kept. Lean keeps events as long.
_UNDATED = 90 * 86_400.0
_DONE = b"done"


@dataclass(frozen=True, slots=True)
class EventClaim:
    """The answer of the store to a request that wants to handle an event.

    :param owner: names this request.
    :param holder: who holds the event: this request, another one, or nobody since it is done.
    """

    key: str
    owner: bytes
    holder: bytes

    @property
    def is_ours(self) -> bool:
        """Return whether this request is to handle the event."""
        return self.holder == self.owner

    @property
    def is_done(self) -> bool:
        """Return whether the event has been handled."""
        return self.holder == _DONE


def claim_event(store: ScopedStore, event: WebhookEvent) -> EventClaim:
    """Claim *event* for this request."""
    key, owner = f"event:{digest(event.event_id)}", secrets.token_bytes(16)
    return EventClaim(key, owner, store.claim(key, owner, CLAIM_TTL))


def finish_event(store: ScopedStore, claim: EventClaim, event: WebhookEvent, now: float) -> None:
    """Remember the event as handled, for longer than it can be sent again.

    :param now: wall clock, seconds since the epoch.
    """
    age = _age(event, now)
    is_dated = age is not None and age > -_MARGIN
    store.finish(claim.key, _DONE, MAX_EVENT_AGE + _MARGIN if is_dated else _UNDATED)


def release_event(store: ScopedStore, claim: EventClaim) -> None:
    """Forget the claim after handling failed, so that Lean's repeat is handled."""
    store.release(claim.key, claim.owner)


def is_too_old(event: WebhookEvent, now: float) -> bool:
    """Return whether *event* is so old that it may have been handled and forgotten.

    :param now: wall clock, seconds since the epoch.
    """
    age = _age(event, now)
    return age is not None and age > MAX_EVENT_AGE


def _age(event: WebhookEvent, now: float) -> float | None:
    """Return the event's age in seconds; ``None`` if its time is unreadable, or a zero time.

    Programs write year 1 or 1970 where they know no time.
    """
    return now - event.nanoseconds / 1e9 if event.nanoseconds > 0 else None
