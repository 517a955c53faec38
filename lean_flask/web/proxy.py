"""Whether a proxy stands before the app that Flask does not know of."""

from __future__ import annotations

import os
from typing import Any

from flask import Blueprint, request
from werkzeug.datastructures import Headers

from ..common.logs import get_logger
from ..common.urls import LOOPBACK_HOSTS
from ..config.settings import Settings

log = get_logger(__name__)

#: What older proxies send in place of ``X-Forwarded-Proto: https``.
_OTHER_SIGNS = (
    ("X-Forwarded-Scheme", "https"),
    ("X-Forwarded-Protocol", "https"),
    ("X-Url-Scheme", "https"),
    ("X-Forwarded-Ssl", "on"),
    ("Front-End-Https", "on"),
)
#: The headers, as WSGI has them, of which one has to be there for a proxy to be told by.
_TELLING = frozenset(
    f"HTTP_{name.upper().replace('-', '_')}"
    for name in (
        *("X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "Origin"),
        *(name for name, _ in _OTHER_SIGNS),
    )
)


def add_check(blueprint: Blueprint) -> None:
    """Log one warning per process when a proxy says that the browser sees another address."""
    warned: set[int] = set()

    @blueprint.url_value_preprocessor
    def check(*_: Any) -> None:
        if _is_behind_unknown_proxy() and os.getpid() not in warned:
            warned.add(os.getpid())
            log.warning(
                "A proxy says that browsers see another scheme or host than Flask does, so landing "
                "URLs would be wrong; behind a proxy, use ProxyFix"
            )


def has_insecure_landing(settings: Settings) -> bool:
    """Return whether a bank would send a customer of production to an ``http://`` page.

    A loopback address is fine on the developer's own machine, but it is also what an app sees
    whose proxy passes no ``Host`` on. What the proxy or the browser says tells these apart.
    """
    if settings.sandbox or request.scheme == "https":
        return False
    host = request.host.rpartition("@")[2]
    name = host.partition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    return name not in LOOPBACK_HOSTS or _is_behind_unknown_proxy()


def _is_behind_unknown_proxy() -> bool:
    if _TELLING.isdisjoint(request.environ):
        return False
    headers = request.headers
    if request.scheme == "http" and _says_https(headers):
        return True
    own_host = request.host.lower()
    forwarded_hosts = [_without_port(host) for host in _values(headers.get("X-Forwarded-Host"))]
    if forwarded_hosts and own_host not in forwarded_hosts:
        return True
    if headers.get("Sec-Fetch-Site") != "same-origin":
        return False
    origin = headers.get("Origin", "")[:500].lower()
    return origin.startswith("https://") and origin != f"{request.scheme}://{own_host}"


def _says_https(headers: Headers) -> bool:
    if "https" in _values(headers.get("X-Forwarded-Proto"))[:1]:
        return True
    if "proto=https" in headers.get("Forwarded", "")[:500].lower().replace('"', ""):
        return True
    return any(headers.get(name, "").lower() == value for name, value in _OTHER_SIGNS)


def _values(header: str | None) -> list[str]:
    parts = ((header or "")[:500].lower()).split(",")
    return [part.strip() for part in parts if part.strip()]


def _without_port(host: str) -> str:
    return host.removesuffix(":443").removesuffix(":80")
