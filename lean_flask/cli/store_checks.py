"""Checks of the store: whether it works, and who else could read or change what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..banks.stores.place import kind_of
from ..common.urls import LOOPBACK_HOSTS
from ..config.settings import Settings
from ..config.store_setting import StorePlace
from .finding import Finding


def store(settings: Settings, failure: str | None, works: bool) -> Iterator[Finding]:
    """Check that what is written to the store can be read, and who else could read it.

    :param failure: why the store fell back to process memory.
    :param works: whether the value that was written was read.
    """
    if failure or not works:
        yield Finding("store", "FAIL", failure or "what was written could not be read")
    else:
        yield Finding("store", "ok", "written and read")
    if settings.store_url == "memory:" and not settings.sandbox:
        yield Finding(
            "store",
            "warn",
            "LEAN_STORE_URL is memory: each process has its own list and forgets it at a restart",
        )
    if kind_of(settings.store_place) == "redis":
        for problem in _of_redis(settings.store_place):
            yield Finding("store", "warn", problem)


def _of_redis(place: StorePlace) -> Iterator[str]:
    """Yield what lets others read or change a Redis that is not on this machine."""
    from redis import SSLConnection

    from ..banks.stores.redis_target import read_target

    target = read_target(place)
    if all(host in LOOPBACK_HOSTS for host, _ in target.addresses) or "path" in target.options:
        return
    name = "LEAN_STORE_URL" if isinstance(place, str) else "LEAN_STORE"
    kinds: list[Any] = [target.options.get("connection_class", object)]
    if target.service is not None:
        kinds.append(target.sentinel_options.get("connection_class", object))
    if not all(issubclass(kind, SSLConnection) for kind in kinds):
        mend = "rediss://" if name == "LEAN_STORE_URL" else "ssl=True"
        yield f"{name} has no TLS to another host; use {mend}"
    if not (target.options.get("password") or target.options.get("credential_provider")):
        yield f"{name} has no password; let no one else write to it"
