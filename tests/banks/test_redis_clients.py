"""LEAN_STORE with a client of the host, whatever it decodes and however long it waits."""

from __future__ import annotations

import pytest
import redis
from redis.cluster import ClusterNode, RedisCluster
from redis.sentinel import Sentinel

from lean_flask import ConfigurationError
from lean_flask.banks.stores.base import StoreError
from lean_flask.banks.stores.redis_connection import RedisConnection
from lean_flask.banks.stores.redis_target import read_target
from lean_flask.common.secret import Hidden
from support.redis_sentinel import SERVICE, RedisSentinel
from support.redis_server import RedisServer

DECODING = {"decode_responses": True, "encoding": "ascii"}


def plain(engines):
    return redis.Redis(port=engines.server("redis").port, **DECODING)


def of_cluster(engines):
    nodes = [ClusterNode("127.0.0.1", node.port) for node in engines.server("cluster").nodes]
    return RedisCluster(startup_nodes=nodes, **DECODING)


def of_cluster_by_url(engines):
    return RedisCluster.from_url(engines.server("cluster").urls[0], **DECODING)


def of_sentinel(engines):
    manager = Sentinel([("127.0.0.1", engines.server("sentinel").port)])
    return manager.master_for(SERVICE, **DECODING)


@pytest.fixture(params=[plain, of_cluster, of_cluster_by_url, of_sentinel])
def client(request, engines, patient_redis):
    with request.param(engines) as client:
        client.flushall()
        yield client


def test_hosts_share_a_list_and_keep_events_by_a_client(client, make_app, fake_lean, caplog):
    apps = [make_app(store=client, store_url=None, webhook_delivery="inline") for _ in range(2)]
    hosts = [app.test_client() for app in apps]
    for host in hosts:
        assert host.get("/lean/banks").status_code == 200
    assert fake_lean.count("banks") == 1
    body, headers = fake_lean.signed(fake_lean.webhook_event("bank.other", {}))
    for _ in range(2):
        assert hosts[0].post("/lean/webhooks", data=body, headers=headers).status_code == 200
    assert "falling back" not in caplog.text
    assert client.get("{lean-flask}:version").isdigit()  # it is the host's as before


def test_the_time_outs_of_a_client_are_not_ours(engines):
    patient = plain(engines)
    patient.connection_pool.connection_kwargs["socket_timeout"] = 60
    options = read_target(Hidden(patient)).options
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (0.25, 0.25)
    hasty = redis.Redis(socket_timeout=0.1)
    assert read_target(Hidden(hasty)).options["socket_timeout"] == 0.1


def test_a_socket_of_this_machine_works(tmp_path):
    path = tmp_path / "redis.sock"
    server = RedisServer(tmp_path, "--unixsocket", str(path))
    server.start()
    connection = RedisConnection(Hidden(redis.Redis(unix_socket_path=str(path))))
    assert connection.call(lambda r: r.set("a", "1"))
    server.stop()
    with pytest.raises(StoreError, match=r"Redis at .*redis\.sock: "):
        connection.call(lambda r: r.get("a"))


def test_a_client_of_a_replica_is_refused_at_registration(make_app):
    replica = Sentinel([("127.0.0.1", 1)]).slave_for(SERVICE)
    with pytest.raises(ConfigurationError, match="LEAN_STORE: it is a client of a replica"):
        make_app(store=replica, store_url=None)


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """A Sentinel with a password, and another one for the servers."""
    folder = tmp_path_factory.mktemp("closed")
    servers = RedisSentinel(folder, password="p@ss", sentinel_password="s@id")
    servers.start()
    yield servers
    servers.stop()


def test_sentinels_have_a_password_of_their_own(closed):
    ways = {
        closed.make_url(":p%40ss@", "?sentinel_password=s%40id"): None,
        closed.make_url(":p%40ss@"): "no sentinel names a master: it refuses",
        closed.make_url(":p%40ss@", "?sentinel_password=hidden"): "names a master: it refuses",
        closed.make_url(":hidden@", "?sentinel_password=s%40id"): "it refuses the user name or",
        closed.make_url(":p%40ss@", "?sentinel_password=s%40id").replace(SERVICE, "other"): (
            "no sentinel names a master: it does not know the service"
        ),
    }
    for url, words in ways.items():
        connection = RedisConnection(url)
        if words is None:
            assert connection.call(lambda r: r.ping())
            continue
        with pytest.raises(StoreError, match=words) as caught:
            connection.call(lambda r: r.ping())
        assert "hidden" not in str(caught.value)


def test_a_client_of_sentinels_brings_their_passwords(closed):
    told = {"password": closed._sentinel_password}
    manager = Sentinel([("127.0.0.1", closed.port)], sentinel_kwargs=told)
    client = manager.master_for(SERVICE, password=closed._password)
    assert RedisConnection(Hidden(client)).call(lambda r: r.ping())


def allow(port, *commands):
    """Let the user ``guide`` use *commands* alone."""
    with redis.Redis(port=port) as admin:
        rules = ("reset", "on", ">pw", "~{lean-flask}:*", *(f"+{name}" for name in commands))
        admin.execute_command("ACL", "SETUSER", "guide", *rules)


def test_a_user_of_the_sentinels_needs_what_the_deployment_guide_says(engines, patient_redis):
    sentinel = engines.server("sentinel")
    allow(sentinel.port, "sentinel|masters")
    url = sentinel.make_url(options="?sentinel_username=guide&sentinel_password=pw")
    assert RedisConnection(url).call(lambda r: r.ping())


@pytest.mark.parametrize("more", [[], ["cluster|slots"]])
def test_a_user_of_a_cluster_may_ask_for_its_nodes_or_not(engines, patient_redis, more):
    cluster = engines.server("cluster")
    for node in cluster.nodes:
        allow(node.port, "get", *more)
    connection = RedisConnection(cluster.url.replace("://", "://guide:pw@"))
    assert connection.call(lambda r: r.get("{lean-flask}:none")) is None


def test_tls_is_for_the_sentinels_too():
    target = read_target("rediss+sentinel://redis-1,redis-2:7000/shop/2?ssl_cert_reqs=none")
    assert target.addresses == (("redis-1", 26379), ("redis-2", 7000))
    assert (target.service, target.options["db"]) == ("shop", 2)
    for options in (target.options, target.sentinel_options):
        assert options["connection_class"] is redis.SSLConnection
        assert options["ssl_cert_reqs"] == "none"
