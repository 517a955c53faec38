"""An inbox of each kind."""

from __future__ import annotations

import pytest
import redis

from lean_flask.events.open_inbox import open_inbox
from support.redis_server import RedisServer

SCOPE = "https://sandbox.example app-1"


@pytest.fixture(scope="session")
def kept_redis(tmp_path_factory):
    """A Redis for all tests of an inbox: to start one costs more than a test."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def empty_redis(kept_redis):
    with redis.Redis(port=kept_redis.port) as client:
        client.flushall()
    return kept_redis


@pytest.fixture(params=["memory", "sqlite", "redis", "postgres"])
def store_url(request, tmp_path):
    if request.param == "memory":
        return "memory:"
    if request.param == "postgres":
        return request.getfixturevalue("empty_postgres").url()
    if request.param == "redis":
        return request.getfixturevalue("empty_redis").url
    return f"sqlite:///{tmp_path}/store.sqlite3"


@pytest.fixture
def inbox(store_url):
    return open_inbox(store_url, "/nowhere", SCOPE)
