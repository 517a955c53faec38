"""Servers that take a connection and never answer: none is waited for in turn."""

from __future__ import annotations

import socket

import pytest

from lean_flask.banks.stores.base import StoreError
from lean_flask.banks.stores.redis_connection import RedisConnection


@pytest.fixture
def hanging():
    """Four addresses at which connections are taken, and nothing else happens."""
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(4)]
    for server in servers:
        server.setblocking(False)
    yield servers
    for server in servers:
        server.close()


def hosts_of(servers):
    return ",".join(f"127.0.0.1:{server.getsockname()[1]}" for server in servers)


def count(server):
    """Return how many connections *server* got."""
    number = 0
    while True:
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return number
        number += 1


def test_all_sentinels_together_have_the_time_of_one_answer(hanging):
    connection = RedisConnection(f"redis+sentinel://{hosts_of(hanging)}/shop", timeout=0.2)
    with pytest.raises(StoreError, match=r"shop \(Sentinel\): no sentinel .*: no answer in time"):
        connection.call(lambda r: r.get("a"))
    assert [count(server) for server in hanging] == [1, 1, 1, 1]  # none is asked again


def test_a_call_goes_on_to_another_node_only_as_long_as_one_answer_may_take(hanging):
    connection = RedisConnection(f"redis+cluster://{hosts_of(hanging)}", timeout=0.1)
    for asked in ([1, 0, 0, 0], [0, 1, 0, 0]):
        with pytest.raises(StoreError, match="no answer in time"):
            connection.call(lambda r: r.get("a"))
        assert [count(server) for server in hanging] == asked
