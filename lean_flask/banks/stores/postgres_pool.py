"""Open connections to one Postgres server. To open one costs a process on the server."""

from __future__ import annotations

import os
import selectors
import time
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from weakref import WeakSet, WeakValueDictionary

from psycopg import ClientCursor, Connection, pq

from .base import StoreError
from .postgres_errors import describe_refusal

CONNECT_TIMEOUT = 0.5  # seconds; libpq's own option takes no less than two
MAX_IDLE = 4
T = TypeVar("T")
_EVENTS: dict[int, int] = {
    pq.PollingStatus.READING: selectors.EVENT_READ,
    pq.PollingStatus.WRITING: selectors.EVENT_WRITE,
}


class NoAnswer(StoreError):
    """The server did not answer in time, or there is no connection to it."""


class TimedConnection(Connection[tuple[Any, ...]]):
    """A connection that gives up at :attr:`deadline`: a server that hangs ends nothing itself."""

    #: On the monotonic clock, seconds.
    deadline = 0.0

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._process = os.getpid()

    def __del__(self, *_: Any) -> None:
        """Close it: psycopg warns of it. A child leaves its parent's connection alone."""
        if self._process == os.getpid() and not self.closed:
            self.close()

    def wait(self, gen: Generator[Any, Any, T], *args: Any, **options: Any) -> T:
        """Run *gen*, which talks to the server. psycopg's own wait has no end before 3.3.

        *gen* yields what it waits for, and is sent what came, as the events of ``selectors``.

        :raises NoAnswer: after :attr:`deadline`.
        """
        with selectors.DefaultSelector() as selector:
            try:
                selector.register(self.fileno(), next(gen))
                while found := selector.select(max(0.0, self.deadline - time.monotonic())):
                    selector.modify(self.fileno(), gen.send(found[0][1]))
            except StopIteration as ended:
                result: T = ended.value
                return result
        raise NoAnswer("no answer in time")


class PostgresPool:
    """Lends each connection to one thread at a time.

    psycopg's own pool has threads, which no fork survives, and opens connections ahead of need.

    :param conninfos: what libpq connects with, for each server.
    """

    def __init__(self, conninfos: tuple[str, ...]) -> None:
        self._conninfos = conninfos
        self._idle: deque[TimedConnection] = deque()
        _all.add(self)

    def __del__(self) -> None:
        """Close what is open: Python's own garbage collection warns of it."""
        self.close_idle()

    @contextmanager
    def connection(self) -> Iterator[TimedConnection]:
        """Lend a connection; after an error it is closed.

        :raises NoAnswer: when there is none.
        """
        connection = self._take() or self._connect()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if len(self._idle) < MAX_IDLE:
            self._idle.append(connection)
        else:
            connection.close()

    def close_idle(self) -> None:
        """Close the connections that no thread uses."""
        while connection := self._pop():
            connection.close()

    def forget_idle(self) -> None:
        """Forget the connections that no thread uses: they are the parent's."""
        self._idle.clear()

    def _connect(self) -> TimedConnection:
        """Connect to the first server that can be used; it is asked first the next time."""
        conninfos, reasons = self._conninfos, []
        end = time.monotonic() + CONNECT_TIMEOUT
        for number, conninfo in enumerate(conninfos):
            now = time.monotonic()
            try:
                connection = _open(conninfo, now + (end - now) / (len(conninfos) - number))
            except NoAnswer as error:
                reasons.append(str(error))
                continue
            self._conninfos = (conninfo, *(each for each in conninfos if each != conninfo))
            return connection
        raise NoAnswer("; ".join(dict.fromkeys(reasons)))

    def _take(self) -> TimedConnection | None:
        while connection := self._pop():
            if _is_alive(connection):
                return connection
            connection.close()
        return None

    def _pop(self) -> TimedConnection | None:
        try:
            return self._idle.pop()  # the one used last
        except IndexError:
            return None


def pool_of(conninfos: tuple[str, ...]) -> PostgresPool:
    """Return the pool of this process for *conninfos*: its store and its inbox share one."""
    pool = PostgresPool(conninfos)
    return _pools.setdefault(conninfos, pool)


def _open(conninfo: str, end: float) -> TimedConnection:
    """Connect, as psycopg does.

    :param end: on the monotonic clock, seconds.
    """
    opened = pq.PGconn.connect_start(conninfo.encode())
    try:
        while (status := opened.connect_poll()) != pq.PollingStatus.OK:
            if status == pq.PollingStatus.FAILED or not _wait(opened, status, end):
                said = opened.error_message.decode("utf-8", "replace")
                raise NoAnswer(describe_refusal(said) or "no answer in time")
    except BaseException:
        opened.finish()
        raise
    opened.nonblocking = 1
    connection = TimedConnection(opened)
    connection.autocommit = True
    connection.prepare_threshold = None  # PgBouncer gives each transaction another session
    # Values are bound here, so that several statements go in one message.
    connection.cursor_factory = ClientCursor
    return connection


def _wait(opened: pq.abc.PGconn, status: int, end: float) -> bool:
    """Return whether the socket was ready before *end*."""
    with selectors.DefaultSelector() as selector:
        selector.register(opened.socket, _EVENTS[status])
        return bool(selector.select(max(0.0, end - time.monotonic())))


def _is_alive(connection: TimedConnection) -> bool:
    """Return whether the server has said nothing since: it says something when it hangs up."""
    if connection.closed:
        return False
    with selectors.DefaultSelector() as selector:
        selector.register(connection.fileno(), selectors.EVENT_READ)
        return not selector.select(0)


_pools: WeakValueDictionary[tuple[str, ...], PostgresPool] = WeakValueDictionary()
_all: WeakSet[PostgresPool] = WeakSet()


def _close_all() -> None:
    for pool in list(_all):
        pool.close_idle()


def _forget_all() -> None:
    """Leave to the parent what its threads gave back after :func:`_close_all`."""
    _pools.clear()
    for pool in list(_all):
        pool.forget_idle()


# What a parent and a child both write to one connection would be mixed up.
os.register_at_fork(before=_close_all, after_in_child=_forget_all)
