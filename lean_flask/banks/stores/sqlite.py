"""``sqlite:///path`` shares values between the processes of one machine, across restarts."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from .base import Updater, next_version
from .sqlite_file import SqliteFile

# The keys are in an index of their own, and the value comes last: whoever seeks a key compares it
# with others, and would read the whole bank list that stands beside one of them.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry_2 (key TEXT PRIMARY KEY, expires REAL NOT NULL,
    written REAL NOT NULL, value BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS entry_2_expires ON entry_2 (expires);
CREATE TABLE IF NOT EXISTS clock_1 (version INTEGER NOT NULL);
INSERT INTO clock_1 SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM clock_1);
"""  # a changed layout gets new table names, so that both versions can use the file
_READ = "SELECT value FROM entry_2 WHERE key = ? AND expires > ?"
_PURGE = "DELETE FROM entry_2 WHERE expires <= ?"
_WRITE = "INSERT OR REPLACE INTO entry_2 VALUES (?, ?, ?, ?)"
# The clock was set back since the value was written: what was left of its time begins anew.
_REDATE = """UPDATE entry_2 SET expires = ?1 + (expires - written), written = ?1
    WHERE key = ?2 AND written > ?1 + 1"""


class SqliteStore:
    """One file.

    :param path: the file. It is made with mode 0600, and missing folders with 0700.
    :param wall_clock: seconds since the epoch; values expire by it.
    """

    def __init__(self, path: Path, wall_clock: Callable[[], float] = time.time) -> None:
        self._wall_clock = wall_clock
        self._file = SqliteFile(path, _SCHEMA)

    def version(self) -> int:
        """Return the version of the latest change."""
        with self._file.reading() as connection:
            return _version(connection)

    def read(self, key: str) -> bytes | None:
        """Return the value of *key*, or ``None``."""
        with self._file.reading() as connection:
            return _read(connection, key, self._wall_clock())

    def update(self, key: str, updater: Updater, ttl: float) -> bytes | None:
        """Apply *updater* to *key* in a transaction and return the new value."""
        with self._file.writing() as connection:
            now = self._wall_clock()
            connection.execute(_REDATE, (now, key))
            old = _read(connection, key, now)
            version = next_version(_version(connection), now)
            new = updater(old, version)
            if new != old:
                _write(connection, key, new, ttl, now)
                connection.execute("UPDATE clock_1 SET version = ?", (version,))
            return new


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("SELECT version FROM clock_1").fetchone()[0]
    return version


def _read(connection: sqlite3.Connection, key: str, now: float) -> bytes | None:
    row = connection.execute(_READ, (key, now)).fetchone()
    return bytes(row[0]) if row else None


def _write(
    connection: sqlite3.Connection, key: str, value: bytes | None, ttl: float, now: float
) -> None:
    connection.execute(_PURGE, (now,))
    if value is None:
        connection.execute("DELETE FROM entry_2 WHERE key = ?", (key,))
    else:
        connection.execute(_WRITE, (key, now + ttl, now, value))
