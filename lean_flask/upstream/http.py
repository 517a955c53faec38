"""HTTP to Lean: bounded in time and size, retried with care, every failure an ``UpstreamError``."""

from __future__ import annotations

import json
import re
import ssl
import time
import urllib.request
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from ..common.secret import Secret
from ..common.text import sanitize_text
from ..config.settings import Settings
from ..errors import UpstreamError, UpstreamInvalid, UpstreamRejected
from .deadline import Deadline

MAX_BODY_BYTES = 10_000_000  # bytes, after decompression
MAX_ATTEMPTS = 3
RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504})
MAX_TEXT_LENGTH = 200  # characters of Lean's words
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_jittered = wait_random_exponential(multiplier=0.2, max=2)


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request to Lean. ``idempotent`` ones may be sent again after a failure."""

    method: str
    url: str = field(repr=False)  # some of Lean's paths hold customer ids
    headers: Mapping[str, str] = field(repr=False)
    params: Mapping[str, str] | None = field(default=None, repr=False)
    json: Mapping[str, Any] | None = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    idempotent: bool = False


class Transport:
    """A connection pool for one environment.

    The transport is used without ``httpx.Client`` because the client logs each URL at INFO, and
    some of Lean's paths hold customer ids.
    """

    def __init__(self, settings: Settings) -> None:
        tls = _tls(settings.client_cert)
        self._transports = {
            _origin(url): _transport(url, tls) for url in (settings.api_url, settings.auth_url)
        }

    def send(self, call: ApiRequest, deadline: Deadline) -> Any:
        """Return the JSON of the response.

        :raises UpstreamError: one of the four kinds; nothing else leaves this function.
        """
        attempts = Retrying(
            retry=retry_if_exception(lambda error: call.idempotent and _is_transient(error)),
            wait=_wait,
            stop=lambda state: _should_stop(state, deadline),
            sleep=time.sleep,
            reraise=True,
        )
        return attempts(self._attempt, call, deadline)

    def _attempt(self, call: ApiRequest, deadline: Deadline) -> Any:
        request = httpx.Request(
            call.method,
            call.url,
            params=call.params,
            headers={"Accept": "application/json", "Accept-Encoding": "gzip"} | dict(call.headers),
            json=call.json,
            data=dict(call.form) if call.form else None,
            extensions={"timeout": httpx.Timeout(deadline.remaining()).as_dict()},
        )
        try:
            response = self._transports[_origin(call.url)].handle_request(request)
            try:
                body = _read(response, deadline)
            finally:
                response.close()
        except httpx.TimeoutException:
            raise deadline.timeout_error() from None
        except (httpx.TransportError, OSError, ssl.SSLError) as error:
            # The text of the cause may quote the URL; its kind is enough to act on.
            raise UpstreamError(
                f"No response from {request.url.host}: {type(error).__name__}"
            ) from None
        if response.status_code >= 300:
            raise _rejection(response, body, call)
        return _json(response, body)


class _Body(bytes):
    """A response body with a redacted repr, since it may hold a token."""

    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"


@cache
def _tls(client_cert: tuple[str, ...] | None) -> ssl.SSLContext:
    """Return the TLS context. Cached: loading the certificate authorities is slow."""
    tls = httpx.create_ssl_context()
    if client_cert:
        tls.load_cert_chain(*client_cert)
    return tls


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _transport(url: str, tls: ssl.SSLContext) -> httpx.HTTPTransport:
    """Return a connection pool, through the proxy of the environment if there is one."""
    parts = urlsplit(url)
    bypass = urllib.request.proxy_bypass(parts.hostname or "")
    proxy = None if bypass else urllib.request.getproxies().get(parts.scheme)
    return httpx.HTTPTransport(verify=tls, proxy=proxy)


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


def _read(response: httpx.Response, deadline: Deadline) -> bytes:
    """Return the whole body, or raise as soon as it is too large, too slow or cut short."""
    body = bytearray()
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    for chunk in _decoded(response.stream, encoding, response):  # type: ignore[arg-type]
        deadline.remaining()
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise _invalid(f"Lean's response is larger than {MAX_BODY_BYTES} bytes", response)
    return _Body(body)


def _decoded(chunks: Iterable[bytes], encoding: str, response: httpx.Response) -> Iterator[bytes]:
    """Yield *chunks* decompressed in bounded pieces, against compression bombs."""
    if encoding == "identity":
        yield from chunks
        return
    if encoding != "gzip":
        raise _invalid(
            f"Lean's response has an unexpected content encoding {encoding[:40]!r}", response
        )
    inflater = zlib.decompressobj(wbits=31)
    try:
        for chunk in chunks:
            yield inflater.decompress(chunk, MAX_BODY_BYTES + 1)
            if inflater.unconsumed_tail:
                raise _invalid(f"Lean's response is larger than {MAX_BODY_BYTES} bytes", response)
            if inflater.unused_data:
                raise _invalid("Lean's response goes on after its end", response)
    except zlib.error:
        raise _invalid("Lean's response is not valid gzip", response) from None
    if not inflater.eof:
        raise _invalid("Lean's response was cut short", response)


def _json(response: httpx.Response, body: bytes) -> Any:
    kind = response.headers.get("content-type", "")
    if "json" not in kind.lower():
        raise _invalid(f"Lean answered with {kind[:60] or 'no content type'!r}, not JSON", response)
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError, ArithmeticError):
        raise _invalid("Lean's response is not valid JSON", response) from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _rejection(response: httpx.Response, body: bytes, call: ApiRequest) -> UpstreamRejected:
    """Lean's error body read defensively: its services differ in the field names."""
    if response.has_redirect_location:
        return UpstreamRejected(
            "Lean's address redirects, and credentials do not follow; check LEAN_API_URL",
            status=response.status_code,
            correlation_id=_correlation_id(response),
        )
    try:
        problem = json.loads(body)
    except (ValueError, RecursionError):
        problem = None
    if not isinstance(problem, dict):
        problem = {}
    code = _first_text(problem, "status", "code", "status_code", "error")
    message = _first_text(problem, "message", "error_description") or "Lean refused the request"
    return UpstreamRejected(
        _redact(message, call)[:MAX_TEXT_LENGTH],
        status=response.status_code,
        code=_redact(code, call)[:MAX_TEXT_LENGTH] if code else None,
        correlation_id=_correlation_id(response),
        retry_after=_retry_after(response),
    )


