"""An inbox in SQLite: in the file of the store, or in the memory of one process."""

# ruff: noqa: S608 - the statements are made of constants; values are bound

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Protocol, get_args

from ..common.group_commit import GroupCommit
from .event_rows import COLUMNS, event_of
from .inbox import Claim, EventState, KeptEvent, NewEvent

AT_ONCE = 500  # events of one transaction, so that it holds up no other writer for long
_ENDED = "state = :state, ended = :now, received_by = :received_by, error = :error"
_OLD_IDS = "DELETE FROM known_1 WHERE scope = :scope AND expires <= :now"
#: A subject that has a queue already goes on with its first event.
_QUEUE_IF_FIRST = "INSERT OR IGNORE INTO queue_1 VALUES (:scope, :subject, :now, NULL)"
# SQLite would rather walk through all events that wait.
_HEAD = """FROM event_1 INDEXED BY event_1_waiting
    WHERE scope = :scope AND subject = :subject AND state = 'waiting' ORDER BY seq LIMIT 1"""


class Database(Protocol):
    """Where the tables of ``sqlite_inbox_schema`` are."""

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """Yield a connection outside any transaction."""

    def writing(self, durably: bool = False) -> AbstractContextManager[sqlite3.Connection]:
        """Yield a connection inside a write transaction, which an error undoes.

        :param durably: whether it must survive a power failure.
        """


