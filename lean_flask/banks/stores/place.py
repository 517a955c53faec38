"""Where the store is: in Redis, in a file, or in the memory of each process."""

from __future__ import annotations

from pathlib import Path
from typing import TypeGuard

from ...errors import ConfigurationError
from .sqlite_file import make_private_folder
from .sqlite_url import SQLITE, check_path, sqlite_path

_FILE = "lean_flask.sqlite3"


def names_redis(url: str | None) -> TypeGuard[str]:
    """Return whether *url* (``LEAN_STORE_URL``) names a Redis.

    :raises ConfigurationError: when it does, without redis-py.
    """
    if url is None or url == "memory:" or url.startswith(SQLITE):
        return False
    require_redis()
    return True


def store_file(url: str | None, instance_path: str) -> Path | None:
    """Return the file of a store that is not in Redis; by default one in the instance folder.

    ``None`` is the memory of each process, also where the instance folder cannot be written.
    """
    if url == "memory:":
        return None
    if url is not None:
        return sqlite_path(url)
    path = Path(instance_path, _FILE)
    try:
        check_path(path)
        make_private_folder(path.parent)
    except (ValueError, OSError):
        return None
    return path


def require_redis() -> None:
    """Check that redis-py is installed.

    :raises ConfigurationError: naming the extra.
    """
    try:
        import redis  # noqa: F401
    except ImportError:
        raise ConfigurationError(
            "LEAN_STORE_URL names Redis, which needs redis-py: pip install 'lean-flask[redis]'"
        ) from None
