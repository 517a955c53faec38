"""Writes of several threads in one transaction: to end one takes longer than all that is in it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Generic, TypeVar

MAX_TOGETHER = 50  # values of one transaction, so that it holds up no other writer for long
ConnectionT = TypeVar("ConnectionT")
ValueT = TypeVar("ValueT")
ResultT = TypeVar("ResultT")


@dataclass(slots=True, eq=False)
class _Waiting(Generic[ValueT, ResultT]):
    """A value that a thread wants to be written."""

    value: ValueT
    results: tuple[ResultT, ...] = ()  # one, once it is written
    error: Exception | None = None

    @property
    def is_done(self) -> bool:
        return bool(self.results) or self.error is not None


class GroupCommit(Generic[ConnectionT, ValueT, ResultT]):
    """Write what threads bring while one of them writes, in the transaction that follows.

    :param begin: yields a connection inside a transaction, which ends with the block.
    :param write: writes one value.
    """

    def __init__(
        self,
        begin: Callable[[], AbstractContextManager[ConnectionT]],
        write: Callable[[ConnectionT, ValueT], ResultT],
    ) -> None:
        self._begin = begin
        self._write = write
        self._lock = threading.Lock()
        self._queue: deque[_Waiting[ValueT, ResultT]] = deque()

    def run(self, value: ValueT) -> ResultT:
        """Return what *write* returned for *value*, after the end of its transaction.

        What a transaction raises is raised for all the values in it, and for those that wait.
        """
        waiting: _Waiting[ValueT, ResultT] = _Waiting(value)
        self._queue.append(waiting)
        with self._lock:
            while not waiting.is_done:
                self._write_those_that_wait()
        if waiting.error is not None:
            raise waiting.error
        return waiting.results[0]

    def _write_those_that_wait(self) -> None:
        taken: list[_Waiting[ValueT, ResultT]] = []
        try:
            with self._begin() as connection:
                results = []
                for each in self._take():
                    taken.append(each)
                    results.append(self._write(connection, each.value))
        except Exception as error:
            for each in [*taken, *self._take()]:
                each.error = error
            return
        except BaseException:  # this thread is to end, and the others are not
            self._queue.extendleft(reversed(taken))
            raise
        for each, result in zip(taken, results, strict=True):
            each.results = (result,)

    def _take(self) -> Iterator[_Waiting[ValueT, ResultT]]:
        for _ in range(min(len(self._queue), MAX_TOGETHER)):
            yield self._queue.popleft()