class SqliteInbox:
    """The events of one Lean application.

    After a power failure, an event may be delivered again whose delivery was noted just before.

    :param scope: names the application and environment.
    :param is_durable: whether *database* outlives the process. The body of a delivered event is
        kept only there, to deliver it again.
    """

    def __init__(self, database: Database, scope: str, *, is_durable: bool = True) -> None:
        self._database = database
        self._scope = scope
        self._is_durable = is_durable
        self._additions = GroupCommit(lambda: database.writing(durably=True), partial(_add, scope))

    @property
    def is_durable(self) -> bool:
        """Return whether waiting events outlive the process."""
        return self._is_durable

    def risk(self) -> str | None:
        """Return ``None``: a file loses nothing, and no event waits in memory."""
        return None

    def add(self, event: NewEvent) -> bool:
        """Keep *event* durably; return false if it is known.

        Those that other threads add meanwhile share the next transaction.
        """
        return self._additions.run(event)

    def claim(self, now: float, lease: float, subject: str | None = None) -> Claim | None:
        """Claim the first event of a queue that is due, for *lease* seconds."""
        values = self._values(now=now, subject=subject)
        with self._database.reading() as connection:  # most often there is none
            if _claimable(connection, values) is None:
                return None
        with self._database.writing() as connection:
            found = _claimable(connection, values)
            if found is None:
                return None
            owner = secrets.token_hex(8)
            values |= {"subject": found, "owner": owner, "until": now + lease}
            connection.execute(
                """UPDATE queue_1 SET due = :until, owner = :owner
                WHERE scope = :scope AND subject = :subject""",
                values,
            )
            connection.execute(
                f"UPDATE event_1 SET attempts = attempts + 1 WHERE seq = (SELECT seq {_HEAD})",
                values,
            )
            row = connection.execute(f"SELECT {COLUMNS}, body {_HEAD}", values).fetchone()
            return Claim(event_of(row), owner)

    def renew(self, claim: Claim, until: float) -> bool:
        """Prolong *claim*; return false if it is lost."""
        with self._database.writing() as connection:
            changed = connection.execute(
                """UPDATE queue_1 SET due = :until
                WHERE scope = :scope AND subject = :subject AND owner = :owner""",
                self._values(subject=claim.event.subject, owner=claim.owner, until=until),
            )
            return changed.rowcount > 0

    def release(self, claim: Claim) -> None:
        """Give *claim* back at once, without counting the attempt."""
        self._settle(claim, "attempts = max(0, attempts - 1)")

    def deliver(self, claim: Claim, now: float, received_by: tuple[str, ...]) -> None:
        """Note that every receiver has had the event."""
        body = "" if self._is_durable else ", body = NULL"
        ended = f"{_ENDED}{body}"
        self._settle(claim, ended, received_by, state="delivered", now=now, error=None)

    def postpone(
        self, claim: Claim, due_at: float, received_by: tuple[str, ...], error: str
    ) -> None:
        """Let the event, and so its subject, wait until *due_at*."""
        change = "due = :due, received_by = :received_by, error = :error"
        self._settle(claim, change, received_by, due=due_at, error=error)

    def bury(self, claim: Claim, now: float, received_by: tuple[str, ...], error: str) -> None:
        """Give the event up, so that the next one of its subject goes on."""
        self._settle(claim, _ENDED, received_by, state="dead", now=now, error=error)

    def get(self, event_id: str) -> KeptEvent | None:
        """Return the event, or ``None``."""
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {COLUMNS}, body FROM event_1 WHERE scope = :scope AND id = :id",
                self._values(id=event_id),
            ).fetchone()
        return event_of(row) if row else None

    def list(self, state: EventState | None = None, limit: int = 100) -> list[KeptEvent]:
        """Return events without bodies, the latest first."""
        # With "+", SQLite goes back through the events, and sorts none.
        which = "+scope = :scope" if state is None else "scope = :scope AND state = :state"
        with self._database.reading() as connection:
            rows = connection.execute(
                f"""SELECT {COLUMNS}, NULL FROM event_1 WHERE {which}
                ORDER BY seq DESC LIMIT :limit""",
                self._values(state=state, limit=limit),
            ).fetchall()
        return [event_of(row) for row in rows]

    def retry(self, event_id: str, now: float) -> bool:
        """Put the event back at its place in its subject's queue; return false if unknown."""
        values = self._values(id=event_id, now=now)
        with self._database.writing(durably=True) as connection:
            return _put_back(connection, "scope = :scope AND id = :id", values) > 0

    def retry_dead(self, now: float) -> int:
        """Put all dead events back, some at a time; return how many."""
        values = self._values(now=now, limit=AT_ONCE)
        total, put = 0, AT_ONCE
        while put == AT_ONCE:
            with self._database.writing(durably=True) as connection:
                put = _put_back(
                    connection,
                    """seq IN (SELECT seq FROM event_1 WHERE scope = :scope AND state = 'dead'
                    AND body IS NOT NULL LIMIT :limit)""",
                    values,
                )
            total += put
        return total

    def counts(self) -> Mapping[EventState, int]:
        """Return how many events there are in each state."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT state, count(*) FROM event_1 WHERE scope = :scope GROUP BY state",
                self._values(),
            ).fetchall()
        return dict.fromkeys(get_args(EventState), 0) | dict(rows)

    def purge(self, now: float, keep: float) -> None:
        """Forget the events that ended more than *keep* seconds ago, some at a time."""
        values = self._values(now=now, before=now - keep, limit=AT_ONCE)
        deleted = AT_ONCE
        while deleted == AT_ONCE:
            with self._database.writing() as connection:
                connection.execute(_OLD_IDS, values)
                deleted = connection.execute(
                    """DELETE FROM event_1 WHERE seq IN (SELECT seq FROM event_1
                    WHERE scope = :scope AND ended < :before LIMIT :limit)""",
                    values,
                ).rowcount

    def _values(self, **values: Any) -> dict[str, Any]:
        return {"scope": self._scope, **values}

    def _settle(
        self, claim: Claim, change: str, received_by: tuple[str, ...] = (), **values: Any
    ) -> None:
        """Apply *change* to the event of *claim* and end the claim, unless it is lost."""
        values = self._values(
            id=claim.event.id,
            subject=claim.event.subject,
            owner=claim.owner,
            received_by=json.dumps(received_by),
            **values,
        )
        with self._database.writing() as connection:
            ended = connection.execute(
                """UPDATE queue_1 SET owner = NULL
                WHERE scope = :scope AND subject = :subject AND owner = :owner""",
                values,
            )
            if ended.rowcount:
                connection.execute(
                    f"UPDATE event_1 SET {change} WHERE scope = :scope AND id = :id", values
                )
                _requeue(connection, values)


def _add(scope: str, connection: sqlite3.Connection, event: NewEvent) -> bool:
    """Add *event*; return false if it is known."""
    values = {
        "scope": scope,
        "id": event.id,
        "type": event.type,
        "subject": event.subject,
        "body": event.body,
        "now": event.received_at,
        "expires": event.received_at + event.remember_for,
    }
    connection.execute(_OLD_IDS, values)
    known = connection.execute(
        """SELECT 1 FROM known_1 WHERE scope = :scope AND id = :id
        UNION ALL SELECT 1 FROM event_1 WHERE scope = :scope AND id = :id""",
        values,
    )
    if known.fetchone():
        return False
    connection.execute("INSERT INTO known_1 VALUES (:scope, :id, :expires)", values)
    connection.execute(
        f"""INSERT INTO event_1 ({COLUMNS}, scope, body) VALUES (:id, :type, :subject,
        'waiting', :now, :now, :now, 0, NULL, '[]', NULL, :scope, :body)""",
        values,
    )
    connection.execute(_QUEUE_IF_FIRST, values)
    return True


def _claimable(connection: sqlite3.Connection, values: Mapping[str, Any]) -> str | None:
    """Return the subject that can be claimed: the one of *values*, or the one due first."""
    if values["subject"] is None:
        which = "due <= :now ORDER BY due LIMIT 1"
    else:
        which = "subject = :subject AND (owner IS NULL OR due <= :now)"
    row = connection.execute(
        f"SELECT subject FROM queue_1 WHERE scope = :scope AND {which}", values
    ).fetchone()
    return row[0] if row else None


def _put_back(connection: sqlite3.Connection, which: str, values: Mapping[str, Any]) -> int:
    """Let the events of *which* begin anew; return how many."""
    which = f"{which} AND body IS NOT NULL"
    subjects = connection.execute(f"SELECT DISTINCT subject FROM event_1 WHERE {which}", values)
    found = subjects.fetchall()
    changed = connection.execute(
        f"""UPDATE event_1 SET state = 'waiting', waiting_since = :now, due = :now, attempts = 0,
        ended = NULL, received_by = '[]', error = NULL WHERE {which}""",
        values,
    )
    for (subject,) in found:
        _requeue(connection, {**values, "subject": subject})
    return changed.rowcount


def _requeue(connection: sqlite3.Connection, values: Mapping[str, Any]) -> None:
    """Let the subject wait for its first event, unless somebody holds it."""
    head = connection.execute(f"SELECT due {_HEAD}", values).fetchone()
    if head is None:
        connection.execute(
            "DELETE FROM queue_1 WHERE scope = :scope AND subject = :subject", values
        )
    else:
        connection.execute(
            """INSERT INTO queue_1 VALUES (:scope, :subject, :due, NULL)
            ON CONFLICT (scope, subject) DO UPDATE SET due = excluded.due WHERE owner IS NULL""",
            {**values, "due": head[0]},
        )
