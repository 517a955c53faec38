"""One time budget for everything that a single upstream call does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from ..errors import UpstreamTimeout

T = TypeVar("T")


class Deadline:
    """A point in time, *seconds* from now."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds left.

        :raises UpstreamTimeout: when none are.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.timeout_error()
        return left

    def timeout_error(self) -> UpstreamTimeout:
        """Return the error to raise when the time is up."""
        return UpstreamTimeout(f"No complete response from Lean within {self.seconds:g} s")


def run_with_deadline(seconds: float, work: Callable[[Deadline], T]) -> T:
    """Run *work* and wait for it no longer than *seconds*.

    Runs in a thread: neither socket timeouts nor DNS lookups can bound the total time. The thread
    ends by itself, later.

    :raises UpstreamTimeout: when the time is up.
    """
    outcome: Future[T] = Future()
    deadline = Deadline(seconds)

    def run() -> None:
        try:
            outcome.set_result(work(deadline))
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=run, name="lean-flask-upstream", daemon=True).start()
    try:
        return outcome.result(timeout=seconds)
    except TimeoutError:
        raise deadline.timeout_error() from None
