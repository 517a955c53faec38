"""Delivers an event before the request that brought it is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from .delivery import Delivery
from .inbox import Claim, Inbox

#: Seconds after which a repeat may take up an event whose worker has died. Lean's first repeat
#: comes after a minute.
LEASE = 45.0


def deliver_inline(
    inbox: Inbox,
    event_id: str,
    subject: str,
    begin: Callable[[Claim], Delivery],
    clock: Callable[[], float],
) -> Literal["done", "failed", "held"]:
    """Deliver the events of *subject* in their order, until the one of *event_id* is done.

    :param begin: makes the delivery of a claim.
    :param clock: seconds since the epoch.
    :returns: ``failed`` if a receiver raised for this event or one before it; ``held`` if another
        request is delivering one of them.
    :raises StoreError: when the store fails.
    """
    while True:
        claim = inbox.claim(clock(), LEASE, subject)
        if claim is None:
            event = inbox.get(event_id)
            return "held" if event and event.state == "waiting" else "done"
        if not begin(claim).run():
            event = inbox.get(claim.event.id)
            if event and event.state == "waiting":
                return "failed"
        if claim.event.id == event_id:
            return "done"
