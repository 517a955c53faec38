"""How an event that arrived is kept: under which name, and how long a repeat of it is known."""

from __future__ import annotations

import re

from ..banks.stores.scoped import digest
from ..config.fields import DAY
from ..upstream.webhook import WebhookEvent
from .inbox import NewEvent
from .subject import subject_of

#: Seconds that an id is known after the event has become too old.
_MARGIN = float(DAY)
#: Seconds that the id of an event without a usable time is known. Lean keeps events as long.
_UNDATED = 90.0 * DAY
_ID = re.compile(r"[\w.:-]{1,100}", re.ASCII)
_UNPRINTABLE = re.compile(r"[^!-~]")


def new_event(event: WebhookEvent, sealed: bytes, now: float, keep: float) -> NewEvent:
    """Return *event* as the inbox takes it.

    :param sealed: its body, encrypted.
    :param now: seconds since the epoch.
    :param keep: seconds after which an event is too old.
    """
    age = _age(event, now)
    is_dated = age is not None and age > -_MARGIN
    known = keep + _MARGIN
    return NewEvent(
        id=event.event_id if _ID.fullmatch(event.event_id) else digest(event.event_id),
        type=_UNPRINTABLE.sub("?", event.type)[:100],
        subject=subject_of(event),
        body=sealed,
        received_at=now,
        remember_for=known if is_dated else max(known, _UNDATED),
    )


def is_too_old(event: WebhookEvent, now: float, keep: float) -> bool:
    """Return whether *event* is so old that it may have been delivered and forgotten."""
    age = _age(event, now)
    return age is not None and age > keep


def _age(event: WebhookEvent, now: float) -> float | None:
    """Return the event's age in seconds; ``None`` if its time is unreadable, or a zero time.

    Programs write year 1 or 1970 where they know no time.
    """
    return now - event.nanoseconds / 1e9 if event.nanoseconds > 0 else None
