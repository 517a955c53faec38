"""An inbox in a store of the host (``LEAN_STORE``). ``store_shelf`` says what lies where."""

from __future__ import annotations

import math
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TypeVar, get_args

from ..banks.stores.base import Store, StoreBusy, StoreError
from ..common.logs import get_logger, log_fields
from .inbox import Claim, EventState, KeptEvent, NewEvent
from .store_shard import Entry, Page, Shard
from .store_shelf import SHARDS, Body, Shelf, shard_of

log = get_logger(__name__)

MAX_ENDED = 200  # events that ended and stay in a shard; the first half of them goes to a page
AT_ONCE = 500  # events that one change forgets
T = TypeVar("T")
_TRIES = 20  # of a change that another process's change makes void


class StoreInbox:
    """The events of one Lean application, as durable as *store* is.

    :param store: of the host.
    :param scope: names the application and environment.
    """

    def __init__(self, store: Store, scope: str) -> None:
        self._shelf = Shelf(store, scope)
        #: The store's version at the last look, and when the first subject was due by then.
        self._looked = (-1, -math.inf)

    @property
    def is_durable(self) -> bool:
        """Return true: waiting events outlive the process, as the host's store promises."""
        return True

    def risk(self) -> str | None:
        """Return ``None``: the host knows its store."""
        return None

    def add(self, event: NewEvent) -> bool:
        """Keep *event* durably; return false if it is known."""
        now = event.received_at
        body = Body(event.subject, now + event.remember_for, False, event.body)
        kept = KeptEvent(event.id, event.type, event.subject, "waiting", now, now, now)
        for _ in range(_TRIES):
            seen = self._shelf.body(event.id)
            if seen and self._is_known(event.id, seen, now):
                return False
            # The body first: what is in a shard is delivered.
            if self._shelf.put_body(event.id, seen, body):
                return self._change(event.subject, lambda shard, seq: shard.add(kept, seq))
        raise StoreBusy("Other processes add the same event all the time")

    def claim(self, now: float, lease: float, subject: str | None = None) -> Claim | None:
        """Claim the first event of a queue that is due, for *lease* seconds."""
        owner, is_early = secrets.token_hex(8), subject is not None
        while (wanted := subject or self._first_due(now)) is not None:
            event = self._claim(wanted, owner, now, now + lease, is_early=is_early)
            if event is not None and event.body is None:
                self._change(wanted, partial(_lose, event, owner))
                log.error(
                    "LEAN_STORE has lost the body of the webhook %s (%s): nobody gets it",
                    event.type,
                    event.id,
                    extra=log_fields(event=event.id, event_type=event.type),
                )
            elif event is not None:
                return Claim(event, owner)
            elif is_early:
                return None
        return None

    def renew(self, claim: Claim, until: float) -> bool:
        """Prolong *claim*; return false if it is lost."""
        subject = claim.event.subject
        return self._change(subject, lambda shard, _: shard.renew(subject, claim.owner, until))

    def release(self, claim: Claim) -> None:
        """Give *claim* back at once, without counting the attempt."""
        self._end(claim, lambda event: replace(event, attempts=max(0, event.attempts - 1)))

    def deliver(self, claim: Claim, now: float, received_by: tuple[str, ...]) -> None:
        """Note that every receiver has had the event."""
        self._finish(claim, "delivered", now, received_by, None)

    def postpone(
        self, claim: Claim, due_at: float, received_by: tuple[str, ...], error: str
    ) -> None:
        """Let the event, and so its subject, wait until *due_at*."""
        self._end(
            claim,
            lambda event: replace(event, due_at=due_at, received_by=received_by, error=error),
        )

    def bury(self, claim: Claim, now: float, received_by: tuple[str, ...], error: str) -> None:
        """Give the event up, so that the next one of its subject goes on."""
        self._finish(claim, "dead", now, received_by, error)

    def get(self, event_id: str) -> KeptEvent | None:
        """Return the event, or ``None``."""
        for _ in range(_TRIES):
            body = self._shelf.body(event_id)
            if body is None or body.content is None:
                return None
            entry, _page = self._find(event_id, body)
            if entry:
                return None if entry.is_gone else replace(entry.event, body=body.content)
            if self._shelf.body(event_id) == body:  # it was not moved meanwhile: it was never kept
                return None
        return None

    def list(self, state: EventState | None = None, limit: int = 100) -> list[KeptEvent]:
        """Return events without bodies, the latest first."""
        shards = [self._shelf.read(number) for number in range(SHARDS)]
        found = list(chain.from_iterable(shard.shown(state) for shard in shards))
        pages = list(chain.from_iterable(shard.pages for shard in shards))
        for page in sorted(pages, key=lambda page: page.last_seq, reverse=True):
            latest = sorted((entry.seq for entry in found), reverse=True)[:limit]
            if len(latest) == limit and page.last_seq < latest[-1]:
                break
            entries = self._shelf.entries(page)
            found += [entry for entry in entries if state in {None, entry.event.state}]
        found.sort(key=lambda entry: entry.seq, reverse=True)
        return [entry.event for entry in found[:limit]]

    def retry(self, event_id: str, now: float) -> bool:
        """Put the event back at its place in its subject's queue; return false if unknown."""
        for _ in range(_TRIES):
            body = self._shelf.body(event_id)
            if body is None or body.content is None:
                return False
            entry, page = self._find(event_id, body)
            if entry is None or entry.is_gone:
                return False
            if self._put_back(body.subject, entry, page, now):
                return True
        raise StoreBusy("Other processes move the same event all the time")

    def retry_dead(self, now: float) -> int:
        """Put all dead events back, some at a time; return how many."""
        return sum(self._put_back_dead(number, now) for number in range(SHARDS))

    def counts(self) -> Mapping[EventState, int]:
        """Return how many events there are in each state."""
        counts: Counter[EventState] = Counter()
        for number in range(SHARDS):
            counts.update(self._shelf.read(number).counts())
        return {state: counts[state] for state in get_args(EventState)}

    def purge(self, now: float, keep: float) -> None:
        """Forget the events that ended more than *keep* seconds ago, some at a time."""
        before = now - keep
        for number in range(SHARDS):
            for page in self._shelf.read(number).pages:
                if page.first_ended < before:
                    old, others = _split(self._shelf.entries(page), before)
                    self._shelf.turn(number, page, others, partial(Shard.take_gone, entries=old))
                    self._forget(number, now, before)
            self._forget(number, now, before)

    def _change(self, subject: str, operation: Callable[[Shard, int], T]) -> T:
        return self._shelf.change(shard_of(subject), operation)

    def _is_known(self, event_id: str, body: Body, now: float) -> bool:
        """Return whether the event of *body* was kept; not that its process died before."""
        if body.content is None:
            return body.until > now
        return body.is_paged or event_id in self._shelf.read(shard_of(body.subject)).entries

    def _first_due(self, now: float) -> str | None:
        """Return the subject that is due first, if one is due."""
        version, (seen, due) = self._shelf.version(), self._looked
        if version == seen and now < due:
            return None  # nothing has changed since the last look
        queues = chain.from_iterable(self._shelf.read(number).due() for number in range(SHARDS))
        due, subject = min(queues, default=(math.inf, None))
        self._looked = (version, due)
        return subject if due <= now else None

    def _claim(
        self, subject: str, owner: str, now: float, until: float, *, is_early: bool
    ) -> KeptEvent | None:
        event = self._change(
            subject, lambda shard, _: shard.claim(subject, owner, now, until, early=is_early)
        )
        body = self._shelf.body(event.id) if event else None
        return replace(event, body=body.content if body else None) if event else None

    def _finish(
        self,
        claim: Claim,
        state: EventState,
        now: float,
        received_by: tuple[str, ...],
        error: str | None,
    ) -> None:
        done = {"ended_at": now, "received_by": received_by, "error": error}
        self._end(claim, lambda event: replace(event, state=state, **done))  # type: ignore[arg-type]

    def _end(self, claim: Claim, change: Callable[[KeptEvent], KeptEvent]) -> None:
        def end(shard: Shard, version: int) -> bool:
            is_held = shard.end(claim.event, claim.owner, change)
            return is_held and len(shard.ended()) > MAX_ENDED

        if self._change(claim.event.subject, end):
            with suppress(StoreError):  # the event has ended; the next one that does tries again
                self._begin_page(shard_of(claim.event.subject))

    def _begin_page(self, number: int) -> None:
        """Move the events that ended first to a page, so that the shard stays small."""
        ended = self._shelf.read(number).ended()
        moved = ended[: len(ended) // 2]
        for entry in moved:
            body = self._shelf.body(entry.event.id)
            if body and not body.is_paged:
                self._shelf.put_body(entry.event.id, body, body._replace(is_paged=True))
        self._shelf.turn(number, None, moved, partial(Shard.take_out, entries=moved))

    def _find(self, event_id: str, body: Body) -> tuple[Entry | None, Page | None]:
        """Return the event, and the page that it is on."""
        shard = self._shelf.read(shard_of(body.subject))
        if entry := shard.entries.get(event_id):
            return entry, None
        for page in shard.pages if body.is_paged else []:
            for entry in self._shelf.entries(page):
                if entry.event.id == event_id:
                    return entry, page
        return None, None

    def _put_back(self, subject: str, entry: Entry, page: Page | None, now: float) -> bool:
        """Let *entry* begin anew; return false if it was moved meanwhile."""

        def put_back(shard: Shard) -> bool:
            there = shard.entries.get(entry.event.id)
            if page is None and (there is None or there.is_gone):
                return False
            shard.put_back(there or entry, now)
            return True

        number = shard_of(subject)
        if page is None:
            return self._shelf.change(number, lambda shard, _: put_back(shard))
        others = [each for each in self._shelf.entries(page) if each.event.id != entry.event.id]
        return self._shelf.turn(number, page, others, put_back)

    def _put_back_dead(self, number: int, now: float) -> int:
        def put_back(shard: Shard, entries: Sequence[Entry]) -> bool:
            for entry in entries:
                shard.put_back(entry, now)
            return True

        def put_back_recent(shard: Shard, version: int) -> int:
            dead = shard.shown("dead")
            put_back(shard, dead)
            return len(dead)

        total = self._shelf.change(number, put_back_recent)
        for page in self._shelf.read(number).pages:
            entries = self._shelf.entries(page) if page.dead else []
            dead = [entry for entry in entries if entry.event.state == "dead"]
            others = [entry for entry in entries if entry.event.state != "dead"]
            if dead and self._shelf.turn(number, page, others, partial(put_back, entries=dead)):
                total += len(dead)
        return total

    def _forget(self, number: int, now: float, before: float) -> None:
        """Forget what ended before *before* and is on no page."""
        gone = [""] * AT_ONCE
        while len(gone) == AT_ONCE:
            gone = self._shelf.change(number, lambda shard, _: shard.let_go(before, AT_ONCE))
            for event_id in gone:
                self._shelf.forget_body(event_id, now)
            self._shelf.change(number, partial(_drop, gone))


def _split(entries: Sequence[Entry], before: float) -> tuple[list[Entry], list[Entry]]:
    """Return the entries that ended before *before*, and the others."""
    old = [entry for entry in entries if (entry.event.ended_at or math.inf) < before]
    return old, [entry for entry in entries if entry not in old]


def _lose(event: KeptEvent, owner: str, shard: Shard, version: int) -> None:
    shard.lose(event, owner)


def _drop(ids: Sequence[str], shard: Shard, version: int) -> None:
    shard.drop(ids)
