"""An inbox in Postgres, for hosts of several machines. Needs ``lean-flask[postgres]``."""

# ruff: noqa: S608 - the statements are made of constants; values are bound

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any, get_args

from ..banks.stores.base import StoreError
from ..banks.stores.postgres_database import PostgresDatabase
from ..banks.stores.postgres_url import read_url
from .event_rows import COLUMNS, event_of
from .inbox import Claim, EventState, KeptEvent, NewEvent
from .postgres_inbox_schema import INBOX

#: Seconds to wait for one answer: longer than for a bank list, which can be fetched elsewhere.
TIMEOUT = 2.0
AT_ONCE = 500  # events of one transaction, so that it holds up no other writer for long


class PostgresInbox:
    """The events of one Lean application. Each operation takes one round trip.

    After a crash of the server, an event may be delivered again whose delivery was noted just
    before.

    :param scope: names the application and environment.
    :raises ValueError: when libpq refuses *url*; the message shows no password.
    """

    def __init__(self, url: str, scope: str) -> None:
        self._database = PostgresDatabase(read_url(url), INBOX, TIMEOUT)
        self._scope = scope

    @property
    def is_durable(self) -> bool:
        """Return true: waiting events outlive the process."""
        return True

    def risk(self) -> str | None:
        """Return how Postgres could lose events; ``None`` also where it cannot be reached."""
        try:
            rows = self._database.run("SELECT current_setting('fsync')")
        except StoreError:
            return None
        return "a crash of Postgres may lose events; set fsync on" if rows[0][0] == "off" else None

    def add(self, event: NewEvent) -> bool:
        """Keep *event* durably; return false if it is known."""
        now, expires = event.received_at, event.received_at + event.remember_for
        values = (event.id, event.type, event.subject, event.body, now, expires)
        return bool(self._call("add", *values, durably=True))

    def claim(self, now: float, lease: float, subject: str | None = None) -> Claim | None:
        """Claim the first event of a queue that is due, for *lease* seconds."""
        owner = secrets.token_hex(8)
        rows = self._database.run(
            f"SELECT {COLUMNS}, body FROM {{s}}.lean_flask_inbox_claim_1(%s, %s, %s, %s, %s)",
            (self._scope, now, now + lease, owner, subject),
        )
        return Claim(event_of(rows[0]), owner) if rows else None

    def renew(self, claim: Claim, until: float) -> bool:
        """Prolong *claim*; return false if it is lost."""
        return bool(self._call("renew", claim.event.subject, claim.owner, until))

    def release(self, claim: Claim) -> None:
        """Give *claim* back at once, without counting the attempt."""
        self._call("release", *_held(claim))

    def deliver(self, claim: Claim, now: float, received_by: tuple[str, ...]) -> None:
        """Note that every receiver has had the event."""
        self._call("end", *_held(claim), "delivered", now, json.dumps(received_by), None)

    def postpone(
        self, claim: Claim, due_at: float, received_by: tuple[str, ...], error: str
    ) -> None:
        """Let the event, and so its subject, wait until *due_at*."""
        self._call("postpone", *_held(claim), due_at, json.dumps(received_by), error)

    def bury(self, claim: Claim, now: float, received_by: tuple[str, ...], error: str) -> None:
        """Give the event up, so that the next one of its subject goes on."""
        self._call("end", *_held(claim), "dead", now, json.dumps(received_by), error)

    def get(self, event_id: str) -> KeptEvent | None:
        """Return the event, or ``None``."""
        rows = self._database.run(
            f"SELECT {COLUMNS}, body FROM {{s}}.lean_flask_event_1 WHERE scope = %s AND id = %s",
            (self._scope, event_id),
        )
        return event_of(rows[0]) if rows else None

    def list(self, state: EventState | None = None, limit: int = 100) -> list[KeptEvent]:
        """Return events without bodies, the latest first."""
        which, values = ("", ()) if state is None else ("AND state = %s", (state,))
        rows = self._database.run(
            f"""SELECT {COLUMNS}, NULL FROM {{s}}.lean_flask_event_1
            WHERE scope = %s {which} ORDER BY seq DESC LIMIT %s""",
            (self._scope, *values, limit),
        )
        return [event_of(row) for row in rows]

    def retry(self, event_id: str, now: float) -> bool:
        """Put the event back at its place in its subject's queue; return false if unknown."""
        return bool(self._call("retry", event_id, now, durably=True))

    def retry_dead(self, now: float) -> int:
        """Put all dead events back, some at a time; return how many."""
        total, put = 0, AT_ONCE
        while put == AT_ONCE:
            put = self._call("retry_dead", now, AT_ONCE, durably=True)
            total += put
        return total

    def counts(self) -> Mapping[EventState, int]:
        """Return how many events there are in each state."""
        rows = self._database.run(
            "SELECT state, count(*) FROM {s}.lean_flask_event_1 WHERE scope = %s GROUP BY state",
            (self._scope,),
        )
        return dict.fromkeys(get_args(EventState), 0) | dict(rows)

    def purge(self, now: float, keep: float) -> None:
        """Forget the events that ended more than *keep* seconds ago, some at a time."""
        while self._call("purge", now, now - keep, AT_ONCE) == AT_ONCE:
            pass

    def _call(self, operation: str, *values: Any, durably: bool = False) -> Any:
        """Call the function of *operation*; return its value."""
        places = ", ".join(["%s"] * (len(values) + 1))
        statement = f"SELECT {{s}}.lean_flask_inbox_{operation}_1({places})"
        return self._database.run(statement, (self._scope, *values), durably=durably)[0][0]


def _held(claim: Claim) -> tuple[str, str, str]:
    return claim.event.id, claim.event.subject, claim.owner
