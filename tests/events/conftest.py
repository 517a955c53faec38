"""An inbox of each kind."""

from __future__ import annotations

import pytest

from lean_flask.banks.stores.memory import MemoryStore
from lean_flask.common.secret import Hidden
from lean_flask.events.open_inbox import open_inbox
from support.engines import ENGINES

SCOPE = "https://sandbox.example app-1"


@pytest.fixture
def empty_redis(engines):
    server = engines.server("redis")
    server.flush()
    return server


@pytest.fixture(params=["memory", "sqlite", "postgres", "host", *ENGINES])
def store_place(request, tmp_path, patient_redis):
    """Where an inbox of each kind is: a URL, or an object of the host."""
    if request.param == "memory":
        return "memory:"
    if request.param == "host":
        return Hidden(MemoryStore())
    if request.param == "postgres":
        return request.getfixturevalue("empty_postgres").url()
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.sqlite3"
    return request.getfixturevalue("engines").place(request.param)


@pytest.fixture
def inbox(store_place):
    return open_inbox(store_place, "/nowhere", SCOPE)
