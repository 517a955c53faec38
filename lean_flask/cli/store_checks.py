"""Checks of the store: whether it works, and who else could read or change what is in it."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..banks.stores.place import kind_of, store_file
from ..common.urls import LOOPBACK_HOSTS
from ..config.settings import Settings
from ..config.store_setting import StorePlace
from .finding import Finding


def store(
    settings: Settings, instance_path: str, failure: str | None, works: bool
) -> Iterator[Finding]:
    """Check that what is written to the store can be read, and who else could read it.

    :param instance_path: where the file is by default.
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
    place = settings.store_place
    problems: Iterator[str] = iter(())
    kind = kind_of(place)
    if kind == "redis":
        problems = _of_redis(place)
    elif kind == "postgres" and isinstance(place, str):
        problems = _of_postgres(place)
    elif kind == "local":
        problems = _of_file(store_file(place, instance_path))
    for problem in problems:
        yield Finding("store", "warn", problem)


def _of_postgres(url: str) -> Iterator[str]:
    """Yield what lets others read or change a Postgres that is not on this machine."""
    from ..banks.stores.postgres_url import is_checked, read_url

    hosts = read_url(url).hosts
    is_near = all(host.startswith("/") or host in LOOPBACK_HOSTS for host in hosts)
    if not is_near and not is_checked(url):
        yield (
            "LEAN_STORE_URL does not check whom it talks to on another host; use "
            "sslmode=verify-full"
        )


def _of_file(path: Path | None) -> Iterator[str]:
    """Yield what lets other users of this machine put another file in its place."""
    with suppress(OSError):
        mode = path.parent.stat().st_mode if path else 0
        if mode & (stat.S_IWGRP | stat.S_IWOTH) and not mode & stat.S_ISVTX:
            yield (
                "other users of this machine may write to the folder of the store's file; take "
                "that right from them"
            )


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
