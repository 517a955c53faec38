"""Connections to one Redis server, or to the node of a cluster that has lean-flask's keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from redis import BlockingConnectionPool, ConnectionPool, Redis
from redis.exceptions import ConnectionError, MovedError, TimeoutError

from ...common.logs import get_logger
from ...config.store_setting import StorePlace
from .base import StoreError
from .redis_errors import describe
from .redis_url import SOCKET_TIMEOUT, connection_options

log = get_logger(__name__)
T = TypeVar("T")


class RedisConnection:
    """The server at *place*. All keys have one hash tag, so a cluster has them on one node.

    :param place: its URL, which may name any node of a cluster, or a client of the host.
    :param timeout: seconds to wait for one answer, unless *place* says less.
    :raises ValueError: when redis-py refuses *place*; the message shows no password.
    """

    def __init__(self, place: StorePlace, timeout: float = SOCKET_TIMEOUT) -> None:
        self._options = connection_options(place, timeout)
        self._given = self._redis = _client(self._options)

    def call(self, operation: Callable[[Any], T]) -> T:
        """Return what *operation* returns for the client that it gets.

        :raises StoreError: in place of any error.
        """
        try:
            try:
                return operation(self._redis)
            except MovedError as moved:
                self._move(moved)
                return operation(self._redis)
        except Exception as error:  # redis-py raises many kinds, also those of Python itself
            if isinstance(error, ConnectionError | TimeoutError):
                self._redis = self._given  # the node that we were sent to may be gone
            address = f"{self._options['host']}:{self._options['port']}"
            raise StoreError(f"Redis at {address}: {describe(error)}") from None

    def _move(self, moved: MovedError) -> None:
        """Go to the node of a cluster that has our keys."""
        place = {"host": moved.host or self._options["host"], "port": moved.port}
        log.info("Redis is a cluster; lean-flask's keys are at %s:%s", *place.values())
        self._redis = _client(self._options | place)


def _client(options: dict[str, Any]) -> Any:
    # The client closes what it was given once nobody uses it any more.
    if "max_connections" not in options:
        return Redis.from_pool(ConnectionPool(**options))
    # Threads wait for one, rather than fail.
    pool = BlockingConnectionPool(timeout=options["socket_timeout"], **options)  # type: ignore[no-untyped-call]
    return Redis.from_pool(pool)
