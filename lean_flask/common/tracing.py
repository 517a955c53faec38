"""Spans of OpenTelemetry, where its API is installed; nothing where it is not.

The host sets up the SDK and its exporter. Spans hold no ids and no data of customers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal, ParamSpec, TypeVar

from .request_id import current_request_id

P = ParamSpec("P")
T = TypeVar("T")

Attributes = Mapping[str, str | int | float | bool]


@cache
def _api() -> Any:
    """Return the API, or ``None``; it is imported when the first list is fetched, or call made."""
    try:
        import opentelemetry.context
        import opentelemetry.trace
    except ImportError:
        return None
    return opentelemetry


class Span:
    """A span that is under way; without OpenTelemetry it takes what is said and forgets it."""

    def __init__(self, span: Any = None) -> None:
        self._span = span
        self._attempts = 0

    def count_attempt(self) -> None:
        """Note that a request is sent; from the second on it is one that is sent again."""
        if self._attempts:
            self.set("http.request.resend_count", self._attempts)
        self._attempts += 1

    def set(self, name: str, value: str | int | None) -> None:
        """Set an attribute, unless *value* is ``None``."""
        if self._span is not None and value is not None:
            self._span.set_attribute(name, value)

    def fail(self, kind: str) -> None:
        """Mark the span as failed.

        :param kind: of the failure, such as the class of an error; never its text.
        """
        if self._span is not None:
            trace = _api().trace
            self._span.set_attribute("error.type", kind)
            self._span.set_status(trace.Status(trace.StatusCode.ERROR))


@contextmanager
def span(
    name: str, kind: Literal["client", "consumer", "internal"], attributes: Attributes
) -> Iterator[Span]:
    """Run the block in a span below the current one. An error marks it as failed."""
    api = _api()
    if api is None:
        yield Span()
        return
    trace = api.trace
    tracer = trace.get_tracer("lean_flask")
    with tracer.start_as_current_span(
        name,
        kind=trace.SpanKind[kind.upper()],
        attributes=attributes,
        record_exception=False,  # tracebacks quote what was called with
        set_status_on_exception=False,
    ) as started:
        span = Span(started)
        try:
            yield span
        except BaseException as error:
            span.fail(type(error).__name__)
            raise


def carried(function: Callable[P, T]) -> Callable[P, T]:
    """Return *function* so that it runs as a part of this request, in whatever thread.

    It takes the request's span and id along. Flask's own context stays: it is the request's alone.
    """
    request_id = current_request_id.get()
    api = _api()
    context = api and api.context.get_current()

    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        before = current_request_id.set(request_id)
        token = None if context is None else api.context.attach(context)
        try:
            return function(*args, **kwargs)
        finally:
            current_request_id.reset(before)
            if token is not None:
                api.context.detach(token)

    return run
