"""Calls to a Redis, in whichever way its servers are set up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ...config.store_setting import StorePlace
from .base import StoreError
from .redis_errors import describe
from .redis_nodes import RedisNodes
from .redis_sentinel import SentinelMaster
from .redis_target import read_target
from .redis_url import SOCKET_TIMEOUT

T = TypeVar("T")


class RedisConnection:
    """The server, the cluster, or the service of sentinels at *place*.

    :param place: its URL, or a client of the host. Of a client we take how to connect, so that
        neither its time-outs nor ``decode_responses`` hold here.
    :param timeout: seconds to wait for one answer, unless *place* says less.
    :raises ValueError: when redis-py refuses *place*; the message shows no password.
    """

    def __init__(self, place: StorePlace, timeout: float = SOCKET_TIMEOUT) -> None:
        target = read_target(place, timeout)
        self._servers: SentinelMaster | RedisNodes
        self._servers = RedisNodes(target) if target.service is None else SentinelMaster(target)

    def call(self, operation: Callable[[Any], T]) -> T:
        """Return what *operation* returns for the client that it gets.

        :raises StoreError: in place of any error.
        """
        try:
            return self._servers.call(operation)
        except Exception as error:  # redis-py raises many kinds, also those of Python itself
            address = self._servers.address
            raise StoreError(f"Redis at {address}: {describe(error)}") from None

    def close(self) -> None:
        """Close the connections that no thread uses, for tests."""
        self._servers.close()
