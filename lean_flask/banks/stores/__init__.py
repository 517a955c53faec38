"""Where several processes keep what they share: one small protocol, one file per kind of store."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from ...errors import ConfigurationError
from .base import Store
from .fallback import ShelteredStore
from .memory import MemoryStore
from .sqlite import SqliteStore

log = logging.getLogger(__name__)

_FILE = "lean_flask.sqlite3"


def open_store(url: str | None, instance_path: str) -> Store:
    """The store that ``LEAN_STORE_URL`` names; by default a file in the instance folder.

    :raises ConfigurationError: for Redis without redis-py.
    """
    if url is None:
        return _default(Path(instance_path))
    if url == "memory:":
        return MemoryStore()
    if url.startswith("sqlite:///"):
        return ShelteredStore(SqliteStore(Path(url.removeprefix("sqlite:///"))))
    check_store(url)
    from .redis import RedisStore

    return ShelteredStore(RedisStore(url))


def check_store(url: str | None) -> None:
    """Whether what the store at *url* needs is installed.

    :raises ConfigurationError: for Redis without redis-py.
    """
    if url and url.startswith("redis"):
        try:
            import redis  # noqa: F401
        except ImportError:
            raise ConfigurationError(
                "LEAN_STORE_URL names Redis, which needs redis-py: pip install 'lean-flask[redis]'"
            ) from None


def _default(folder: Path) -> Store:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        log.warning(
            "The instance folder cannot be written, so each process keeps its own bank list; "
            "set LEAN_STORE_URL to share one"
        )
        return MemoryStore()
    return ShelteredStore(SqliteStore(folder / _FILE))
