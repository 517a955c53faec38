"""A circuit for each of Lean's operations: one that hangs holds few threads, and fails at once.

Each process has its own: a process learns by three calls, and no store has to be asked before one.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import NamedTuple, TypeGuard, TypeVar

from ..common.logs import get_logger, log_fields
from ..errors import UpstreamError, UpstreamInvalid, UpstreamRejected, UpstreamTimeout

log = get_logger(__name__)

T = TypeVar("T")

FAILURES_TO_OPEN = 3  # in a row
INITIAL_DELAY, MAX_DELAY = 1.0, 30.0  # seconds without a call, before jitter
#: Calls that may wait for Lean at once when none was answered within the last second.
MAX_UNANSWERED = 4
MAX_WAIT = 1.0  # seconds


class CircuitStatus(NamedTuple):
    """How calls of one kind went in this process.

    :param failures: calls in a row that Lean did not answer.
    :param retry_in: seconds in which no call is made; 0 while the circuit is closed.
    :param succeeded_ago: seconds since the latest call that went well.
    :param failed_ago: seconds since the latest one that failed, or that Lean refused.
    :param last_error: of that one, in words.
    """

    operation: str
    failures: int
    retry_in: float
    succeeded_ago: float | None
    failed_ago: float | None
    last_error: str | None

    @property
    def is_well(self) -> bool:
        """Return whether the latest call went well."""
        ago = self.succeeded_ago
        return self.failed_ago is None or (ago is not None and ago < self.failed_ago)


class Circuit:
    """Opens after three timeouts or connection failures in a row, then lets one call try at a time.

    What Lean answers counts as success, errors included: it does not hang.

    :param operation: for messages.
    :param clock: monotonic seconds.
    :param on_refused: called for each call that is not let through.
    """

    def __init__(
        self,
        operation: str,
        clock: Callable[[], float] = time.monotonic,
        on_refused: Callable[[], None] = lambda: None,
    ) -> None:
        self._operation = operation
        self._on_refused = on_refused
        self._clock = clock
        self._changed = threading.Condition()
        self._under_way: dict[object, float] = {}  # the time when each call began
        self._answered_at = float("-inf")
        self._failures = 0
        self._last_failure: UpstreamError | None = None
        self._last_error: str | None = None  # also one that Lean answered with
        self._failed_at: float | None = None
        self._succeeded_at: float | None = None
        self._retry_at = 0.0
        self._probe: object | None = None

    @property
    def is_open(self) -> bool:
        """Return whether a call would be refused now."""
        with self._changed:
            return self._seconds_closed() > 0

    def status(self) -> CircuitStatus:
        """Return how calls went, for operators."""
        with self._changed:
            now = self._clock()
            return CircuitStatus(
                self._operation,
                self._failures,
                self._seconds_closed(),
                None if self._succeeded_at is None else now - self._succeeded_at,
                None if self._failed_at is None else now - self._failed_at,
                self._last_error,
            )

    def run(self, work: Callable[[], T], patience: float = MAX_WAIT) -> T:
        """Return what *work* returns.

        :param patience: seconds to wait for a place while many calls are unanswered.
        :raises UpstreamError: of *work*; or, with ``tried`` false, at once while Lean hangs.
        """
        call = object()
        try:
            self._enter(call, patience)
        except UpstreamError:
            self._on_refused()
            raise
        try:
            result = work()
        except BaseException as error:
            self._leave(call, error)
            raise
        self._leave(call, None)
        return result

    def _enter(self, call: object, patience: float) -> None:
        give_up = time.monotonic() + patience
        with self._changed:
            while True:
                self._refuse_if_open()
                if len(self._under_way) < MAX_UNANSWERED or self._is_lively():
                    break
                left = give_up - time.monotonic()
                if left <= 0 or self._is_stalled():
                    raise self._busy()
                self._changed.wait(left)
            if self._failures >= FAILURES_TO_OPEN:
                self._probe = call
            self._under_way[call] = self._clock()

    def _leave(self, call: object, error: BaseException | None) -> None:
        with self._changed:
            del self._under_way[call]
            probed = call is self._probe
            if probed:
                self._probe = None
            if error is None:
                self._succeeded_at = self._clock()
            elif isinstance(error, UpstreamError) and error.tried:
                self._last_error, self._failed_at = str(error), self._clock()
            if error is None or _is_answer(error):
                self._close()
            elif _is_failure(error):
                self._count(error, probed)
            self._changed.notify_all()

    def _close(self) -> None:
        self._answered_at = self._clock()
        if self._failures >= FAILURES_TO_OPEN:
            log.warning(
                "Lean answers again: %s",
                self._operation,
                extra=log_fields(operation=self._operation),
            )
        self._failures = 0

    def _count(self, error: UpstreamError, probed: bool) -> None:
        was_open = self._failures >= FAILURES_TO_OPEN
        self._last_failure = error
        if was_open and not probed:
            return  # began before the circuit opened
        self._failures += 1
        if self._failures < FAILURES_TO_OPEN:
            return
        pause = min(MAX_DELAY, INITIAL_DELAY * 2 ** min(self._failures - FAILURES_TO_OPEN, 10))
        pause *= random.uniform(0.5, 1.5)  # noqa: S311 - spreads load, guards nothing
        self._retry_at = self._clock() + pause
        if not was_open:
            log.warning(
                "Lean is not called for a while (%s): %d failures in a row, the last: %s",
                self._operation,
                self._failures,
                error,
                extra=log_fields(error, operation=self._operation, attempt=self._failures),
            )

    def _refuse_if_open(self) -> None:
        left = self._seconds_closed()
        if left <= 0:
            return
        kind = UpstreamTimeout if isinstance(self._last_failure, UpstreamTimeout) else UpstreamError
        raise kind(
            f"Lean was not called, since {self._failures} calls in a row had failed; the last: "
            f"{self._last_failure}",
            call=self._operation,
            retry_after=left,
            tried=False,
        )

    def _seconds_closed(self) -> float:
        if self._failures < FAILURES_TO_OPEN:
            return 0.0
        left = self._retry_at - self._clock()
        return max(left, MAX_WAIT) if self._probe else max(left, 0.0)

    def _is_lively(self) -> bool:
        return self._clock() - self._answered_at <= MAX_WAIT

    def _is_stalled(self) -> bool:
        return self._clock() - min(self._under_way.values()) > MAX_WAIT

    def _busy(self) -> UpstreamTimeout:
        return UpstreamTimeout(
            f"Lean was not called, since {len(self._under_way)} calls are still unanswered",
            call=self._operation,
            retry_after=MAX_WAIT,
            tried=False,
        )


def _is_failure(error: BaseException) -> TypeGuard[UpstreamError]:
    """Return whether Lean was called and did not answer."""
    if isinstance(error, UpstreamTimeout):
        return error.tried
    return type(error) is UpstreamError and error.status is None and error.tried


def _is_answer(error: BaseException) -> bool:
    """Return whether Lean answered, though not as hoped."""
    return isinstance(error, UpstreamRejected | UpstreamInvalid)
