"""HTTP to Lean: bounded in time and size, retried with care, every failure an ``UpstreamError``."""

from __future__ import annotations

import ssl
import time
from email.utils import parsedate_to_datetime
from typing import Any

import httpcore
import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from ..common.metrics import NO_METRICS, Metrics
from ..common.tracing import Span
from ..errors import UpstreamError, UpstreamRejected, UpstreamTimeout
from .api_request import ApiRequest
from .deadline import Deadline, current_deadline
from .failures import describe_failure
from .measured import measured
from .network import Network, origin_of
from .responses import parse_json, read_body, rejection

MAX_ATTEMPTS = 3
RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504})
_jittered = wait_random_exponential(multiplier=0.2, max=2)
_FAILURES = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpx.InvalidURL,
    ssl.SSLError,
    OSError,
    UnicodeError,
)


class Transport:
    """Pools of connections to the two servers of one environment.

    httpx makes the requests and reads the headers, httpcore sends them: ``httpx.Client`` logs each
    URL at INFO, and some of Lean's paths hold customer ids.
    """

    def __init__(self, network: Network, metrics: Metrics = NO_METRICS) -> None:
        self._metrics = metrics
        self._proxies = network.proxies
        self._pools = network.pools()
        #: Seconds that this machine is ahead of Lean, by the latest answer; ``None`` if unknown.
        self.clock_skew: float | None = None

    def send(self, call: ApiRequest, deadline: Deadline) -> Any:
        """Return the JSON that Lean answers with.

        :raises UpstreamError: one of the four kinds; nothing else leaves this function.
        """
        attempts = Retrying(
            retry=retry_if_exception(lambda error: call.idempotent and _is_transient(error)),
            wait=_wait,
            stop=lambda state: _should_stop(state, deadline),
            sleep=time.sleep,
            reraise=True,
        )
        before = current_deadline.set(deadline)
        try:
            with measured(call, self._metrics) as span:
                return attempts(self._attempt, call, deadline, span)
        except UpstreamError as error:
            error.call = error.call or call.describe()
            raise
        finally:
            current_deadline.reset(before)

    def _attempt(self, call: ApiRequest, deadline: Deadline, span: Span) -> Any:
        span.count_attempt()
        try:
            return self._exchange(call, deadline, span)
        except (httpcore.TimeoutException, UpstreamTimeout):
            # Raised anew: the frames below hold what is sent, also where the budget ended in them.
            raise deadline.timeout_error() from None
        except _FAILURES as error:
            proxy = self._proxies[origin_of(call.url)]
            failure = describe_failure(error, call.setting, proxy.variable if proxy else None)
            raise UpstreamError(failure.message, hint=failure.hint) from None

    def _exchange(self, call: ApiRequest, deadline: Deadline, span: Span) -> Any:
        made = httpx.Request(
            call.method,
            call.url,
            params=call.params,
            headers={"Accept": "application/json", "Accept-Encoding": "gzip"} | dict(call.headers),
            json=call.json,
            data=dict(call.form) if call.form else None,
        )
        request = httpcore.Request(
            made.method,
            httpcore.URL(
                scheme=made.url.raw_scheme,
                host=made.url.raw_host,
                port=made.url.port,
                target=made.url.raw_path,
            ),
            headers=made.headers.raw,
            content=made.read(),
            extensions={"timeout": httpx.Timeout(deadline.remaining()).as_dict()},
        )
        raw = self._pools[origin_of(call.url)].handle_request(request)
        try:
            response = httpx.Response(raw.status, headers=raw.headers)
            has_body = call.method != "HEAD"
            body = read_body(response, raw.iter_stream(), deadline) if has_body else b""
        finally:
            raw.close()
        self.clock_skew = _clock_skew(response.headers.get("Date"))
        span.set("http.response.status_code", response.status_code)
        if response.status_code >= 300:
            raise rejection(response, body, call)
        return parse_json(response, body, may_be_empty=call.may_be_empty)


def _clock_skew(date: str | None) -> float | None:
    try:
        return time.time() - parsedate_to_datetime(date or "").timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


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
