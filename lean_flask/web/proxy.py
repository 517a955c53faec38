"""Whether a proxy stands before the app that Flask does not know of."""

from __future__ import annotations

import logging
import os

from flask import Blueprint, request

from ..common.urls import LOOPBACK_HOSTS
from ..services import get_services

log = logging.getLogger(__name__)


def add_check(blueprint: Blueprint) -> None:
    """Log one warning per process when a proxy says that the browser sees another address."""
    warned: set[int] = set()

    @blueprint.before_request
    def check() -> None:
        if os.getpid() not in warned and _is_behind_unknown_proxy():
            warned.add(os.getpid())
            log.warning(
                "A proxy says that browsers see another scheme or host than Flask does, so landing "
                "URLs would be wrong; behind a proxy, use ProxyFix"
            )


def has_insecure_landing() -> bool:
    """Return whether a bank would send a customer of production to an ``http://`` page."""
    if get_services().settings.sandbox or request.scheme == "https":
        return False
    host = request.host.rpartition("@")[2]
    name = host.partition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    return name not in LOOPBACK_HOSTS


def _is_behind_unknown_proxy() -> bool:
    if request.scheme != "http":
        return False
    headers = request.headers
    if _first(headers.get("X-Forwarded-Proto")) == "https":
        return True
    if "proto=https" in headers.get("Forwarded", "")[:500].lower().replace('"', ""):
        return True
    host = _first(headers.get("X-Forwarded-Host"))
    return bool(host) and host != request.host.lower()


def _first(value: str | None) -> str:
    return (value or "")[:500].partition(",")[0].strip().lower()
