"""``redis://`` and ``rediss://`` share values between machines. Needs ``lean-flask[redis]``."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

from redis.exceptions import ResponseError

from ...common.logs import get_logger
from ...config.store_setting import StorePlace
from .base import StoreBusy, Updater, next_version
from .redis_connection import RedisConnection
from .scoped import HASH_TAG

log = get_logger(__name__)

CONFLICT_TIMEOUT = 0.5  # seconds to try again while other processes change the same key
_VERSION = f"{HASH_TAG}:version"
# Set or delete a key (KEYS[1]) with a new version (KEYS[2]), if nobody has changed the key since
# it was read and the version is still later than any other. A key of another type counts as none.
_CHANGE = """
local old = redis.pcall("GET", KEYS[1])
if type(old) == "table" then old = false end
if (old and redis.sha1hex(old) or "") ~= ARGV[1] then return 0 end
local version = redis.pcall("GET", KEYS[2])
if (tonumber(version) or 0) >= tonumber(ARGV[2]) then return 0 end
if ARGV[4] then
    redis.call("SET", KEYS[1], ARGV[4], "PX", ARGV[3])
else
    redis.call("DEL", KEYS[1])
end
redis.call("SET", KEYS[2], ARGV[2])
return 1
"""


class RedisStore:
    """Keys with expiry. Each operation takes one round trip, a change of a value two.

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
        give_up = time.monotonic() + CONFLICT_TIMEOUT
        while True:
            old, last = self._redis.call(lambda redis: redis.mget(key, _VERSION))
            version = next_version(_number(last), self._wall_clock())
            new = updater(old, version)
            if new == old or self._change(key, old, new, version, ttl):
                return new
            if time.monotonic() > give_up:
                raise StoreBusy("Redis: other processes change the same key all the time")

    def _change(
        self, key: str, old: bytes | None, new: bytes | None, version: int, ttl: float
    ) -> bool:
        seen = "" if old is None else hashlib.sha1(old, usedforsecurity=False).hexdigest()
        values = [] if new is None else [new]
        arguments = (key, _VERSION, seen, version, _milliseconds(ttl), *values)
        return bool(self._redis.call(lambda redis: redis.eval(_CHANGE, 2, *arguments)))


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
