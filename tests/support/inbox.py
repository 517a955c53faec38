"""Events for the tests of an inbox."""

from __future__ import annotations

from lean_flask.events.inbox import Claim, Inbox, NewEvent

DAY = 86_400.0
T0 = 1_800_000_000.0  # seconds since the epoch


def new_event(id: str, subject: str = "s", at: float = T0, **fields) -> NewEvent:
    values = {"type": "entity.created", "body": b"sealed " + id.encode(), "remember_for": 90 * DAY}
    return NewEvent(id=id, subject=subject, received_at=at, **(values | fields))


def take(inbox: Inbox, now: float = T0, lease: float = 60, subject: str | None = None) -> Claim:
    """Claim what is due; fail when nothing is."""
    claim = inbox.claim(now, lease, subject)
    assert claim is not None
    return claim


def drain(inbox: Inbox, now: float) -> list[str]:
    """Deliver everything that is due; the ids in the order of their delivery."""
    ids = []
    while claim := inbox.claim(now, 60):
        inbox.deliver(claim, now, ())
        ids.append(claim.event.id)
    return ids
