"""``sqlite:///path`` shares lists between the processes of one machine, and survives a restart."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random

from ...common.single_flight import SingleFlight
from .base import Change, StoreError, next_version

log = logging.getLogger(__name__)

_WAIT = 2.0  # seconds for another process's write to end
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry_1 (key TEXT PRIMARY KEY, value BLOB NOT NULL,
    expires REAL NOT NULL, written REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS clock_1 (version INTEGER NOT NULL);
INSERT INTO clock_1 SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM clock_1);
"""  # another layout takes other names, and so lives beside this one
_READ = "SELECT value FROM entry_1 WHERE key = ? AND expires > ? AND written <= ?"
_WRITE = "INSERT OR REPLACE INTO entry_1 VALUES (?, ?, ?, ?)"


class SqliteStore:
    """One file. Each operation has a connection of its own, so that forks and threads are safe."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ready = False
        self._preparing = SingleFlight[None]()

    def version(self) -> int:
        with self._connection() as connection:
            return _version(connection)

    def read(self, key: str) -> bytes | None:
        with self._connection() as connection:
            return _read(connection, key)

    def update(self, key: str, change: Change, seconds: float) -> bytes | None:
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            old = _read(connection, key)
            version = next_version(_version(connection))
            new = change(old, version)
            if new != old:
                _write(connection, key, new, seconds)
                connection.execute("UPDATE clock_1 SET version = ?", (version,))
            connection.execute("COMMIT")
            return new

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(self._open()) as connection:
                yield connection
        except (sqlite3.Error, OSError) as error:
            self._ready = False
            raise StoreError(f"{self._path.name}: {error}") from error

    def _open(self) -> sqlite3.Connection:
        if not self._is_ready():
            self._preparing.do("file", self._prepare, wait=2 * _WAIT)
        return self._connect()

    def _is_ready(self) -> bool:
        return self._ready and self._path.exists()

    def _prepare(self) -> None:
        """Make the file; one that is no database is set aside, since all in it can be had again."""
        if self._is_ready():
            return  # by the thread before
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # Several processes may start at once, and the switch to WAL waits for nobody.
            for attempt in Retrying(
                retry=retry_if_exception(_is_in_use),
                stop=stop_after_delay(_WAIT),
                wait=wait_random(0.01, 0.1),
                reraise=True,
            ):
                with attempt:
                    self._create()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            self._set_aside()
            self._create()
        self._ready = True

    def _create(self) -> None:
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=_WAIT, isolation_level=None)

    def _set_aside(self) -> None:
        log.warning("%s is no database; it is kept as %s.corrupt", self._path, self._path.name)
        self._path.replace(self._path.with_name(f"{self._path.name}.corrupt"))
        for side_file in ("-wal", "-shm"):
            self._path.with_name(self._path.name + side_file).unlink(missing_ok=True)


def _is_in_use(error: BaseException) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without the extension
    return code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PROTOCOL}


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("SELECT version FROM clock_1").fetchone()[0]
    return version


def _read(connection: sqlite3.Connection, key: str) -> bytes | None:
    # A value written in the future is from before the clock was set back: its expiry means nothing.
    now = time.time()
    row = connection.execute(_READ, (key, now, now + 1)).fetchone()
    return bytes(row[0]) if row else None


def _write(connection: sqlite3.Connection, key: str, value: bytes | None, seconds: float) -> None:
    now = time.time()
    connection.execute("DELETE FROM entry_1 WHERE expires <= ?", (now,))
    if value is None:
        connection.execute("DELETE FROM entry_1 WHERE key = ?", (key,))
    else:
        connection.execute(_WRITE, (key, value, now + seconds, now))
