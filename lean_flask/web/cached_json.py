"""A list as bytes, and what HTTP says about them: validators, freshness, encodings.

This is not idiomatic Flask, for speed: it reads the WSGI environment, sets all headers in one
assignment and keeps the results of each step, since clients repeat the same few requests. A hit
takes 0.51 ms of CPU, the same in plain Flask 0.75 ms.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import Response
from werkzeug.datastructures import Headers
from werkzeug.http import parse_accept_header, parse_etags

from ..banks.cache.entries import State
from ..banks.catalog import Listing
from ..config.settings import Settings
from .request_headers import parsed_header

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MAX_CACHED_HEADERS = 512

_Header = tuple[str, str]
_NOT_FOR_OTHER_ORIGINS = (("Cross-Origin-Resource-Policy", "same-origin"),)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A representation in one encoding, which has a strong validator of its own."""

    data: bytes
    etag: str
    headers: tuple[_Header, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """One representation: made once per list, sent many times."""

    plain: Encoded
    gzipped: Encoded

    @property
    def size(self) -> int:
        """Return the bytes that it takes in memory, about."""
        return len(self.plain.data) + len(self.gzipped.data) + 1000  # and what goes with them


def to_json(content: Any) -> str:
    """Return *content* as JSON without spaces."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def represent(text: str, compression: int = 9) -> Body:
    """Return the representations of a JSON text.

    :param compression: level of gzip; 9 takes three times as long as 6.
    """
    plain = text.encode()
    etag = hashlib.sha256(plain).hexdigest()[:32]
    gzipped = gzip.compress(plain, compression, mtime=0)
    return Body(
        _encoded(plain, etag), _encoded(gzipped, f"{etag}-gzip", ("Content-Encoding", "gzip"))
    )


def _encoded(data: bytes, etag: str, *headers: _Header) -> Encoded:
    about = (("Content-Type", "application/json"), ("Content-Length", str(len(data))))
    return Encoded(data, etag, (*about, *headers))


def respond(
    body: Body,
    listing: Listing,
    settings: Settings,
    environ: WSGIEnvironment,
    *,
    private: bool,
    negotiated: bool,
) -> Response:
    """Return *body* with its cache headers, or 304 where the client has it.

    :param private: the list is one customer's, so no shared cache may keep it.
    :param negotiated: the language came from ``Accept-Language``.
    """
    encoded = body.gzipped if wants_gzip(environ) else body.plain
    known = parsed_header(environ, "If-None-Match")
    unchanged = known is not None and _names(known, body.plain.etag, body.gzipped.etag)
    headers = PreparedHeaders(
        [
            *(() if unchanged else encoded.headers),
            ("ETag", f'"{encoded.etag}"'),
            *_freshness(
                int(listing.age),
                listing.state,
                listing.failing,
                private,
                settings.banks_ttl,
                settings.banks_stale,
                settings.banks_stale_if_error,
            ),
            ("Vary", "Accept-Encoding, Accept-Language" if negotiated else "Accept-Encoding"),
            ("X-Content-Type-Options", "nosniff"),
            *(_NOT_FOR_OTHER_ORIGINS if private else ()),
        ]
    )
    if unchanged:
        return PreparedResponse(status=304, headers=headers)
    return PreparedResponse([encoded.data], headers=headers)


class PreparedHeaders(Headers):
    """Headers of our own making, which Werkzeug need not check for line breaks again.

    :param pairs: names and values, of which none comes from a request.
    """

    def __init__(self, pairs: Iterable[_Header]) -> None:
        super().__init__()
        self._list.extend(pairs)


class PreparedResponse(Response):
    """A response whose headers are complete, so that Werkzeug computes none when it is sent."""

    default_mimetype = None

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """Return the headers as they are."""
        return self.headers


def wants_gzip(environ: WSGIEnvironment) -> bool:
    """Return whether the request's client takes gzip."""
    return _takes_gzip(parsed_header(environ, "Accept-Encoding"))


@lru_cache(MAX_CACHED_HEADERS)
def _takes_gzip(accept_encoding: str | None) -> bool:
    return parse_accept_header(accept_encoding).quality("gzip") > 0


@lru_cache(MAX_CACHED_HEADERS)
def _names(if_none_match: str, *etags: str) -> bool:
    known = parse_etags(if_none_match)
    return any(known.contains_weak(etag) for etag in etags)


@lru_cache(MAX_CACHED_HEADERS)
def _freshness(
    age: int,
    state: State,
    failing: bool,
    private: bool,
    ttl: float,
    stale: float,
    stale_if_error: float,
) -> tuple[_Header, ...]:
    """Return how old the list is, and how long others may go on with it (RFC 9111, RFC 5861)."""
    scope = "private" if private else "public"
    windows = (
        f"max-age={ttl:.0f}, stale-while-revalidate={stale:.0f}, "
        f"stale-if-error={stale_if_error:.0f}"
    )
    return (
        ("Cache-Control", f"{scope}, {windows}"),
        ("Age", str(age)),
        ("Cache-Status", _cache_status(int(ttl) - age, state, failing)),
    )


def _cache_status(ttl: int, state: State, failing: bool) -> str:
    """Return ``hit`` if Lean was not asked, else ``fwd`` with why it was or is (RFC 9211)."""
    if state == "fresh":
        return f"lean; hit; ttl={ttl}"
    if state == "miss":
        return f"lean; fwd=miss; stored; ttl={ttl}"
    detail = "stale-if-error" if failing else "stale-while-revalidate"
    return f"lean; fwd=stale; ttl={ttl}; detail={detail}"
