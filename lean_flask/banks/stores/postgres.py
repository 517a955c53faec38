"""``postgresql://`` shares values between machines. Needs ``lean-flask[postgres]``.

Processes ask for the version; nobody is told of it. Postgres' LISTEN takes a connection of its own
for each process, which PgBouncer does not give and which a failover ends without a word, for a row
that is read once a second.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from .base import StoreBusy, Updater, next_version
from .postgres_database import PostgresDatabase
from .postgres_schema import STORE
from .postgres_url import read_url

TIMEOUT = 0.5  # seconds to wait for one answer
CONFLICT_TIMEOUT = 0.5  # seconds to try again while other processes change values


class PostgresStore:
    """Keys with expiry. Each operation takes one round trip, a change of a value two.

    :param wall_clock: seconds since the epoch.
    :raises ValueError: when libpq refuses *url*; the message shows no password.
    """

    def __init__(self, url: str, wall_clock: Callable[[], float] = time.time) -> None:
        self._wall_clock = wall_clock
        self._database = PostgresDatabase(read_url(url), STORE, TIMEOUT)

    def version(self) -> int:
        """Return the version of the latest change."""
        rows = self._database.run("SELECT max(version) FROM {s}.lean_flask_clock_1")
        return rows[0][0] or 0

    def read(self, key: str) -> bytes | None:
        """Return the value of *key*, or ``None``."""
        rows = self._database.run(
            "SELECT value FROM {s}.lean_flask_entry_1 "
            "WHERE key = %s AND expires > clock_timestamp()",
            (key,),
        )
        return rows[0][0] if rows else None

    def update(self, key: str, updater: Updater, ttl: float) -> bytes | None:
        """Apply *updater* to *key* atomically and return the new value."""
        give_up = time.monotonic() + CONFLICT_TIMEOUT
        while True:
            rows = self._database.run("SELECT * FROM {s}.lean_flask_look_1(%s)", (key,))
            old, seen, latest = rows[0]
            version = next_version(latest or 0, self._wall_clock())
            new = updater(old, version)
            if new == old or self._change(key, seen, version, new, ttl):
                return new
            if time.monotonic() > give_up:
                raise StoreBusy("Postgres: other processes change values all the time")
            time.sleep(random.uniform(0, 0.005))  # noqa: S311 - so that they do not meet again

    def _change(
        self, key: str, seen: int | None, version: int, value: bytes | None, ttl: float
    ) -> bool:
        rows = self._database.run(
            "SELECT {s}.lean_flask_change_1(%s, %s, %s, %s, %s)", (key, seen, version, value, ttl)
        )
        return bool(rows[0][0])
