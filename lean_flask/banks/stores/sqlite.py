"""``sqlite:///path`` shares values between the processes of one machine, across restarts."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random

from ...common.fair_lock import FairLock
from ...common.single_flight import SingleFlight
from .base import StoreBusy, StoreError, Updater, next_version
from .sqlite_pool import ConnectionPool

log = logging.getLogger(__name__)

BUSY_TIMEOUT = 2.0  # seconds to wait for the write of another process
TURN_TIMEOUT = 2.0  # seconds to wait for the writes of other threads
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry_1 (key TEXT PRIMARY KEY, value BLOB NOT NULL,
    expires REAL NOT NULL, written REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS clock_1 (version INTEGER NOT NULL);
INSERT INTO clock_1 SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM clock_1);
CREATE TABLE IF NOT EXISTS claim_1 (key TEXT PRIMARY KEY, owner BLOB NOT NULL,
    expires REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS claim_1_expires ON claim_1 (expires);
"""  # a changed layout gets new table names, so that both versions can use the file
_READ = "SELECT value FROM entry_1 WHERE key = ? AND expires > ?"
_WRITE = "INSERT OR REPLACE INTO entry_1 VALUES (?, ?, ?, ?)"
# The clock was set back since the value was written: what was left of its time begins anew.
_REDATE = """UPDATE entry_1 SET expires = ?1 + (expires - written), written = ?1
    WHERE key = ?2 AND written > ?1 + 1"""


class SqliteStore:
    """One file.

    :param path: the file. It is made with mode 0600, and missing folders with 0700.
    :param wall_clock: seconds since the epoch; values expire by it.
    """

    def __init__(self, path: Path, wall_clock: Callable[[], float] = time.time) -> None:
        self._wall_clock = wall_clock
        self._path = path
        self._ready = False
        self._pool = ConnectionPool(path, self._connect)
        self._preparing = SingleFlight[None]()
        #: SQLite's own wait for a lock is not fair: of many threads, some would wait past the busy
        #: timeout on a busy machine.
        self._writing = FairLock()

    def version(self) -> int:
        """Return the version of the latest change."""
        with self._connection() as connection:
            return _version(connection)

    def read(self, key: str) -> bytes | None:
        """Return the value of *key*, or ``None``."""
        with self._connection() as connection:
            return _read(connection, key, self._wall_clock())

    def update(self, key: str, updater: Updater, ttl: float) -> bytes | None:
        """Apply *updater* to *key* in a transaction and return the new value."""
        with self._write() as connection:
            now = self._wall_clock()
            connection.execute(_REDATE, (now, key))
            old = _read(connection, key, now)
            version = next_version(_version(connection), now)
            new = updater(old, version)
            if new != old:
                _write(connection, key, new, ttl, now)
                connection.execute("UPDATE clock_1 SET version = ?", (version,))
            return new

    def claim(self, key: str, owner: bytes, ttl: float) -> bytes:
        """Give *key* to *owner*, unless somebody holds it, and return who holds it."""
        with self._write() as connection:
            now = self._wall_clock()
            connection.execute("DELETE FROM claim_1 WHERE expires <= ?", (now,))
            connection.execute(
                "INSERT OR IGNORE INTO claim_1 VALUES (?, ?, ?)", (key, owner, now + ttl)
            )
            held = connection.execute("SELECT owner FROM claim_1 WHERE key = ?", (key,))
            return bytes(held.fetchone()[0])

    def finish(self, key: str, value: bytes, ttl: float) -> None:
        """Let *value* hold *key* for *ttl* seconds."""
        row = (key, value, self._wall_clock() + ttl)
        with self._write() as connection:
            connection.execute("INSERT OR REPLACE INTO claim_1 VALUES (?, ?, ?)", row)

    def release(self, key: str, owner: bytes) -> None:
        """Free *key*, if *owner* holds it."""
        with self._write() as connection:
            connection.execute("DELETE FROM claim_1 WHERE key = ? AND owner = ?", (key, owner))

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection inside a write transaction."""
        with self._turn(), self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        try:
            with self._writing.held(TURN_TIMEOUT):
                yield
        except TimeoutError as error:
            raise StoreBusy(f"{self._path.name}: {error}") from None

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            if not self._is_ready():
                self._preparing.do("file", self._prepare, wait=2 * BUSY_TIMEOUT)
            with self._pool.connection() as connection:
                yield connection
        except (sqlite3.Error, OSError) as error:
            if _is_busy(error):
                raise StoreBusy(f"{self._path.name}: {error}") from error
            self._ready = False
            raise StoreError(f"{self._path.name}: {error}") from error

    def _is_ready(self) -> bool:
        return self._ready and self._path.exists()

    def _prepare(self) -> None:
        """Create the file. Rename one that is not a database: its content can be fetched again."""
        if self._is_ready():
            return  # another thread has created it
        make_private_folder(self._path.parent)
        self._make_private_file()
        try:
            # Several processes may start at once, and switching to WAL ignores the busy timeout.
            for attempt in Retrying(
                retry=retry_if_exception(_is_busy),
                stop=stop_after_delay(BUSY_TIMEOUT),
                wait=wait_random(0.01, 0.1),
                reraise=True,
            ):
                with attempt:
                    self._create()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            self._rename_corrupt_file()
            self._make_private_file()
            self._create()
        self._ready = True

    def _make_private_file(self) -> None:
        """Make the file readable for this user alone; SQLite's side files take its mode."""
        with suppress(FileExistsError):
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        for path in (self._path, *self._side_files()):
            with suppress(FileNotFoundError, PermissionError):  # another user's: their decision
                if path.stat().st_mode & 0o777 != 0o600:
                    path.chmod(0o600)

    def _side_files(self) -> list[Path]:
        return [self._path.with_name(self._path.name + ending) for ending in ("-wal", "-shm")]

    def _create(self) -> None:
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)

    def _connect(self) -> sqlite3.Connection:
        # Opened, never made: SQLite would make it readable for others.
        uri = f"file:{quote(str(self._path.absolute()))}?mode=rw"
        connection = sqlite3.connect(
            uri, uri=True, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False
        )
        # In WAL mode, a power failure may undo the last changes but never damages the file.
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    def _rename_corrupt_file(self) -> None:
        log.warning(
            "%s is not a SQLite database, renamed to %s.corrupt", self._path, self._path.name
        )
        self._path.replace(self._path.with_name(f"{self._path.name}.corrupt"))
        for side_file in self._side_files():
            side_file.unlink(missing_ok=True)


def make_private_folder(folder: Path) -> None:
    """Make *folder*, and those above it that are missing, for this user alone."""
    if folder.is_dir():
        return
    make_private_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def _is_busy(error: BaseException) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary code
    return code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PROTOCOL}


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("SELECT version FROM clock_1").fetchone()[0]
    return version


def _read(connection: sqlite3.Connection, key: str, now: float) -> bytes | None:
    row = connection.execute(_READ, (key, now)).fetchone()
    return bytes(row[0]) if row else None


def _write(
    connection: sqlite3.Connection, key: str, value: bytes | None, ttl: float, now: float
) -> None:
    connection.execute("DELETE FROM entry_1 WHERE expires <= ?", (now,))
    if value is None:
        connection.execute("DELETE FROM entry_1 WHERE key = ?", (key,))
    else:
        connection.execute(_WRITE, (key, value, now + ttl, now))
