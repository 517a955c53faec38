"""Opens the inbox in the store of ``LEAN_STORE_URL`` or ``LEAN_STORE``."""

from __future__ import annotations

from ..banks.stores.place import kind_of, store_file
from ..banks.stores.scoped import digest
from ..common.logs import get_logger
from ..common.secret import Hidden
from ..config.store_setting import StorePlace
from .inbox import Inbox

log = get_logger(__name__)


def open_inbox(place: StorePlace, instance_path: str, scope: str) -> Inbox:
    """Open the inbox at *place*; by default in the file in the instance folder.

    :param scope: names the Lean application and environment.
    :raises ConfigurationError: when the library for it is not installed.
    """
    kind = kind_of(place)
    if kind == "redis":
        from .redis_inbox import RedisInbox

        return RedisInbox(place, digest(scope))
    if isinstance(place, str) and kind == "postgres":
        from .postgres_inbox import PostgresInbox

        return PostgresInbox(place, digest(scope))
    if isinstance(place, Hidden) and kind == "store":
        from .store_inbox import StoreInbox

        return StoreInbox(place.value, digest(scope))
    from .sqlite_inbox import SqliteInbox
    from .sqlite_inbox_schema import SCHEMA

    path = store_file(place, instance_path)
    if path is None:
        if place is None:
            log.warning(
                "The instance folder is not writable, so each process keeps its own webhook events "
                "until it ends; set LEAN_STORE_URL to keep them"
            )
        from .memory_database import MemoryDatabase

        return SqliteInbox(MemoryDatabase(SCHEMA), digest(scope), is_durable=False)
    from ..banks.stores.sqlite_file import SqliteFile

    return SqliteInbox(SqliteFile(path, SCHEMA), digest(scope))
