"""A SQLite database in the memory of one process."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ..banks.stores.base import StoreError


class MemoryDatabase:
    """The tables of *schema*, empty in each process.

    :param schema: statements that create them.
    """

    def __init__(self, schema: str) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            ":memory:", isolation_level=None, check_same_thread=False
        )
        self._connection.executescript(schema)

    def __del__(self) -> None:
        """Close it: Python's own garbage collection warns of it."""
        self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection to one thread at a time.

        :raises StoreError: in place of any error of SQLite.
        """
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise StoreError(f"memory: {error}") from error

    @contextmanager
    def writing(self, durably: bool = False) -> Iterator[sqlite3.Connection]:
        """Yield the connection to one thread at a time, inside a transaction.

        :param durably: no difference here.
        """
        with self.reading() as connection, connection:
            connection.execute("BEGIN")
            yield connection
