"""One time budget for everything that a single upstream call does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import ContextVar
from typing import TypeVar

from ..common.tracing import carried
from ..errors import UpstreamError, UpstreamTimeout

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

    def timeout_error(self, waited: float | None = None) -> UpstreamTimeout:
        """Return the error for a response that did not come within the budget, or *waited* s."""
        seconds = self.seconds if waited is None else min(self.seconds, waited)
        return UpstreamTimeout(f"No complete response from Lean within {seconds:g} s")


#: Of the call that this thread makes; connections ask for it, as they outlive calls.
current_deadline: ContextVar[Deadline | None] = ContextVar("lean_flask_deadline", default=None)


def time_left(timeout: float | None) -> float | None:
    """Return *timeout*, or what is left of the current call's budget if that is less.

    :raises UpstreamTimeout: when nothing is left.
    """
    deadline = current_deadline.get()
    if deadline is None:
        return timeout
    left = deadline.remaining()
    return left if timeout is None else min(timeout, left)


def run_with_deadline(
    seconds: float, work: Callable[[Deadline], T], wait: float | None = None
) -> T:
    """Run *work* and wait for it no longer than *seconds*.

    Runs in a thread: neither socket timeouts nor DNS lookups can bound the total time. The thread
    ends by itself, later.

    :param wait: return after this many seconds already; *work* goes on in the background.
    :raises UpstreamTimeout: when the time is up.
    """
    outcome: Future[T] = Future()
    deadline = Deadline(seconds)

    def run() -> None:
        try:
            outcome.set_result(work(deadline))
        except BaseException as error:
            outcome.set_exception(error)

    try:
        threading.Thread(target=carried(run), name="lean-flask-upstream", daemon=True).start()
    except RuntimeError:
        raise UpstreamError("This machine cannot start another thread") from None
    try:
        return outcome.result(timeout=seconds if wait is None else min(seconds, wait))
    except TimeoutError:
        raise deadline.timeout_error(wait) from None
