"""Stores that several processes share: one protocol, one module per kind."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from ...common.logs import get_logger
from ...common.secret import Hidden
from ...config.store_setting import StorePlace
from ...errors import ConfigurationError
from .base import Store
from .fallback import FallbackStore
from .guarded import GuardedStore
from .memory import MemoryStore
from .place import kind_of, store_file
from .sqlite_url import SQLITE, check_path, sqlite_path

log = get_logger(__name__)

#: Seconds that one request may wait for Redis; a slower one counts as unreachable.
REQUEST_BUDGET = 0.5


def open_store(
    place: StorePlace,
    instance_path: str,
    *,
    clock: Callable[[], float] = time.monotonic,
    wall_clock: Callable[[], float] = time.time,
) -> Store:
    """Open the store at *place*; by default a file in the instance folder.

    :param place: the URL of ``LEAN_STORE_URL``, or the host's object of ``LEAN_STORE``.
    :param clock: monotonic clock, seconds.
    :param wall_clock: seconds since the epoch.
    :raises ConfigurationError: when the library for it is not installed.
    """
    kind = kind_of(place)
    if kind == "redis":
        from .redis import RedisStore

        store = RedisStore(place, wall_clock)
        return FallbackStore(store, clock, wall_clock, budget=REQUEST_BUDGET)
    if isinstance(place, str) and kind == "postgres":
        from .postgres import PostgresStore

        postgres = PostgresStore(place, wall_clock)
        return FallbackStore(postgres, clock, wall_clock, budget=REQUEST_BUDGET)
    if isinstance(place, Hidden) and kind == "store":
        host_store = GuardedStore(place.value)
        return FallbackStore(host_store, clock, wall_clock, budget=REQUEST_BUDGET)
    path = store_file(place, instance_path)
    if path is None:
        if place is None:
            log.warning(
                "The instance folder is not writable, so each process keeps its own bank list; "
                "set LEAN_STORE_URL to share one"
            )
        return MemoryStore(clock, wall_clock)
    from .sqlite import SqliteStore

    return FallbackStore(SqliteStore(path, wall_clock), clock, wall_clock)


def check_store(place: StorePlace) -> None:
    """Check what can be known of the store at *place* without a connection.

    :raises ConfigurationError: saying what its driver would refuse, without the password.
    """
    kind = kind_of(place)
    try:
        if isinstance(place, str) and place.startswith(SQLITE):
            check_path(sqlite_path(place))
        elif kind == "redis":
            from .redis_target import read_target
            from .redis_url import check_tls

            check_tls(read_target(place).options)
        elif isinstance(place, str) and kind == "postgres":
            from .postgres_url import read_url

            read_url(place)
    except ValueError as error:
        raise ConfigurationError(f"{_shown(place)}: {error}") from None


def _shown(place: StorePlace) -> str:
    """Return the setting and the beginning of its value, without what may be a password."""
    if not isinstance(place, str):
        return "LEAN_STORE"
    if place.startswith(SQLITE):
        return f"LEAN_STORE_URL got {place[:200]!r}"
    scheme, _, rest = place.partition("://")
    authority, *others = re.split("[/?#]", rest, maxsplit=1)
    host = "" if "@" in "".join(others) else authority.rpartition("@")[2].partition(":")[0]
    return f"LEAN_STORE_URL got {f'{scheme}://{host[:100]}'!r}"
