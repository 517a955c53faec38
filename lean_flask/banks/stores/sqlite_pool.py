"""Open connections to one SQLite file. To open one costs ten times as much as to use it."""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any, TypeAlias
from weakref import WeakSet

MAX_IDLE = 4

#: Device and number of a file: a connection is not used again once another file has its name.
FileId: TypeAlias = tuple[int, int]


class Connection(sqlite3.Connection):
    """A connection that knows how it is set: to set it takes as long as a read."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._pragmas: dict[str, str] = {}

    def set(self, pragma: str, value: str) -> None:
        """Set *pragma*, unless it has that value."""
        if self._pragmas.get(pragma) != value:
            self.execute(f"PRAGMA {pragma} = {value}")
            self._pragmas[pragma] = value


class ConnectionPool:
    """Lends each connection to one thread at a time.

    :param connect: opens a connection that any thread may use.
    """

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._idle: deque[tuple[Connection, FileId]] = deque()
        _pools.add(self)

    def __del__(self) -> None:
        """Close what is open: Python's own garbage collection warns of it."""
        self.close_idle()

    def take(self, file: FileId) -> Connection:
        """Return a connection to *file*: whoever takes it gives it back, or closes it."""
        while taken := self._pop():
            connection, opened = taken
            if opened == file:
                return connection
            connection.close()
        return self._connect()

    def give_back(self, connection: Connection, file: FileId) -> None:
        """Keep *connection* for the next one, unless there are enough."""
        if len(self._idle) < MAX_IDLE:
            self._idle.append((connection, file))
        else:
            connection.close()

    def close_idle(self) -> None:
        """Close the connections that no thread uses."""
        while taken := self._pop():
            taken[0].close()

    def _pop(self) -> tuple[Connection, FileId] | None:
        try:
            return self._idle.pop()  # the one used last: the others can be closed
        except IndexError:
            return None


_pools: WeakSet[ConnectionPool] = WeakSet()


def _close_all() -> None:
    for pool in list(_pools):
        pool.close_idle()


# SQLite's connections must not be carried into a child.
os.register_at_fork(before=_close_all)
