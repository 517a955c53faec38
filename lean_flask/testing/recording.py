"""What the stand-in was asked."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import time
from typing import Any

from flask import request

#: Requests that are kept; a process that runs for weeks forgets the oldest.
MAX_REQUESTS = 10_000


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request that the stand-in got. Header names are in lower case."""

    endpoint: str
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    form: Mapping[str, str] = field(repr=False)
    json: Any = field(repr=False)
    at: float


class RequestLog:
    """Keeps the latest requests under the names of their endpoints, and the calls of the SDK."""

    def __init__(self) -> None:
        #: Calls of the SDK's methods: ``{"method": …, "config": …}``, in order.
        self.launches: list[dict[str, Any]] = []
        self.requests: list[Recorded] = []
        self._counts: Counter[str] = Counter()
        self._requests_lock = threading.Lock()

    def record(self, endpoint: str) -> None:
        """Note Flask's current request."""
        recorded = Recorded(
            endpoint=endpoint,
            method=request.method,
            path=request.path,
            query=request.args.to_dict(),
            headers={name.lower(): value for name, value in request.headers.items()},
            form=request.form.to_dict(),
            json=request.get_json(silent=True),
            at=time(),
        )
        with self._requests_lock:
            self.requests.append(recorded)
            self._counts[endpoint] += 1
            if len(self.requests) > MAX_REQUESTS:
                del self.requests[: MAX_REQUESTS // 10]

    def count(self, endpoint: str) -> int:
        """Return how often an endpoint was asked: ``token``, ``banks``, ``customers``, …"""
        with self._requests_lock:
            return self._counts[endpoint]

    def counts(self) -> dict[str, int]:
        """Return how often each endpoint was asked."""
        with self._requests_lock:
            return dict(self._counts)

    def all_requests(self) -> list[Recorded]:
        """Return the requests that are kept, the latest last."""
        with self._requests_lock:
            return list(self.requests)

    def clear(self) -> None:
        """Forget all requests and launches so far."""
        with self._requests_lock:
            self.requests.clear()
            self._counts.clear()
            self.launches.clear()
