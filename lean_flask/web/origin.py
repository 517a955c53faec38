"""Whether a request that changes something comes from our own page."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request


def is_cross_site() -> bool:
    """Whether the browser says that another origin sent this request.

    Fetch metadata where the browser sends it, ``Origin`` where it does not. A request with neither
    is no browser's, and a flow that is bound to a browser session stops it anyway.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host
