"""Stores that several processes share: one protocol, one module per kind."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable

from ...errors import ConfigurationError
from .base import Store
from .fallback import FallbackStore
from .memory import MemoryStore
from .place import names_redis, require_redis, store_file
from .sqlite import SqliteStore
from .sqlite_url import SQLITE, check_path, sqlite_path

log = logging.getLogger(__name__)

#: Seconds that one request may wait for Redis; a slower one counts as unreachable.
REQUEST_BUDGET = 0.5


def open_store(
    url: str | None,
    instance_path: str,
    *,
    clock: Callable[[], float] = time.monotonic,
    wall_clock: Callable[[], float] = time.time,
) -> Store:
    """Open the store at *url* (``LEAN_STORE_URL``); by default a file in the instance folder.

    :param clock: monotonic clock, seconds.
    :param wall_clock: seconds since the epoch.
    :raises ConfigurationError: for Redis without redis-py.
    """
    if names_redis(url):
        from .redis import RedisStore

        store = RedisStore(url, wall_clock)
        return FallbackStore(store, clock, wall_clock, budget=REQUEST_BUDGET)
    path = store_file(url, instance_path)
    if path is None:
        if url is None:
            log.warning(
                "The instance folder is not writable, so each process keeps its own bank list; "
                "set LEAN_STORE_URL to share one"
            )
        return MemoryStore(clock, wall_clock)
    return FallbackStore(SqliteStore(path, wall_clock), clock, wall_clock)


def check_store(url: str | None) -> None:
    """Check what can be known of the store at *url* without a connection.

    :raises ConfigurationError: saying what its driver would refuse, without the password.
    """
    if url is None or url == "memory:":
        return
    try:
        if url.startswith(SQLITE):
            check_path(sqlite_path(url))
        else:
            require_redis()
            from .redis_url import check_tls, connection_options

            check_tls(connection_options(url))
    except ValueError as error:
        raise ConfigurationError(f"LEAN_STORE_URL got {_shown(url)!r}: {error}") from None


def _shown(url: str) -> str:
    """Return the beginning of *url*, without what may be a password."""
    if url.startswith(SQLITE):
        return url[:200]
    scheme, _, rest = url.partition("://")
    place = rest.rpartition("@")[2]
    return f"{scheme}://{re.split('[:/?#]', place)[0][:100]}"
