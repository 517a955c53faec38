"""Reading Lean's responses: bounded in size, and what cannot be used as an ``UpstreamError``."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from ..common.text import sanitize_text
from ..errors import UpstreamInvalid, UpstreamRejected
from .api_request import ApiRequest
from .deadline import Deadline
from .redaction import redact

if TYPE_CHECKING:
    import httpx

MAX_BODY_BYTES = 10_000_000  # bytes, after decompression
MAX_TEXT_LENGTH = 200  # characters of Lean's words
MAX_INTEGER_LENGTH = 400  # digits; int() takes quadratic time, and refuses more than 4,300
#: Codes of the Data API where the connection is over, whatever the application may do.
_ENDED = frozenset({"CONSENT_EXPIRED", "RECONNECT_REQUIRED"})


class _Body(bytes):
    """A response body with a redacted repr, since it may hold a token."""

    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"


def read_body(response: httpx.Response, stream: Iterable[bytes], deadline: Deadline) -> bytes:
    """Return the whole body, or raise as soon as it is too large, too slow or cut short."""
    body = bytearray()
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    for chunk in _decoded(stream, encoding, response):
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
    is_empty = True
    try:
        for chunk in chunks:
            is_empty = is_empty and not chunk
            yield inflater.decompress(chunk, MAX_BODY_BYTES + 1)
            if inflater.unconsumed_tail:
                raise _invalid(f"Lean's response is larger than {MAX_BODY_BYTES} bytes", response)
            if inflater.unused_data:
                raise _invalid("Lean's response goes on after its end", response)
    except zlib.error:
        raise _invalid("Lean's response is not valid gzip", response) from None
    if not (inflater.eof or is_empty):
        raise _invalid("Lean's response was cut short", response)


def parse_json(response: httpx.Response, body: bytes, *, may_be_empty: bool = False) -> Any:
    """Return the JSON of *body*; numbers stay exact.

    One that no number type holds is infinite or NaN here, and so costs its own field alone.

    :param may_be_empty: return ``None`` when there is no body.
    """
    if may_be_empty and not body:
        return None
    kind = response.headers.get("content-type", "")
    if "json" not in kind.lower():
        shown = sanitize_text(kind)[:60] or "no content type"
        raise _invalid(f"Lean answered with {shown!r}, not JSON", response)
    try:
        return json.loads(body, parse_float=_decimal, parse_int=_integer)
    except (ValueError, RecursionError):
        raise _invalid("Lean's response is not valid JSON", response) from None


def _decimal(text: str) -> Decimal | float:
    try:
        return Decimal(text)
    except ArithmeticError:  # an exponent out of bounds
        return float(text)


def _integer(text: str) -> int | float:
    return int(text) if len(text) <= MAX_INTEGER_LENGTH else float(text)


def rejection(response: httpx.Response, body: bytes, call: ApiRequest) -> UpstreamRejected:
    """Return the error of Lean's body, read defensively: its services differ in field names."""
    if response.has_redirect_location:
        return UpstreamRejected(
            "Lean's address redirects, and credentials do not follow",
            status=response.status_code,
            hint=f"look at {call.setting}",
            correlation_id=_correlation_id(response),
        )
    try:
        problem = json.loads(body)
    except (ValueError, RecursionError):
        problem = None
    if not isinstance(problem, dict):
        problem = {}
    code = _first_text(problem, "status", "code", "status_code", "error")
    message = _first_text(problem, "message", "error_description")
    return UpstreamRejected(
        redact(message, call)[:MAX_TEXT_LENGTH] if message else "Lean refused the request",
        status=response.status_code,
        code=redact(code, call, whole_words=True)[:MAX_TEXT_LENGTH] if code else None,
        correlation_id=_correlation_id(response),
        retry_after=_retry_after(response),
        hint=_hint(response.status_code, code, call),
    )


def _hint(status: int, code: str | None, call: ApiRequest) -> str | None:
    """Return what to look at when Lean refuses for good; its outages need no hint."""
    kind = (code or "").casefold()
    if kind == "invalid_scope" or (call.scope and status == 403):
        if call.scope == "api":
            return "Lean does not give this application the scope api: ask Lean for it"
        return "Lean refused the customer: is it one of this application, in this environment?"
    if call.scope and (status == 401 or kind in {"invalid_client", "unauthorized_client"}):
        return (
            "Lean refused the credentials: look at LEAN_CLIENT_ID, LEAN_CLIENT_SECRET, LEAN_SANDBOX"
        )
    if status == 401:
        return "Lean refused the credentials: look at LEAN_APP_TOKEN, LEAN_CLIENT_ID, LEAN_SANDBOX"
    if code in _ENDED:
        return "the customer has to connect again: see broken_connection()"
    if status == 403:
        return "Lean does not permit this call to the application: look at Lean's dashboard"
    names_an_id = "{" in call.template or (code or "").startswith("UNKNOWN_")
    if status == 404 and names_an_id:
        return "is that id one of this application, in this environment?"
    if status == 404:
        return f"look at {call.setting}"
    return None


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
