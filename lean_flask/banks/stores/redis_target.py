"""Which servers a store is on, and how to connect to them: read from a URL or from a client."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from redis import BlockingConnectionPool, ConnectionPool, Redis, RedisCluster
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError
from redis.retry import Retry
from redis.sentinel import SentinelConnectionPool

from ...common.secret import Hidden
from ...config.store_setting import StorePlace
from .redis_url import OURS, SOCKET_TIMEOUT, connection_options

_PORTS = {"": 6379, "cluster": 6379, "sentinel": 26379}
_SENTINEL_OPTIONS = {"sentinel_username": "username", "sentinel_password": "password"}
#: What redis-py adds to the options of a client for itself, and what lean-flask decides.
_NOT_COPIED = OURS | {"retry", "connection_pool", "cache", "cache_config", "event_dispatcher"}
_NOT_COPIED_PREFIXES = ("maint_notifications", "oss_cluster", "orig_", "himport")

#: A host name and a port.
Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class RedisTarget:
    """Where a Redis is.

    :param options: of a connection to a server with the data, without its address.
    :param addresses: of the server, of nodes of the cluster, or of the sentinels.
    :param service: what the sentinels call the server; ``None`` where there are none.
    :param sentinel_options: of a connection to a sentinel.
    :param min_other_sentinels: how many others a sentinel must see for its word to count.
    :param remap: turns an address that they name into one that can be reached from here.
    """

    options: Mapping[str, Any] = field(repr=False)
    addresses: tuple[Address, ...]
    is_cluster: bool = False
    service: str | None = None
    sentinel_options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    min_other_sentinels: int = 0
    remap: Callable[[Address], Address] | None = None

    def client(self, address: Address) -> Redis:
        """Return a client of the server at *address*."""
        options = dict(self.options)
        if "path" not in options:  # of a socket of this machine
            options["host"], options["port"] = address
        if "max_connections" not in options:
            return Redis.from_pool(ConnectionPool(**options))
        # Threads wait for one, rather than fail.
        pool = BlockingConnectionPool(timeout=options["socket_timeout"], **options)  # type: ignore[no-untyped-call]
        return Redis.from_pool(pool)


def read_target(place: StorePlace, timeout: float = SOCKET_TIMEOUT) -> RedisTarget:
    """Return where the Redis of *place* is.

    :param place: the URL, or a client of the host.
    :param timeout: seconds to wait for one answer, unless *place* says less.
    :raises ValueError: naming what is wrong with it, without its password.
    """
    if isinstance(place, Hidden):
        target = _of_client(place.value, timeout)
        _try(target)
        return target
    return _of_url(place or "", timeout)


def _of_url(url: str, timeout: float) -> RedisTarget:
    scheme, _, rest = url.partition("://")
    scheme, _, way = scheme.partition("+")
    authority, slash, path = rest.partition("?")[0].partition("/")
    user, at, hosts = authority.rpartition("@")
    addresses = tuple(_address(host, way) for host in hosts.split(","))
    service = None
    if way == "sentinel":
        service, _, path = path.partition("/")
        if not service:
            raise ValueError("it names no service: redis+sentinel://host:26379/service")
    query, of_sentinels = _split_query(rest.partition("?")[2])
    if way != "sentinel" and of_sentinels:
        raise ValueError("options of sentinels need redis+sentinel://")
    if not way and len(addresses) > 1:
        raise ValueError("several hosts need redis+sentinel:// or redis+cluster://")
    # redis-py's own reader does the rest; no part of the address is its business.
    options = connection_options(f"{scheme}://{user}{at}localhost{slash}{path}?{query}", timeout)
    del options["host"], options["port"]
    if way == "cluster" and options["db"]:
        raise ValueError("a cluster has database 0 alone")
    if service is None:
        return RedisTarget(options, addresses, is_cluster=way == "cluster")
    if "max_connections" in options:
        raise ValueError("max_connections cannot be used with sentinels")
    for name, value in options.items():
        if name == "retry" or name.startswith(("ssl_", "connection_")):
            of_sentinels[name] = value
    return RedisTarget(options, addresses, service=service, sentinel_options=of_sentinels)


def _split_query(query: str) -> tuple[str, dict[str, Any]]:
    """Return *query* without the options for sentinels, and these, as redis-py calls them."""
    pairs = query.split("&")
    if any(pair.startswith(("host=", "port=")) for pair in pairs):
        raise ValueError("the host and the port belong before its '?'")
    ours = [pair for pair in pairs if pair.partition("=")[0] in _SENTINEL_OPTIONS]
    rest = "&".join(pair for pair in pairs if pair not in ours)
    return rest, {_SENTINEL_OPTIONS[name]: value for name, value in parse_qsl("&".join(ours))}


def _address(host: str, way: str) -> Address:
    try:
        parts = urlsplit(f"//{host}")
        name, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("its host, port or password cannot be read") from None
    if not name and way:
        raise ValueError("the name of a host is empty")
    return name or "localhost", _PORTS[way] if port is None else port


def _of_client(client: Any, timeout: float) -> RedisTarget:
    if isinstance(client, RedisCluster):
        return _of_cluster_client(client, timeout)
    pool = client.connection_pool
    options = _copied(pool, timeout)
    if not isinstance(pool, SentinelConnectionPool):
        address = (options.pop("host", "localhost"), options.pop("port", 6379))
        return RedisTarget(options, (address,))
    if not pool.is_master:
        raise ValueError("it is a client of a replica, which cannot be written; use master_for")
    manager = pool.sentinel_manager
    sentinels = [sentinel.connection_pool for sentinel in manager.sentinels]
    if not sentinels:
        raise ValueError("its Sentinel knows no address")
    addresses = tuple(
        (each.connection_kwargs["host"], each.connection_kwargs["port"]) for each in sentinels
    )
    of_sentinels = _copied(sentinels[0], timeout)
    del of_sentinels["host"], of_sentinels["port"]
    forced = getattr(manager, "_force_master_ip", None)
    return RedisTarget(
        options,
        addresses,
        service=pool.service_name,
        sentinel_options=of_sentinels,
        min_other_sentinels=manager.min_other_sentinels,
        remap=(lambda address: (forced, address[1])) if forced else None,
    )


def _of_cluster_client(client: Any, timeout: float) -> RedisTarget:
    nodes = client.get_nodes()
    options = _copied(client.get_redis_connection(nodes[0]).connection_pool, timeout)
    options.pop("redis_connect_func", None)  # the cluster's own, which asks replicas to answer
    del options["host"], options["port"]
    return RedisTarget(
        options,
        tuple((node.host, node.port) for node in nodes),
        is_cluster=True,
        remap=getattr(client.nodes_manager, "address_remap", None),
    )


def _copied(pool: Any, timeout: float) -> dict[str, Any]:
    """Return the options of *pool* for a pool of ours, which waits no longer than *timeout*."""
    options = {
        name: value
        for name, value in pool.connection_kwargs.items()
        if name not in _NOT_COPIED and not name.startswith(_NOT_COPIED_PREFIXES)
    }
    for name in ("socket_timeout", "socket_connect_timeout"):
        options[name] = min(options.get(name) or timeout, timeout)
    options["retry"] = Retry(NoBackoff(), 1, (ConnectionError,))
    options["connection_class"] = pool.connection_class
    return options


def _try(target: RedisTarget) -> None:
    """Make a connection, without opening it: redis-py looks at the options then."""
    if target.service is not None:
        return
    try:
        target.client(target.addresses[0]).connection_pool.make_connection()
    except Exception as error:
        raise ValueError(f"redis-py refuses an option of it ({type(error).__name__})") from None
