"""``redis://`` and ``rediss://`` share values between machines. Needs ``lean-flask[redis]``."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from .base import StoreError, Updater, next_version

CONNECT_TIMEOUT, READ_TIMEOUT = 0.5, 1.0  # seconds; a slower store would not save time
_VERSION = "lean-flask:version"
_RELEASE = """if redis.call("GET", KEYS[1]) == ARGV[1] then redis.call("DEL", KEYS[1]) end"""


class RedisStore:
    """Keys with expiry, changed in optimistic transactions.

    :param wall_clock: seconds since the epoch.
    """

    def __init__(self, url: str, wall_clock: Callable[[], float] = time.time) -> None:
        self._wall_clock = wall_clock
        self._redis = Redis.from_url(
            url,
            socket_connect_timeout=CONNECT_TIMEOUT,
            socket_timeout=READ_TIMEOUT,
            retry=Retry(NoBackoff(), 1),
        )

    def version(self) -> int:
        """Return the version of the latest change."""
        with _store_errors():
            return int(self._redis.get(_VERSION) or 0)

    def read(self, key: str) -> bytes | None:
        """Return the value of *key*, or ``None``."""
        with _store_errors():
            return _bytes(self._redis.get(key))

    def update(self, key: str, updater: Updater, ttl: float) -> bytes | None:
        """Apply *updater* to *key* in a transaction and return the new value."""
        result: bytes | None = None

        def transact(pipe: Any) -> None:
            nonlocal result
            old = _bytes(pipe.get(key))
            version = next_version(int(pipe.get(_VERSION) or 0), self._wall_clock())
            result = updater(old, version)
            pipe.multi()
            if result == old:
                return
            if result is None:
                pipe.delete(key)
            else:
                pipe.set(key, result, px=_milliseconds(ttl))
            pipe.set(_VERSION, version)

        with _store_errors():
            self._redis.transaction(transact, key, _VERSION)
        return result

    def claim(self, key: str, owner: bytes, ttl: float) -> bytes:
        """Give *key* to *owner*, unless somebody holds it, and return who holds it."""
        with _store_errors():
            if self._redis.set(_claim_key(key), owner, nx=True, px=_milliseconds(ttl)):
                return owner
            # None: it ended just now. Whoever held it did so a moment ago.
            return _bytes(self._redis.get(_claim_key(key))) or b""

    def finish(self, key: str, value: bytes, ttl: float) -> None:
        """Let *value* hold *key* for *ttl* seconds."""
        with _store_errors():
            self._redis.set(_claim_key(key), value, px=_milliseconds(ttl))

    def release(self, key: str, owner: bytes) -> None:
        """Free *key*, if *owner* holds it."""
        with _store_errors():
            self._redis.eval(_RELEASE, 1, _claim_key(key), owner)


@contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError, ValueError) as error:
        # Not the text of the error: it may quote the URL with its password.
        raise StoreError(f"Redis: {type(error).__name__}") from None


def _claim_key(key: str) -> str:
    return f"{key}:claim"  # claims and values are apart


def _milliseconds(ttl: float) -> int:
    return max(1, int(ttl * 1000))


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)
