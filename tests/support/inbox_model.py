"""The simplest inbox that keeps its promises: lists and loops, in one thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count

from lean_flask.events.inbox import Claim, KeptEvent, NewEvent


@dataclass
class Hold:
    owner: str
    until: float


class ModelInbox:
    def __init__(self, is_durable: bool) -> None:
        self.is_durable = is_durable
        self.events: dict[str, KeptEvent] = {}  # in the order of arrival
        self._known: dict[str, float] = {}
        self._held: dict[str, Hold] = {}
        self._owners = count()

    def add(self, event: NewEvent) -> bool:
        now = event.received_at
        if event.id in self.events or self._known.get(event.id, now) > now:
            return False
        self._known[event.id] = now + event.remember_for
        self.events[event.id] = KeptEvent(
            event.id, event.type, event.subject, "waiting", now, now, now, body=event.body
        )
        return True

    def _head(self, subject: str) -> KeptEvent:
        return next(e for e in self.events.values() if (e.state, e.subject) == ("waiting", subject))

    def _due(self, subject: str) -> float:
        hold = self._held.get(subject)
        return hold.until if hold else self._head(subject).due_at

    def claim(self, now: float, lease: float, subject: str | None = None) -> Claim | None:
        waiting = {event.subject for event in self.events.values() if event.state == "waiting"}
        free = {
            name
            for name in waiting
            if self._due(name) <= now or (name == subject and name not in self._held)
        }
        if subject is not None:
            free &= {subject}
        if not free:
            return None
        first = min(free, key=lambda name: (self._due(name), name))
        self._held[first] = Hold(f"owner {next(self._owners)}", now + lease)
        event = self._change(self._head(first).id, attempts=self._head(first).attempts + 1)
        return Claim(event, self._held[first].owner)

    def renew(self, claim: Claim, until: float) -> bool:
        if not self._holds(claim):
            return False
        self._held[claim.event.subject].until = until
        return True

    def release(self, claim: Claim) -> None:
        if self._holds(claim):
            self._end(claim, attempts=max(0, self.events[claim.event.id].attempts - 1))

    def deliver(self, claim: Claim, now: float, received_by) -> None:
        kept = {} if self.is_durable else {"body": None}
        ended = {"state": "delivered", "ended_at": now, "error": None}
        self._end(claim, received_by=received_by, **ended, **kept)

    def postpone(self, claim: Claim, due_at: float, received_by, error: str) -> None:
        self._end(claim, due_at=due_at, received_by=received_by, error=error)

    def bury(self, claim: Claim, now: float, received_by, error: str) -> None:
        self._end(claim, state="dead", ended_at=now, received_by=received_by, error=error)

    def retry(self, event_id: str, now: float) -> bool:
        event = self.events.get(event_id)
        if event is None or event.body is None:
            return False
        anew = {"attempts": 0, "received_by": (), "error": None, "ended_at": None}
        self._change(event_id, state="waiting", waiting_since=now, due_at=now, **anew)
        return True

    def retry_dead(self, now: float) -> int:
        dead = [event.id for event in self.events.values() if event.state == "dead"]
        return sum(self.retry(event_id, now) for event_id in dead)

    def purge(self, now: float, keep: float) -> None:
        for event in list(self.events.values()):
            if event.ended_at is not None and event.ended_at < now - keep:
                del self.events[event.id]

    def _holds(self, claim: Claim) -> bool:
        hold = self._held.get(claim.event.subject)
        return hold is not None and hold.owner == claim.owner

    def _end(self, claim: Claim, **changes) -> None:
        if self._holds(claim):
            del self._held[claim.event.subject]
            self._change(claim.event.id, **changes)

    def _change(self, event_id: str, **changes) -> KeptEvent:
        self.events[event_id] = replace(self.events[event_id], **changes)
        return self.events[event_id]
