"""Opens the inbox in the store of ``LEAN_STORE_URL``."""

from __future__ import annotations

import logging

from ..banks.stores.place import names_redis, store_file
from ..banks.stores.scoped import digest
from ..banks.stores.sqlite_file import SqliteFile
from .inbox import Inbox
from .memory_database import MemoryDatabase
from .sqlite_inbox import SqliteInbox
from .sqlite_inbox_schema import SCHEMA

log = logging.getLogger(__name__)


def open_inbox(url: str | None, instance_path: str, scope: str) -> Inbox:
    """Open the inbox at *url*; by default in the file in the instance folder.

    :param scope: names the Lean application and environment.
    :raises ConfigurationError: for Redis without redis-py.
    """
    if names_redis(url):
        from .redis_inbox import RedisInbox

        return RedisInbox(url, digest(scope))
    path = store_file(url, instance_path)
    if path is None:
        if url is None:
            log.warning(
                "The instance folder is not writable, so each process keeps its own webhook events "
                "until it ends; set LEAN_STORE_URL to keep them"
            )
        return SqliteInbox(MemoryDatabase(SCHEMA), digest(scope), is_durable=False)
    return SqliteInbox(SqliteFile(path, SCHEMA), digest(scope))
