"""The protocol of an inbox, which keeps each event of Lean until every receiver has had it.

Events of one subject (an entity, a payment intent, a consent, a bank) wait in a queue of their own,
in the order of their arrival. Only the first one of a queue can be claimed. So the order holds per
subject, and a subject whose event fails or takes long holds up no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

#: ``waiting``: to be delivered; ``delivered``: every receiver has had it; ``dead``: given up.
EventState = Literal["waiting", "delivered", "dead"]


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that arrived.

    :param id: names it; Lean's ``event_id`` where that is a short text.
    :param type: such as ``entity.created``.
    :param subject: a digest of what it is about.
    :param body: the request's body, encrypted.
    :param received_at: seconds since the epoch.
    :param remember_for: seconds in which a repeat of it is known.
    """

    id: str
    type: str
    subject: str
    body: bytes = field(repr=False)
    received_at: float
    remember_for: float


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """An event in the inbox.

    :param body: encrypted; ``None`` once it is no longer kept.
    :param attempts: how often its delivery was begun.
    :param waiting_since: when it arrived, or was last put back by hand; seconds since the epoch.
    :param due_at: when it is tried next; seconds since the epoch.
    :param ended_at: when it was delivered or given up; seconds since the epoch.
    :param received_by: names of the receivers that have had it.
    :param error: where the last attempt failed, without the error's message.
    """

    id: str
    type: str
    subject: str
    state: EventState
    received_at: float
    waiting_since: float
    due_at: float
    attempts: int = 0
    ended_at: float | None = None
    received_by: tuple[str, ...] = ()
    error: str | None = None
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to deliver *event*, until the lease ends.

    :param owner: names who holds it.
    """

    event: KeptEvent
    owner: str


class Inbox(Protocol):
    """Events by id, and a queue per subject.

    All times are seconds since the epoch, by the caller's clock. Each method raises ``StoreError``
    where the store fails, and changes either all that it says or nothing; ``retry_dead`` and
    ``purge`` work on some events at a time.
    """

    @property
    def is_durable(self) -> bool:
        """Return false where waiting events end with the process, so that none should wait."""

    def risk(self) -> str | None:
        """Return how the store could lose events as it is set up, for the operator, or ``None``."""

    def add(self, event: NewEvent) -> bool:
        """Keep *event* durably; return false if it is known."""

    def claim(self, now: float, lease: float, subject: str | None = None) -> Claim | None:
        """Claim the first event of a queue that is due, for *lease* seconds; count an attempt.

        :param subject: only of this one, also before it is due.
        """

    def renew(self, claim: Claim, until: float) -> bool:
        """Prolong *claim*; return false if it is lost. A lost claim changes nothing any more."""

    def release(self, claim: Claim) -> None:
        """Give *claim* back at once, without counting the attempt."""

    def deliver(self, claim: Claim, now: float, received_by: tuple[str, ...]) -> None:
        """Note that every receiver has had the event."""

    def postpone(
        self, claim: Claim, due_at: float, received_by: tuple[str, ...], error: str
    ) -> None:
        """Let the event, and so its subject, wait until *due_at*."""

    def bury(self, claim: Claim, now: float, received_by: tuple[str, ...], error: str) -> None:
        """Give the event up, so that the next one of its subject goes on."""

    def get(self, event_id: str) -> KeptEvent | None:
        """Return the event, or ``None``."""

    def list(self, state: EventState | None = None, limit: int = 100) -> list[KeptEvent]:
        """Return events without bodies, the latest first."""

    def retry(self, event_id: str, now: float) -> bool:
        """Put the event back at its place in its subject's queue; return false if unknown.

        It is unknown also once its body is no longer kept. Whoever holds a claim of it keeps that.
        It begins anew: no attempts, no receivers.
        """

    def retry_dead(self, now: float) -> int:
        """Put all dead events back; return how many."""

    def counts(self) -> Mapping[EventState, int]:
        """Return how many events there are in each state."""

    def purge(self, now: float, keep: float) -> None:
        """Forget the events that ended more than *keep* seconds ago."""
