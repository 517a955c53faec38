"""``redis://`` and ``rediss://`` share lists between many machines. Needs ``lean-flask[redis]``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from .base import Change, StoreError, next_version

_CONNECT, _ANSWER = 0.5, 1.0  # seconds; a store that is slower than Lean would be no help
_VERSION = "lean-flask:version"


class RedisStore:
    """Keys with expiry, changed in optimistic transactions."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url,
            socket_connect_timeout=_CONNECT,
            socket_timeout=_ANSWER,
            retry=Retry(NoBackoff(), 1),
        )

    def version(self) -> int:
        with _store_errors():
            return int(self._redis.get(_VERSION) or 0)

    def read(self, key: str) -> bytes | None:
        with _store_errors():
            return _bytes(self._redis.get(key))

    def update(self, key: str, change: Change, seconds: float) -> bytes | None:
        result: bytes | None = None

        def transact(pipe: Any) -> None:
            nonlocal result
            old = _bytes(pipe.get(key))
            version = next_version(int(pipe.get(_VERSION) or 0))
            result = change(old, version)
            pipe.multi()
            if result == old:
                return
            if result is None:
                pipe.delete(key)
            else:
                pipe.set(key, result, px=max(1, int(seconds * 1000)))
            pipe.set(_VERSION, version)

        with _store_errors():
            self._redis.transaction(transact, key, _VERSION)
        return result


@contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError, ValueError) as error:
        # The text of the cause may quote the URL, and that may hold a password.
        raise StoreError(f"Redis: {type(error).__name__}") from None


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)
