"""A SQLite file: made private, prepared once, opened for reading and for writing in turn."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from urllib.parse import quote
from weakref import WeakValueDictionary

from ...common.fair_lock import FairLock
from ...common.logs import get_logger
from ...common.single_flight import SingleFlight
from .base import StoreBusy, StoreError
from .sqlite_pool import Connection, ConnectionPool, FileId

log = get_logger(__name__)

BUSY_TIMEOUT = 2.0  # seconds to wait for the write of another process
TURN_TIMEOUT = 2.0  # seconds to wait for the writes of other threads


class SqliteFile:
    """The tables of *schema* in the file at *path*, for any number of threads and processes.

    :param path: the file. It is made with mode 0600, and missing folders with 0700.
    :param schema: statements that change nothing when they are run again.
    """

    def __init__(self, path: Path, schema: str) -> None:
        self._path, self._name = path, str(path)
        self._schema = schema
        self._ready = False
        self._pool = ConnectionPool(self._connect)
        self._preparing = SingleFlight[None]()
        self._turns = _turns_of(path)

    @contextmanager
    def reading(self, wait: float = BUSY_TIMEOUT) -> Iterator[Connection]:
        """Yield a connection outside any transaction.

        :param wait: seconds that SQLite waits for the write of another process.
        :raises StoreError: in place of any error of SQLite or of the disk.
        """
        try:
            file = self._found() if self._ready else None
            if file is None:
                self._prepare_once()
                file = self._found()
                if file is None:
                    raise FileNotFoundError(f"{self._path} was deleted as it was made")
            connection = self._pool.take(file)
            try:
                connection.set("busy_timeout", str(int(wait * 1000)))
                yield connection
            except BaseException:
                connection.close()
                raise
            self._pool.give_back(connection, file)
        except (sqlite3.Error, OSError) as error:
            if _is_busy(error):
                raise StoreBusy(f"{self._path.name}: {error}") from error
            self._ready = False
            raise StoreError(f"{self._path.name}: {error}") from error

    @contextmanager
    def writing(self, durably: bool = False) -> Iterator[Connection]:
        """Yield a connection inside a write transaction, which an error undoes.

        :param durably: a power failure undoes no such transaction, and none before it. It may undo
            the others. Neither damages the file.
        :raises StoreError: as :meth:`reading`; ``StoreBusy`` when others write for too long.
        """
        # SQLite's own wait gets longer and longer, up to 0.1 s, so that those who come later go
        # first: of four busy processes, some would wait past the busy timeout.
        with self._turn(), self.reading(wait=0) as connection:
            connection.set("synchronous", "FULL" if durably else "NORMAL")
            _once_free(lambda: connection.execute("BEGIN IMMEDIATE"), (0.0001, 0.001))
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        try:
            with self._turns.held(TURN_TIMEOUT):
                yield
        except TimeoutError as error:
            raise StoreBusy(f"{self._path.name}: {error}") from None

    def _prepare_once(self) -> None:
        if self._is_ready():
            return
        try:
            self._preparing.do("file", self._prepare, wait=2 * BUSY_TIMEOUT)
        except TimeoutError as error:  # it says nothing itself
            raise StoreBusy(f"{self._path.name}: locked while it is opened") from error

    def _is_ready(self) -> bool:
        return self._ready and self._found() is not None

    def _found(self) -> FileId | None:
        try:
            status = os.stat(self._name)
        except FileNotFoundError:
            return None
        return status.st_dev, status.st_ino

    def _prepare(self) -> None:
        """Create the file and the tables. Rename one that is not a database."""
        if self._is_ready():
            return  # another thread has created it
        make_private_folder(self._path.parent)
        self._make_private_file()
        try:
            self._create_once_free()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            self._replace_corrupt_file()
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
        return [_beside(self._path, ending) for ending in ("-wal", "-shm")]

    def _create_once_free(self) -> None:
        # Several processes may start at once, and switching to WAL ignores the busy timeout.
        _once_free(self._create, (0.01, 0.1))

    def _create(self) -> None:
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(self._schema)

    def _connect(self) -> Connection:
        # Opened, never made: SQLite would make it readable for others.
        uri = f"file:{quote(str(self._path.absolute()))}?mode=rw"
        return sqlite3.connect(
            uri,
            uri=True,
            timeout=BUSY_TIMEOUT,
            isolation_level=None,
            check_same_thread=False,
            factory=Connection,
        )

    def _replace_corrupt_file(self) -> None:
        """Rename the file and create it anew, unless another process has just done so."""
        with _locked(self._path.parent):
            try:
                self._make_private_file()
                self._create_once_free()
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                self._rename_corrupt_file()
                self._make_private_file()
                self._create_once_free()

    def _rename_corrupt_file(self) -> None:
        names = (f"{self._path.name}.corrupt{suffix}" for suffix in _suffixes())
        kept = next(path for path in map(self._path.with_name, names) if _is_free(path))
        log.warning(
            "%s is not a SQLite database, renamed to %s; webhook events in it are not delivered",
            self._path,
            kept.name,
        )
        # The write-ahead log first: SQLite would apply it to the new file.
        for ending in ("-wal", "-shm", ""):
            with suppress(FileNotFoundError):
                _beside(self._path, ending).rename(_beside(kept, ending))


def make_private_folder(folder: Path) -> None:
    """Make *folder*, and those above it that are missing, for this user alone."""
    if folder.is_dir():
        return
    make_private_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def _suffixes() -> Iterator[str]:
    yield ""
    for number in count(2):
        yield f"-{number}"


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _is_free(path: Path) -> bool:
    return not any(_beside(path, ending).exists() for ending in ("", "-wal", "-shm"))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one process at a time replace files of *folder*.

    The folder is locked and not the file: to close a file takes SQLite's own locks of it away.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)  # also for a child that was forked meanwhile
        os.close(descriptor)


def _once_free(operation: Callable[[], object], pause: tuple[float, float]) -> None:
    """Run *operation* as soon as nobody writes; *pause* is the least and most between attempts."""
    try:
        operation()
        return
    except sqlite3.OperationalError as error:
        if not _is_busy(error):
            raise
    # It brings asyncio and costs as much as a write, and mostly nobody has to wait.
    from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random

    for attempt in Retrying(
        retry=retry_if_exception(_is_busy),
        stop=stop_after_delay(BUSY_TIMEOUT),
        wait=wait_random(*pause),
        reraise=True,
    ):
        with attempt:
            operation()


def _is_busy(error: BaseException) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary code
    return code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PROTOCOL}


#: The writers of one file in this process, which may use it for several kinds of table. SQLite's
#: own wait for a lock is not fair: of many threads, some would wait past the busy timeout.
_turns: WeakValueDictionary[Path, FairLock] = WeakValueDictionary()


def _turns_of(path: Path) -> FairLock:
    turns = FairLock()
    return _turns.setdefault(path.absolute(), turns)


# A lock that is held during a fork stays locked in the child.
os.register_at_fork(after_in_child=_turns.clear)
