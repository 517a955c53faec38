"""The server that Redis Sentinel calls the master of a service, also after a failover."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from redis import Redis, SSLConnection
from redis.exceptions import RedisError
from redis.sentinel import Sentinel, SentinelConnectionPool

from .redis_errors import NoMaster, describe
from .redis_target import RedisTarget

T = TypeVar("T")


class SentinelMaster:
    """Asks the sentinels for the master before each new connection.

    A failover ends the connections: the next one goes to the new master.
    """

    def __init__(self, target: RedisTarget) -> None:
        service, options = target.service or "", dict(target.options)
        with_tls = issubclass(options.pop("connection_class", object), SSLConnection)
        self._sentinels = _QuickSentinel(target)
        pool = SentinelConnectionPool(  # type: ignore[no-untyped-call]
            service,
            self._sentinels,
            ssl=with_tls,
            **options,
        )
        self.address = f"{service} (Sentinel)"
        self._client: Any = Redis.from_pool(pool)

    def call(self, operation: Callable[[Any], T]) -> T:
        """Return what *operation* returns for a client of the master."""
        return operation(self._client)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
        for sentinel in self._sentinels.sentinels:
            sentinel.close()


class _QuickSentinel(Sentinel):
    """Asks all sentinels in the time that one server has to answer, and says why none helped."""

    def __init__(self, target: RedisTarget) -> None:
        super().__init__([], target.min_other_sentinels)  # type: ignore[no-untyped-call]
        self._remap = target.remap
        timeout = target.options["socket_timeout"] / len(target.addresses)
        times = {"socket_timeout": timeout, "socket_connect_timeout": timeout}
        options = {**target.sentinel_options, **times}
        self.sentinels = [
            RedisTarget(options, (address,)).client(address) for address in target.addresses
        ]

    def discover_master(self, service_name: str) -> tuple[str, int]:
        """Return host and port of the master of *service_name*.

        :raises NoMaster: at once where none is known; redis-py would ask again and again.
        """
        reasons = []
        for sentinel in self.sentinels:
            try:
                states: Any = sentinel.sentinel_masters()
            except (RedisError, OSError) as error:
                reasons.append(describe(error))
                continue
            state = states.get(service_name)
            if state and self.check_master_state(state, service_name):  # type: ignore[no-untyped-call]
                others = [each for each in self.sentinels if each is not sentinel]
                self.sentinels = [sentinel, *others]  # the one that answers goes first
                address = state["ip"], state["port"]
                return self._remap(address) if self._remap else address
            reasons.append("its master is down" if state else "it does not know the service")
        raise NoMaster("; ".join(dict.fromkeys(reasons)))
