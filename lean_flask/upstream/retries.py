"""When a call to Lean is tried again, and how long it waits before."""

from __future__ import annotations

import time

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from ..errors import UpstreamError, UpstreamRejected
from .api_request import ApiRequest
from .deadline import Deadline

MAX_ATTEMPTS = 3
RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504})
_jittered = wait_random_exponential(multiplier=0.2, max=2)


def retrying(call: ApiRequest, deadline: Deadline) -> Retrying:
    """Return what makes an attempt, and more where they may succeed within the budget."""
    return Retrying(
        retry=retry_if_exception(lambda error: call.idempotent and _is_transient(error)),
        wait=_wait,
        stop=lambda state: _should_stop(state, deadline),
        sleep=time.sleep,
        reraise=True,
    )


def _is_transient(error: BaseException) -> bool:
    """Return whether a retry may succeed: connection errors, 5xx, a 429 with Retry-After."""
    if not isinstance(error, UpstreamError) or type(error) not in {UpstreamError, UpstreamRejected}:
        return False
    if error.status == 429:
        return error.retry_after is not None
    return error.status is None or error.status in RETRIED_STATUSES


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, UpstreamError) else None
    return max(asked or 0.0, _jittered(state))


def _should_stop(state: RetryCallState, deadline: Deadline) -> bool:
    """Stop when the attempts are used up or the pause would outlast the budget."""
    if stop_after_attempt(MAX_ATTEMPTS)(state):
        return True
    return state.upcoming_sleep >= deadline.remaining()
