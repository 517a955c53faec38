"""Sentinel and Cluster on real servers: lists and events go on when a server dies or keys move."""

from __future__ import annotations

import logging

import pytest
from redis.exceptions import ConnectionError, MovedError

from lean_flask.banks import stores
from lean_flask.banks.cache import sync
from lean_flask.banks.stores import fallback
from lean_flask.banks.stores.redis_nodes import RedisNodes
from lean_flask.banks.stores.redis_target import RedisTarget
from lean_flask.banks.stores.scoped import HASH_TAG
from support.redis_cluster import RedisCluster
from support.redis_sentinel import RedisSentinel
from support.redis_server import until

DOWN, UP = "falling back to process memory", "Store recovered"


@pytest.fixture
def hosts(make_app, patient_redis, monkeypatch, caplog):
    """Two hosts on one store, which look at it, and try it again, every 20 ms."""
    monkeypatch.setattr(fallback, "RETRY_INTERVAL", 0.02)
    monkeypatch.setattr(sync, "SYNC_INTERVAL", 0.02)
    # So that a busy machine does not look like a slow Redis; one that is away refuses at once.
    monkeypatch.setattr(stores, "REQUEST_BUDGET", 5.0)
    caplog.set_level(logging.INFO)

    def make(url):
        patient = f"{url}{'&' if '?' in url else '?'}socket_timeout=5"
        apps = [make_app(store_url=patient, webhook_delivery="inline") for _ in range(2)]
        return [app.test_client() for app in apps]

    return make


def lines(caplog, text):
    return [line for line in caplog.messages if text in line]


def deliver(client, fake_lean, is_available):
    """Post an availability event; the answer's status."""
    active = {"data": is_available, "payments": is_available}
    body, headers = fake_lean.signed(fake_lean.set_availability("RJHI_SAU", active=active))
    return client.post("/lean/webhooks", data=body, headers=headers).status_code


def is_available(client):
    return client.get("/lean/banks/RJHI_SAU").json["available"]["data"]


def assert_shared(clients, fake_lean):
    """Events that one host gets are kept, and reach the other one."""
    for wanted in (False, True):
        until(lambda w=wanted: deliver(clients[0], fake_lean, w) == 200)
        until(lambda w=wanted: {is_available(client) for client in clients} == {w})


def assert_recovered(clients, caplog):
    """Each host that has fallen back uses the store again; a request makes it try."""
    until(
        lambda: (
            [client.get("/lean/health") for client in clients]
            and len(lines(caplog, UP)) == len(lines(caplog, DOWN))
        )
    )


@pytest.fixture
def sentinel(tmp_path):
    servers = RedisSentinel(tmp_path, has_replica=True)
    servers.start()
    yield servers
    servers.stop()


def test_lists_and_events_go_on_when_sentinel_names_another_master(
    hosts, sentinel, fake_lean, caplog
):
    # The first sentinel of the URL is not there, as after the loss of a machine.
    clients = hosts(sentinel.make_url(hosts=("127.0.0.1:1",)))
    assert_shared(clients, fake_lean)
    assert lines(caplog, DOWN) == []
    sentinel.master.stop()
    for client in clients:  # with a list and without a place for events
        assert client.get("/lean/banks").status_code == 200
    assert deliver(clients[0], fake_lean, True) == 503
    sentinel.notice()
    until(lambda: sentinel.state()["port"] == sentinel.replica.port)
    assert_recovered(clients, caplog)
    assert_shared(clients, fake_lean)
    assert "Redis at shop (Sentinel): Connection refused" in caplog.text
    assert fake_lean.count("banks") == 1


@pytest.fixture
def cluster(tmp_path):
    servers = RedisCluster(tmp_path)
    servers.start()
    yield servers
    servers.stop()


def test_lists_and_events_go_on_in_a_cluster_that_changes(hosts, cluster, fake_lean, caplog):
    home, slot = cluster.home_of(HASH_TAG)
    target = next(node for node in cluster.nodes if node is not home)
    clients = hosts(f"redis+cluster://127.0.0.1:{target.port}")  # which will fail
    assert_shared(clients, fake_lean)
    cluster.begin_move(slot, home, target)
    # Half of the keys may be on either node, so none is changed meanwhile.
    assert deliver(clients[0], fake_lean, False) == 503
    for client in clients:
        assert client.get("/lean/banks").status_code == 200
    until(lambda: lines(caplog, "the cluster is moving the keys to another node"))
    cluster.end_move(slot, home, target)
    assert_recovered(clients, caplog)
    assert_shared(clients, fake_lean)
    assert cluster.count(target, slot) > 0

    replica = cluster.add_replica(target)
    target.stop()
    for client in clients:
        assert client.get("/lean/banks").status_code == 200
    cluster.take_over(replica)
    assert_recovered(clients, caplog)
    assert_shared(clients, fake_lean)
    assert fake_lean.count("banks") == 1

    # Who starts now finds the cluster by any node that is there.
    late = hosts(f"redis+cluster://127.0.0.1:1,127.0.0.1:{target.port},127.0.0.1:{home.port}")
    before = len(lines(caplog, DOWN))
    assert_shared(late, fake_lean)
    assert len(lines(caplog, DOWN)) == before


def test_a_node_that_is_down_is_named_in_one_line(caplog):
    one, home = ("127.0.0.1", 1), ("127.0.0.1", 2)
    target = RedisTarget({"socket_timeout": 20.0}, (one,), is_cluster=True)

    def ask(client):
        if client.connection_pool.connection_kwargs["port"] == home[1]:
            raise ConnectionError
        raise MovedError("15639 127.0.0.1:2")

    nodes = RedisNodes(target)
    with caplog.at_level(logging.INFO):
        for _ in range(5):
            with pytest.raises((MovedError, ConnectionError)):
                nodes.call(ask)
    assert caplog.messages == ["Redis is a cluster; lean-flask's keys are at 127.0.0.1:2"]
