"""Stores that several processes share: one protocol, one module per kind."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

from ...errors import ConfigurationError
from .base import Store
from .fallback import FallbackStore
from .memory import MemoryStore
from .sqlite import SqliteStore, make_private_folder

log = logging.getLogger(__name__)

_FILE = "lean_flask.sqlite3"


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
    if url == "memory:":
        return MemoryStore(clock, wall_clock)
    if url is None:
        folder = Path(instance_path)
        if not _is_writable(folder):
            log.warning(
                "The instance folder is not writable, so each process keeps its own bank list; "
                "set LEAN_STORE_URL to share one"
            )
            return MemoryStore(clock, wall_clock)
        store: Store = SqliteStore(folder / _FILE, wall_clock)
    elif url.startswith("sqlite:///"):
        store = SqliteStore(Path(url.removeprefix("sqlite:///")), wall_clock)
    else:
        check_store(url)
        from .redis import RedisStore

        store = RedisStore(url, wall_clock)
    return FallbackStore(store, clock, wall_clock)


def check_store(url: str | None) -> None:
    """Check that the library which the store at *url* needs is installed.

    :raises ConfigurationError: for Redis without redis-py.
    """
    if url and url.startswith("redis"):
        try:
            import redis  # noqa: F401
        except ImportError:
            raise ConfigurationError(
                "LEAN_STORE_URL names Redis, which needs redis-py: pip install 'lean-flask[redis]'"
            ) from None


def _is_writable(folder: Path) -> bool:
    try:
        make_private_folder(folder)
    except OSError:
        return False
    return os.access(folder, os.W_OK)
