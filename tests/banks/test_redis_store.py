"""A real Redis in each kind of trouble: the store falls back, with one line, and comes back."""

from __future__ import annotations

import logging
import socket
import threading
import time
from contextlib import closing, suppress

import pytest
import redis

from lean_flask.banks.stores import REQUEST_BUDGET, fallback
from lean_flask.banks.stores.base import StoreError
from lean_flask.banks.stores.redis import RedisStore
from support.redis_server import until

DOWN, UP = "falling back to process memory", "Store recovered"


@pytest.fixture
def admin(redis_server):
    with redis.Redis(port=redis_server.port, decode_responses=True) as client:
        yield client


@pytest.fixture
def host(make_app, redis_server, monkeypatch, caplog):
    """A host on this Redis, which is tried again every 20 ms."""
    monkeypatch.setattr(fallback, "RETRY_INTERVAL", 0.02)

    def make(url=redis_server.url):
        caplog.set_level(logging.INFO)
        return make_app(store_url=url, webhook_delivery="inline").test_client()

    return make


def lines(caplog, text):
    return [line for line in caplog.messages if text in line]


def is_up(client, caplog):
    client.get("/lean/health")
    return lines(caplog, UP)


def make_full(admin):
    admin.config_set("maxmemory", 1)


def make_replica(admin):
    admin.replicaof("127.0.0.1", 1)


def ask_for_password(admin):
    admin.config_set("requirepass", "hidden-password")
    admin.execute_command("AUTH", "hidden-password")
    admin.client_kill_filter(_type="normal", skipme=True)


def forbid(admin):
    admin.acl_setuser("default", enabled=True, nopass=True, commands=["+@all", "-set", "-eval"])


def mend(admin):
    admin.config_set("maxmemory", 0)
    admin.replicaof("NO", "ONE")
    admin.config_set("requirepass", "")
    admin.acl_setuser("default", enabled=True, nopass=True, commands=["+@all"])


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (make_full, "memory is full"),
        (make_replica, "read-only"),
        (ask_for_password, "refuses the user name or the password"),
        (forbid, "may not"),
    ],
)
def test_trouble_costs_the_sharing_and_two_lines(host, admin, caplog, fake_lean, trouble, words):
    client = host()
    trouble(admin)
    for _ in range(20):
        assert client.get("/lean/banks").status_code == 200
    until(lambda: lines(caplog, DOWN))
    time.sleep(0.1)  # some attempts, each of which may read and cannot write
    assert client.get("/lean/banks").status_code == 200
    assert (len(lines(caplog, DOWN)), lines(caplog, UP)) == (1, [])
    assert words in lines(caplog, DOWN)[0]
    assert fake_lean.count("banks") == 1
    mend(admin)
    assert until(lambda: is_up(client, caplog)) == [UP]
    assert "hidden-password" not in caplog.text


def test_keys_of_another_type_are_replaced(host, admin, caplog):
    assert host().get("/lean/banks").status_code == 200
    keys = admin.keys("*")
    for key in keys:
        admin.delete(key)
        admin.rpush(key, "of another type")
    client = host()
    assert client.get("/lean/banks").status_code == 200
    assert client.get("/lean/banks").status_code == 200
    until(lambda: admin.type("{lean-flask}:version") == "string")
    assert lines(caplog, DOWN) == []
    assert lines(caplog, "of another type") or lines(caplog, "has another type")


def test_a_version_that_is_no_number_is_replaced(host, admin, caplog):
    admin.set("{lean-flask}:version", "soon")
    assert host().get("/lean/banks").status_code == 200
    until(lambda: admin.get("{lean-flask}:version").isdigit())
    assert lines(caplog, DOWN) == []
    assert lines(caplog, "is not a number")


def test_decoding_redis_py_is_no_trouble(host, redis_server, caplog):
    client = host(f"{redis_server.url}?decode_responses=true&encoding=ascii")
    assert client.get("/lean/banks").status_code == 200
    assert host().get("/lean/banks").headers["Cache-Status"].startswith("lean; hit")
    assert lines(caplog, DOWN) == []


@pytest.fixture
def cluster(engines):
    servers = engines.server("cluster")
    servers.flush()
    return servers


def test_each_node_of_a_cluster_leads_to_the_same_list(host, cluster, fake_lean, caplog):
    clients = [host(url) for url in cluster.urls]
    for client in clients:
        assert client.get("/lean/banks").status_code == 200
    assert fake_lean.count("banks") == 1
    event = fake_lean.set_availability("RJHI_SAU", active={"data": False, "payments": False})
    body, headers = fake_lean.signed(event)
    assert clients[0].post("/lean/webhooks", data=body, headers=headers).status_code == 200
    for client in clients:
        until(lambda c=client: not c.get("/lean/banks/RJHI_SAU").json["available"]["data"])
    assert lines(caplog, DOWN) == []


class SlowProxy:
    """Passes everything on to a Redis; each of its answers comes *delay* seconds late."""

    def __init__(self, port):
        self.delay, self._port = 0.0, port
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://127.0.0.1:{self._server.getsockname()[1]}/0"
        self._open = [self._server]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with suppress(OSError):
            while True:
                near, far = (
                    self._server.accept()[0],
                    socket.create_connection(("127.0.0.1", self._port)),
                )
                self._open += near, far
                for source, sink, late in ((near, far, False), (far, near, True)):
                    threading.Thread(
                        target=self._pass, args=(source, sink, late), daemon=True
                    ).start()

    def _pass(self, source, sink, late):
        with suppress(OSError), closing(sink):
            while data := source.recv(65_536):
                if late:
                    time.sleep(self.delay)
                sink.sendall(data)

    def close(self):
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


@pytest.fixture
def proxy(redis_server):
    slow = SlowProxy(redis_server.port)
    yield slow
    slow.close()


@pytest.mark.parametrize("delay", [0.2, 0.3])
def test_a_slow_redis_is_a_redis_that_is_down(host, proxy, caplog, delay):
    client = host(proxy.url)
    proxy.delay = delay
    started = time.monotonic()
    assert client.get("/lean/banks").status_code == 200
    assert time.monotonic() - started < REQUEST_BUDGET + 1.5  # and Lean's part
    assert until(lambda: lines(caplog, DOWN))
    started = time.monotonic()
    for _ in range(20):
        assert client.get("/lean/banks").status_code == 200
    assert time.monotonic() - started < 1
    proxy.delay = 0
    assert until(lambda: is_up(client, caplog))
    assert len(lines(caplog, DOWN)) == 1


def test_what_fails_is_named_without_the_password():
    with pytest.raises(StoreError, match=r"Redis at 127\.0\.0\.1:1: .*refused") as caught:
        RedisStore("redis://:hidden-password@127.0.0.1:1/0").version()
    assert "hidden-password" not in str(caught.value)
