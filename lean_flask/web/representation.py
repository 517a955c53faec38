"""A list as bytes, and what HTTP says about them: validators, freshness, encodings."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from cachetools import LRUCache
from flask import Response, request

from ..banks.directory import Listing
from ..settings import Settings

_MOST_BODIES = 256


@dataclass(frozen=True, slots=True)
class Body:
    """One representation: made once per list, sent many times."""

    plain: bytes
    gzipped: bytes
    etag: str


class Bodies:
    """The representations in use; those of former lists fall out by themselves."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: LRUCache[Hashable, Body] = LRUCache(_MOST_BODIES)

    def get(self, key: Hashable, make: Callable[[], Any]) -> Body:
        with self._lock:
            body = self._held.get(key)
        if body is None:
            body = _represent(make())
            with self._lock:
                self._held[key] = body
        return body


def _represent(content: Any) -> Body:
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    etag = hashlib.sha256(plain).hexdigest()[:32]
    return Body(plain, gzip.compress(plain, 9, mtime=0), etag)


def answer(
    body: Body, listing: Listing, settings: Settings, *, private: bool, negotiated: bool
) -> Response:
    """*body* with its cache headers, or 304 where the client has it.

    :param private: the list is one customer's, so no shared cache may keep it.
    :param negotiated: the language came from ``Accept-Language``.
    """
    zipped = request.accept_encodings.quality("gzip") > 0
    response = Response(body.gzipped if zipped else body.plain, mimetype="application/json")
    # A strong validator names one sequence of bytes, so each encoding has its own.
    response.set_etag(f"{body.etag}-gzip" if zipped else body.etag)
    headers = response.headers
    headers["Cache-Control"] = _cache_control(settings, private)
    headers["Age"] = f"{listing.age:.0f}"
    headers["Cache-Status"] = _cache_status(listing, settings)
    headers["Vary"] = "Accept-Encoding, Accept-Language" if negotiated else "Accept-Encoding"
    if zipped:
        headers["Content-Encoding"] = "gzip"
    known = request.if_none_match
    if known.contains_weak(body.etag) or known.contains_weak(f"{body.etag}-gzip"):
        response.status_code = 304
        response.set_data(b"")
        del headers["Content-Length"]
    return response


def _cache_control(settings: Settings, private: bool) -> str:
    """RFC 9111 and RFC 5861: how long others may go on with what we said."""
    return (
        f"{'private' if private else 'public'}, max-age={settings.banks_ttl:.0f}, "
        f"stale-while-revalidate={settings.banks_stale:.0f}, "
        f"stale-if-error={settings.banks_stale_if_error:.0f}"
    )


def _cache_status(listing: Listing, settings: Settings) -> str:
    """RFC 9211: a hit was served without asking Lean; ``fwd`` says why Lean was or is asked."""
    ttl = int(settings.banks_ttl - listing.age)
    if listing.state == "fresh":
        return f"lean; hit; ttl={ttl}"
    if listing.state == "miss":
        return f"lean; fwd=miss; stored; ttl={ttl}"
    detail = "stale-if-error" if listing.failing else "stale-while-revalidate"
    return f"lean; fwd=stale; ttl={ttl}; detail={detail}"
