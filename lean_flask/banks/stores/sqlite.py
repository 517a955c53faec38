"""``sqlite:///path`` shares values between the processes of one machine, across restarts."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from .base import Change, Updater, next_version
from .sqlite_file import SqliteFile

# The keys are in an index of their own, and the value comes last: whoever seeks a key compares it
# with others, and would read the whole bank list that stands beside one of them.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry_2 (key TEXT PRIMARY KEY, expires REAL NOT NULL,
    written REAL NOT NULL, value BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS entry_2_expires ON entry_2 (expires);
CREATE TABLE IF NOT EXISTS entry_1 (key TEXT PRIMARY KEY, value BLOB NOT NULL,
    expires REAL NOT NULL, written REAL NOT NULL) WITHOUT ROWID;
BEGIN IMMEDIATE;
INSERT OR IGNORE INTO entry_2 SELECT key, expires, written, value FROM entry_1;
DELETE FROM entry_1;
COMMIT;
CREATE TABLE IF NOT EXISTS clock_1 (version INTEGER NOT NULL);
INSERT INTO clock_1 SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM clock_1);
"""  # a changed layout gets new table names; what a version before wrote is moved at each start
_READ = "SELECT value FROM entry_2 WHERE key = ? AND expires > ?"
_PURGE = "DELETE FROM entry_2 WHERE expires <= ?"
_WRITE = "INSERT OR REPLACE INTO entry_2 VALUES (?, ?, ?, ?)"
_CLOCK = "UPDATE clock_1 SET version = ?"
# The version first, and then what is there of some keys.
_LOOK = """SELECT NULL, version, NULL, NULL FROM clock_1
    UNION ALL SELECT key, value, expires, written FROM entry_2 WHERE key IN ({})"""
# The clock was set back since the value was written: what was left of its time begins anew.
_REDATE = """UPDATE entry_2 SET expires = ?1 + (expires - written), written = ?1
    WHERE key = ?2"""

PURGE_INTERVAL = 60.0  # seconds between looks for what has expired; nobody reads that meanwhile


class SqliteStore:
    """One file.

    :param path: the file. It is made with mode 0600, and missing folders with 0700.
    :param wall_clock: seconds since the epoch; values expire by it.
    """

    def __init__(self, path: Path, wall_clock: Callable[[], float] = time.time) -> None:
        self._wall_clock = wall_clock
        self._file = SqliteFile(path, _SCHEMA)
        self._purge_at = 0.0  # by the wall clock

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
        return self._apply([Change(key, updater, ttl)])[0]

    def update_all(self, changes: Sequence[Change]) -> bool:
        """Apply *changes*, each of another key, in one transaction; return that it was one."""
        self._apply(changes)
        return True

    def _apply(self, changes: Sequence[Change]) -> list[bytes | None]:
        with self._file.writing() as connection:
            now = self._wall_clock()
            last, old = _look(connection, [change.key for change in changes], now)
            version = next_version(last, now)
            new = [change.updater(seen, version) for change, seen in zip(changes, old, strict=True)]
            if new != old:
                if (
                    not 0 < self._purge_at - now <= PURGE_INTERVAL
                ):  # also after the clock was set back
                    connection.execute(_PURGE, (now,))
                    self._purge_at = now + PURGE_INTERVAL
                connection.execute(_CLOCK, (version,))
            for change, seen, value in zip(changes, old, new, strict=True):
                if value != seen:
                    _write(connection, change.key, value, change.ttl, now)
            return new


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("SELECT version FROM clock_1").fetchone()[0]
    return version


def _read(connection: sqlite3.Connection, key: str, now: float) -> bytes | None:
    row = connection.execute(_READ, (key, now)).fetchone()
    return bytes(row[0]) if row else None


def _look(
    connection: sqlite3.Connection, keys: Sequence[str], now: float
) -> tuple[int, list[bytes | None]]:
    """Return the version, and the values of *keys*, after giving those their time that need it."""
    marks = ", ".join("?" * len(keys))
    (_, version, _, _), *rows = connection.execute(_LOOK.format(marks), keys)
    found: dict[str, bytes] = {}
    for key, value, expires, written in rows:
        is_redated = written > now + 1
        if is_redated:
            connection.execute(_REDATE, (now, key))
        if (now + (expires - written) if is_redated else expires) > now:
            found[key] = bytes(value)
    return version, [found.get(key) for key in keys]


def _write(
    connection: sqlite3.Connection, key: str, value: bytes | None, ttl: float, now: float
) -> None:
    if value is None:
        connection.execute("DELETE FROM entry_2 WHERE key = ?", (key,))
    else:
        connection.execute(_WRITE, (key, now + ttl, now, value))
