"""One Redis server, or the node of a cluster that has lean-flask's keys."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from redis.exceptions import ConnectionError, MovedError, RedisError, TimeoutError

from ...common.logs import get_logger
from .redis_target import Address, RedisTarget

log = get_logger(__name__)
T = TypeVar("T")


class RedisNodes:
    """Goes to the node that has the keys, wherever the cluster moves them.

    All keys have one hash tag, so a cluster has them on one node. It says which one when another
    node is asked. While it moves the keys (``ASK``) each call fails: the scripts change keys that
    they do not name, and half of them may be on either node.

    :param target: one server, which may be a node of a cluster, or several nodes.
    """

    def __init__(self, target: RedisTarget) -> None:
        self._target = target
        self._addresses = list(target.addresses)  # of nodes that may know where the keys are
        self._now = self._addresses[0]
        self._clients = {self._now: target.client(self._now)}
        self._is_known = not target.is_cluster
        self._named = self._now  # where a node said last that the keys are

    @property
    def address(self) -> str:
        """Return where the latest call went."""
        return self._target.options.get("path") or f"{self._now[0]}:{self._now[1]}"

    def call(self, operation: Callable[[Any], T]) -> T:
        """Return what *operation* returns for a client of the node that has the keys.

        Other nodes are asked only as long as one answer may take.
        """
        give_up = time.monotonic() + self._target.options["socket_timeout"]
        failed: set[Address] = set()
        while True:
            address = self._now
            try:
                result = operation(self._client(address))
            except MovedError as moved:
                home = self._home(moved)
                if home in failed:  # it has failed, and no other node is in its place yet
                    raise
                failed.add(address)
                self._go(home)
            except (ConnectionError, TimeoutError):
                failed.add(address)
                others = [each for each in self._addresses if each not in failed]
                self._now = others[0] if others else self._target.addresses[0]
                if not others or time.monotonic() > give_up:
                    raise
            else:
                if not self._is_known:
                    self._learn()
                return result

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()

    def _client(self, address: Address) -> Any:
        client = self._clients.get(address)
        if client is None:
            client = self._clients[address] = self._target.client(address)
        return client

    def _home(self, moved: MovedError) -> Address:
        address = (moved.host or self._now[0], moved.port)
        return self._target.remap(address) if self._target.remap else address

    def _go(self, home: Address) -> None:
        if home != self._named:  # while that one is down, the others name it at each call
            log.info("Redis is a cluster; lean-flask's keys are at %s:%s", *home)
        self._named = self._now = home
        self._is_known = False

    def _learn(self) -> None:
        """Note the other nodes of the cluster: one of them takes over when this one fails."""
        self._is_known = True
        try:
            slots = self._client(self._now).execute_command("CLUSTER SLOTS")
        except RedisError:  # this user may not ask; the nodes of the URL remain
            return
        nodes = [(node[0], node[1]) for _, _, *nodes in slots for node in nodes]
        named = [(_text(host) or self._now[0], port) for host, port in nodes]
        if self._target.remap:
            named = [self._target.remap(address) for address in named]
        self._addresses = [*dict.fromkeys([*self._target.addresses, *named])]
        self._clients = {
            address: client
            for address, client in self._clients.items()
            if address in self._addresses
        }


def _text(host: bytes | str | None) -> str:
    text = host.decode() if isinstance(host, bytes) else host or ""
    return "" if text == "?" else text  # a node that does not know its own name
