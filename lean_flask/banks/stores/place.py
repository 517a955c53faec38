"""Where the store is: in Redis, in Postgres, in an object of the host, or on this machine."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Literal

from ...common.secret import Hidden
from ...config.store_setting import StorePlace, is_redis_client
from ...errors import ConfigurationError
from .sqlite_url import SQLITE, check_path, sqlite_path

#: ``local``: a file or the memory of each process; ``store``: an object of the host.
StoreKind = Literal["local", "redis", "postgres", "store"]

_FILE = "lean_flask.sqlite3"


def kind_of(place: StorePlace) -> StoreKind:
    """Return what *place* names.

    :raises ConfigurationError: when the library for it is not installed.
    """
    if isinstance(place, Hidden):
        return "redis" if is_redis_client(place.value) else "store"
    if place is None or place == "memory:" or place.startswith(SQLITE):
        return "local"
    if place.startswith("redis"):
        _require("redis", "Redis", "redis-py", "redis")
        return "redis"
    _require("psycopg", "Postgres", "psycopg 3", "postgres")
    return "postgres"


def store_file(place: StorePlace, instance_path: str) -> Path | None:
    """Return the file of a store on this machine; by default one in the instance folder.

    ``None`` is the memory of each process, also where the instance folder cannot be written.
    """
    if place == "memory:":
        return None
    if isinstance(place, str):
        return sqlite_path(place)
    from .sqlite_file import make_private_folder

    path = Path(instance_path, _FILE)
    try:
        check_path(path)
        make_private_folder(path.parent)
    except (ValueError, OSError):
        return None
    return path


def _require(module: str, engine: str, library: str, extra: str) -> None:
    try:
        import_module(module)
    except ImportError:
        needs = f"{engine}, which needs {library}: pip install 'lean-flask[{extra}]'"
        raise ConfigurationError(f"LEAN_STORE_URL names {needs}") from None
