"""``redis://`` and ``rediss://`` share values between machines. Needs ``lean-flask[redis]``."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from typing import Any

from redis.exceptions import ResponseError

from ...common.logs import get_logger
from ...config.store_setting import StorePlace
from .base import Change, StoreBusy, Updater, next_version
from .redis_connection import RedisConnection
from .scoped import HASH_TAG

log = get_logger(__name__)

CONFLICT_TIMEOUT = 0.5  # seconds to try again while other processes change the same key
_VERSION = f"{HASH_TAG}:version"
# Set or delete keys with a new version (the last of KEYS), if nobody has changed any of them since
# they were read and the version is still later than any other. A key of another type counts as
# none. Behind the version, ARGV has four values for each key: the digest of what was read, the time
# to live, what to do, and the value.
_CHANGE = """
local count = #KEYS - 1
local version = redis.pcall("GET", KEYS[count + 1])
if (tonumber(version) or 0) >= tonumber(ARGV[1]) then return 0 end
for i = 1, count do
    local old = redis.pcall("GET", KEYS[i])
    if type(old) == "table" then old = false end
    if (old and redis.sha1hex(old) or "") ~= ARGV[4 * i - 2] then return 0 end
end
for i = 1, count do
    if ARGV[4 * i] == "set" then
        redis.call("SET", KEYS[i], ARGV[4 * i + 1], "PX", ARGV[4 * i - 1])
    elseif ARGV[4 * i] == "delete" then
        redis.call("DEL", KEYS[i])
    end
end
redis.call("SET", KEYS[count + 1], ARGV[1])
return 1
"""


class RedisStore:
    """Keys with expiry. Each operation takes one round trip, a change of values two.

    :param wall_clock: seconds since the epoch.
    :raises ValueError: when redis-py refuses *place*; the message shows no password.
    """

    def __init__(self, place: StorePlace, wall_clock: Callable[[], float] = time.time) -> None:
        self._wall_clock = wall_clock
        self._redis = RedisConnection(place)

    def version(self) -> int:
        """Return the version of the latest change."""
        return self._redis.call(lambda redis: _number(_get(redis, _VERSION)))

    def read(self, key: str) -> bytes | None:
        """Return the value of *key*, or ``None``."""
        return self._redis.call(lambda redis: _get(redis, key))

    def update(self, key: str, updater: Updater, ttl: float) -> bytes | None:
        """Apply *updater* to *key* atomically and return the new value."""
        return self._apply([Change(key, updater, ttl)])[0]

    def update_all(self, changes: Sequence[Change]) -> bool:
        """Apply *changes* in one transaction; return that it was one."""
        self._apply(changes)
        return True

    def _apply(self, changes: Sequence[Change]) -> list[bytes | None]:
        give_up = time.monotonic() + CONFLICT_TIMEOUT
        keys = [change.key for change in changes]
        while True:
            *old, last = self._redis.call(lambda redis: redis.mget(*keys, _VERSION))
            version = next_version(_number(last), self._wall_clock())
            new = [change.updater(seen, version) for change, seen in zip(changes, old, strict=True)]
            if new == old or self._change(changes, old, new, version):
                return new
            if time.monotonic() > give_up:
                raise StoreBusy("Redis: other processes change the same key all the time")

    def _change(
        self,
        changes: Sequence[Change],
        old: Sequence[bytes | None],
        new: Sequence[bytes | None],
        version: int,
    ) -> bool:
        keys = [*(change.key for change in changes), _VERSION]
        values: list[Any] = [version]
        for change, seen, value in zip(changes, old, new, strict=True):
            what = "keep" if value == seen else "delete" if value is None else "set"
            changed = value if what == "set" else b""
            values += [_digest(seen), _milliseconds(change.ttl), what, changed]
        return bool(self._redis.call(lambda redis: redis.eval(_CHANGE, len(keys), *keys, *values)))


def _digest(value: bytes | None) -> str:
    return "" if value is None else hashlib.sha1(value, usedforsecurity=False).hexdigest()


def _get(redis: Any, key: str) -> bytes | None:
    try:
        value: bytes | None = redis.get(key)
    except ResponseError as error:
        if not str(error).startswith("WRONGTYPE"):
            raise
        log.warning("The key %s in Redis has another type, so its value is ignored", key)
        return None
    return value


def _number(value: bytes | None) -> int:
    try:
        return int(value or 0)
    except ValueError:
        log.warning("The key %s in Redis is not a number, so its value is ignored", _VERSION)
        return 0


def _milliseconds(ttl: float) -> int:
    return max(1, int(ttl * 1000))