def _redact(text: str, call: ApiRequest) -> str:
    """Return Lean's *text* without the credentials and customer data that it may repeat."""
    headers_and_form = (*call.headers.values(), *(call.form or {}).values())
    credentials = (value for value in headers_and_form if isinstance(value, Secret))
    _, _, who = urlsplit(call.url).path.partition("/customers/v1/app-user-id/")
    for value in (*credentials, *(call.json or {}).values(), who, unquote(who)):
        if isinstance(value, str) and value:
            text = text.replace(value.removeprefix("Bearer "), "…")
    return _UUID.sub("…", text)


def _first_text(problem: Mapping[str, Any], *names: str) -> str | None:
    texts = (problem.get(name) for name in names)
    # Cut to its length only after echoes are left out: half a token would not be known for one.
    return next(
        (sanitize_text(text[:20_000]) for text in texts if isinstance(text, str) and text), None
    )


def _correlation_id(response: httpx.Response) -> str | None:
    return sanitize_text(response.headers.get("lean-correlation-id", ""))[:64] or None


def _retry_after(response: httpx.Response) -> float | None:
    """Return seconds, from either form of the header (RFC 9110, 10.2.3)."""
    value = response.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _invalid(message: str, response: httpx.Response) -> UpstreamInvalid:
    return UpstreamInvalid(
        message, status=response.status_code, correlation_id=_correlation_id(response)
    )
