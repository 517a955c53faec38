"""Open connections to one SQLite file. To open one costs ten times as much as to use it."""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakSet

MAX_IDLE = 4


class ConnectionPool:
    """Lends each connection to one thread at a time.

    :param path: of the file. A connection is not used again once another file is there.
    :param connect: opens a connection that any thread may use.
    """

    def __init__(self, path: Path, connect: Callable[[], sqlite3.Connection]) -> None:
        self._path = path
        self._connect = connect
        self._idle: deque[tuple[sqlite3.Connection, tuple[int, int]]] = deque()
        _pools.add(self)

    def __del__(self) -> None:
        """Close what is open: Python's own garbage collection warns of it."""
        self.close_idle()

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection; after an error it is closed.

        :raises OSError: when there is no file.
        """
        file = self._identity()
        connection = self._take(file) or self._connect()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if len(self._idle) < MAX_IDLE:
            self._idle.append((connection, file))
        else:
            connection.close()

    def close_idle(self) -> None:
        """Close the connections that no thread uses."""
        while taken := self._pop():
            taken[0].close()

    def _take(self, file: tuple[int, int]) -> sqlite3.Connection | None:
        while taken := self._pop():
            connection, opened = taken
            if opened == file:
                return connection
            connection.close()
        return None

    def _pop(self) -> tuple[sqlite3.Connection, tuple[int, int]] | None:
        try:
            return self._idle.pop()  # the one used last: the others can be closed
        except IndexError:
            return None

    def _identity(self) -> tuple[int, int]:
        status = os.stat(self._path)
        return status.st_dev, status.st_ino


_pools: WeakSet[ConnectionPool] = WeakSet()


def _close_all() -> None:
    for pool in list(_pools):
        pool.close_idle()


# SQLite's connections must not be carried into a child.
os.register_at_fork(before=_close_all)
