"""Each call to Lean as a metric and as a span, without ids."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlsplit

from ..common.metric_table import UPSTREAM_CALLS, UPSTREAM_SECONDS
from ..common.metrics import Metrics
from ..common.tracing import Span, span
from ..errors import UpstreamError, UpstreamInvalid, UpstreamRejected, UpstreamTimeout
from .api_request import ApiRequest


@contextmanager
def measured(call: ApiRequest, metrics: Metrics) -> Iterator[Span]:
    """Count what the block does, which makes *call* and may send it several times."""
    started = time.monotonic()
    result = "ok"
    attributes = {
        "http.request.method": call.method,
        "url.template": call.template,
        # The address has ids, so no variable holds its parts.
        "server.address": urlsplit(call.url).hostname or "",
        "lean_flask.operation": call.operation,
    }
    with span(f"{call.method} {call.template}", "client", attributes) as current:
        try:
            yield current
        except UpstreamError as error:
            result = result_of(error)
            current.set("lean_flask.correlation_id", error.correlation_id)
            raise
        except BaseException:
            result = "error"
            raise
        finally:
            current.set("lean_flask.result", result)
            metrics.count(UPSTREAM_CALLS, call.operation, result)
            metrics.observe(UPSTREAM_SECONDS, time.monotonic() - started, call.operation)


def count_refusal(metrics: Metrics, operation: str) -> Callable[[], None]:
    """Return what counts a call that is not made, since Lean does not answer this operation."""
    return partial(metrics.count, UPSTREAM_CALLS, operation, "not_called")


def result_of(error: UpstreamError) -> str:
    """Return the label of what became of a call."""
    if isinstance(error, UpstreamTimeout):
        return "timeout"
    if isinstance(error, UpstreamInvalid):
        return "invalid"
    if isinstance(error, UpstreamRejected):
        return "refused" if error.permanent else "rejected"
    return "unreachable"
