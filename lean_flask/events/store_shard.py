"""One part of an inbox in a store of the host: the events of some subjects, as one value.

All that changes together is in one value, since a store changes one at a time: whole or not at all.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, field, replace
from typing import Any, NamedTuple

from .inbox import EventState, KeptEvent


class Entry(NamedTuple):
    """An event in a shard or on a page, without its body.

    :param seq: orders the events by their arrival.
    :param is_gone: whether it is being forgotten: it is shown and retried no more.
    """

    seq: int
    event: KeptEvent
    is_gone: bool = False


class Hold(NamedTuple):
    """Who holds a subject, until when; seconds since the epoch."""

    owner: str
    until: float


class Page(NamedTuple):
    """Events that ended and were moved to a value of their own, which is never changed.

    :param name: ends the key of the value.
    :param first_ended: when the first of them ended, seconds since the epoch.
    :param last_seq: the highest ``seq``.
    """

    name: str
    delivered: int
    dead: int
    first_ended: float
    last_seq: int


@dataclass
class Shard:
    """The events by id, those that wait and those that ended lately."""

    entries: dict[str, Entry] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)

    def queue(self, subject: str) -> list[Entry]:
        """Return the events of *subject* that wait, in the order of their arrival."""
        waiting = (entry for entry in self.entries.values() if entry.event.state == "waiting")
        return sorted(
            (entry for entry in waiting if entry.event.subject == subject),
            key=lambda each: each.seq,
        )

    def due(self) -> Iterator[tuple[float, str]]:
        """Yield when each subject is due, or when its hold ends."""
        waiting = [entry for entry in self.entries.values() if entry.event.state == "waiting"]
        heads: dict[str, Entry] = {}
        for entry in sorted(waiting, key=lambda each: each.seq):
            heads.setdefault(entry.event.subject, entry)
        for subject, head in heads.items():
            hold = self.holds.get(subject)
            yield (hold.until if hold else head.event.due_at), subject

    def add(self, event: KeptEvent, seq: int) -> bool:
        """Append *event*; return false if it is there."""
        if event.id in self.entries:
            return False
        self.entries[event.id] = Entry(seq, event)
        return True

    def claim(
        self, subject: str, owner: str, now: float, until: float, *, early: bool
    ) -> KeptEvent | None:
        """Let *owner* hold *subject*; return its first event.

        :param early: also before it is due.
        """
        queue, hold = self.queue(subject), self.holds.get(subject)
        if not queue or (hold and hold.until > now):
            return None
        event = queue[0].event
        if not hold and not early and event.due_at > now:
            return None
        self.holds[subject] = Hold(owner, until)
        return self.change(event.id, attempts=event.attempts + 1)

    def renew(self, subject: str, owner: str, until: float) -> bool:
        """Prolong the hold of *owner*; return false if it is lost."""
        if not self._is_held(subject, owner):
            return False
        self.holds[subject] = Hold(owner, until)
        return True

    def end(self, claimed: KeptEvent, owner: str, change: Callable[[KeptEvent], KeptEvent]) -> bool:
        """End the hold of *owner* and change its event; return false if it is lost."""
        if not self._is_held(claimed.subject, owner):
            return False
        del self.holds[claimed.subject]
        if entry := self.entries.get(claimed.id):
            self.entries[claimed.id] = entry._replace(event=change(entry.event))
        return True

    def lose(self, event: KeptEvent, owner: str) -> None:
        """Drop an event whose body the store has lost, so that it holds up no other."""
        if self._is_held(event.subject, owner):
            del self.holds[event.subject]
            self.entries.pop(event.id, None)

    def put_back(self, entry: Entry, now: float) -> None:
        """Let the event begin anew at its place. Whoever holds its subject keeps it."""
        event = replace(
            entry.event,
            state="waiting",
            waiting_since=now,
            due_at=now,
            attempts=0,
            ended_at=None,
            received_by=(),
            error=None,
        )
        self.entries[event.id] = Entry(entry.seq, event)

    def change(self, event_id: str, **values: object) -> KeptEvent:
        """Change fields of an event."""
        entry = self.entries[event_id]
        event = replace(entry.event, **values)  # type: ignore[arg-type]
        self.entries[event_id] = entry._replace(event=event)
        return event

    def shown(self, state: EventState | None = None) -> list[Entry]:
        """Return the events that are not being forgotten, of *state* or of any."""
        return [
            entry
            for entry in self.entries.values()
            if not entry.is_gone and state in {None, entry.event.state}
        ]

    def ended(self) -> list[Entry]:
        """Return the events that ended, the first one first."""
        done = [entry for entry in self.shown() if entry.event.ended_at is not None]
        return sorted(done, key=lambda entry: (entry.event.ended_at or 0.0, entry.seq))

    def let_go(self, before: float, limit: int) -> list[str]:
        """Begin to forget events that ended before *before*; return the ids of those."""
        for entry in self.ended()[:limit]:
            if (entry.event.ended_at or 0.0) < before:
                self.entries[entry.event.id] = entry._replace(is_gone=True)
        return [id for id, entry in self.entries.items() if entry.is_gone][:limit]

    def take_gone(self, entries: Iterable[Entry]) -> bool:
        """Take in events of a page that are to be forgotten."""
        for entry in entries:
            self.entries[entry.event.id] = entry._replace(is_gone=True)
        return True

    def take_out(self, entries: Iterable[Entry]) -> bool:
        """Take *entries* out, unless one is not as it was; return whether they were."""
        moved = {entry.event.id: entry for entry in entries}
        if any(self.entries.get(event_id) != entry for event_id, entry in moved.items()):
            return False
        self.drop(moved)
        return True

    def drop(self, ids: Iterable[str]) -> None:
        """Take events out."""
        for event_id in ids:
            self.entries.pop(event_id, None)

    def counts(self) -> Counter[EventState]:
        """Return how many events there are in each state, with those on pages."""
        counts: Counter[EventState] = Counter(entry.event.state for entry in self.shown())
        for page in self.pages:
            counts.update({"delivered": page.delivered, "dead": page.dead})
        return counts

    def _is_held(self, subject: str, owner: str) -> bool:
        hold = self.holds.get(subject)
        return hold is not None and hold.owner == owner


def page_of(name: str, entries: Iterable[Entry]) -> Page:
    """Return what is known of the page *name* with *entries*, of which there is one at least."""
    kept = list(entries)
    states = Counter(entry.event.state for entry in kept)
    first_ended = min(entry.event.ended_at or 0.0 for entry in kept)
    return Page(
        name, states["delivered"], states["dead"], first_ended, max(entry.seq for entry in kept)
    )


def write_entries(entries: Iterable[Entry]) -> bytes:
    """Return *entries* as a value."""
    return json.dumps([_listed(entry) for entry in entries]).encode()


def read_entries(value: bytes | None) -> list[Entry]:
    """Return the entries of a value; none where it is lost."""
    return [_entry(*each) for each in json.loads(value or b"[]")]


def write_shard(shard: Shard) -> bytes | None:
    """Return *shard* as a value, ``None`` where it is empty."""
    if not (shard.entries or shard.holds or shard.pages):
        return None
    entries = [_listed(entry) for entry in shard.entries.values()]
    return json.dumps([entries, shard.holds, shard.pages]).encode()


def read_shard(value: bytes | None) -> Shard:
    """Return the shard of a value."""
    entries, holds, pages = json.loads(value or b"[[],{},[]]")
    return Shard(
        {entry.event.id: entry for entry in (_entry(*each) for each in entries)},
        {subject: Hold(*hold) for subject, hold in holds.items()},
        [Page(*page) for page in pages],
    )


def _listed(entry: Entry) -> list[object]:
    *fields, _ = astuple(entry.event)  # the body comes last
    return [entry.seq, entry.is_gone, *fields]


def _entry(seq: int, is_gone: bool, *fields: Any) -> Entry:
    *others, received_by, error = fields
    event = KeptEvent(*others, tuple(received_by), error)  # type: ignore[call-arg]
    return Entry(seq, event, is_gone)
