"""Calls that come while the work runs are done together in its next run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Batch(Generic[T, R]):
    """One run of *work* at a time, for all items that wait for it, in the order of arrival."""

    def __init__(self, work: Callable[[Sequence[T]], R]) -> None:
        self._work = work
        self._running = threading.Lock()
        self._lock = threading.Lock()
        self._waiting: list[tuple[T, Future[R]]] = []

    def do(self, item: T) -> R:
        """Return the result of the run that *item* was part of, or raise its error."""
        future: Future[R] = Future()
        with self._lock:
            self._waiting.append((item, future))
        with self._running:
            if not future.done():  # the run before was too early to take it
                self._run()
        return future.result()

    def _run(self) -> None:
        with self._lock:
            batch, self._waiting = self._waiting, []
        try:
            result = self._work([item for item, _ in batch])
        except BaseException as error:
            for _, future in batch:
                future.set_exception(error)
        else:
            for _, future in batch:
                future.set_result(result)
