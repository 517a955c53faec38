"""The engines that a store and an inbox may be on: each is started once, when a test first asks."""

from __future__ import annotations

import os
import shutil

import pytest
import redis

from lean_flask.banks import stores
from lean_flask.banks.stores import redis as redis_store
from lean_flask.banks.stores.redis_connection import RedisConnection
from lean_flask.common.secret import Hidden
from support.redis_cluster import RedisCluster
from support.redis_sentinel import RedisSentinel
from support.redis_server import RedisServer

#: ``client`` is a client of the host, for ``LEAN_STORE``.
ENGINES = ("redis", "valkey", "sentinel", "cluster", "client")


class Engines:
    """All engines of one session of tests.

    :param make_folder: makes a folder of this name.
    """

    def __init__(self, make_folder):
        self._make_folder = make_folder
        self._running = {}

    def place(self, kind):
        """Return where an empty store of *kind* is: a URL, or a client as the settings hold it."""
        if kind == "client":
            return Hidden(redis.Redis.from_url(self.place("redis"), decode_responses=True))
        server = self.server(kind)
        server.flush()
        return server.url

    def server(self, kind):
        """Return the running server or servers of *kind*."""
        if kind not in self._running:
            server = self._make(kind)
            server.start()
            self._running[kind] = server
        return self._running[kind]

    def _make(self, kind):
        folder = self._make_folder(kind)
        if kind == "sentinel":
            return RedisSentinel(folder)
        if kind == "cluster":
            return RedisCluster(folder)
        program = f"{kind}-server"
        if shutil.which(program) is None and not os.environ.get("CI"):
            pytest.skip(f"{program} is not installed here: make redis")
        return RedisServer(folder, program=program)

    def stop(self):
        for server in self._running.values():
            server.stop()


@pytest.fixture
def patient_redis(monkeypatch):
    """No Redis counts as down because this machine is busy. Its connections are closed afterwards.

    The garbage collection may come to the sockets of a connection before it comes to that.
    """
    opened, init = [], RedisConnection.__init__

    def open_patiently(self, place, timeout=0.0):
        opened.append(self)
        init(self, place, 20.0)

    monkeypatch.setattr(RedisConnection, "__init__", open_patiently)
    monkeypatch.setattr(redis_store, "CONFLICT_TIMEOUT", 20.0)
    monkeypatch.setattr(stores, "REQUEST_BUDGET", 20.0)
    yield
    for connection in opened:
        connection.close()
