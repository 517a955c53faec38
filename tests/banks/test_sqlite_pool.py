"""Connections to the SQLite file are kept open, and given up when they are of no more use."""

from __future__ import annotations

import multiprocessing
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from lean_flask.banks.stores.base import StoreError
from lean_flask.banks.stores.sqlite import SqliteStore
from lean_flask.banks.stores.sqlite_file import SqliteFile
from lean_flask.banks.stores.sqlite_pool import MAX_IDLE


@pytest.fixture
def opened(monkeypatch):
    """The connections that were opened."""
    made, connect = [], SqliteFile._connect

    def remember(store):
        made.append(connect(store))
        return made[-1]

    monkeypatch.setattr(SqliteFile, "_connect", remember)
    return made


def put(store, key, value):
    return store.update(key, lambda old, version: value, 100)


def test_operations_share_a_connection(tmp_path, opened):
    store = SqliteStore(tmp_path / "store.sqlite3")
    for number in range(20):
        put(store, "a", str(number).encode())
    assert len(opened) == 2  # and one that made the file


def test_few_connections_stay_open(tmp_path, opened):
    store = SqliteStore(tmp_path / "store.sqlite3")
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: store.read(str(number)), range(200)))
    assert sum(map(is_open, opened)) <= MAX_IDLE


def is_open(connection):
    try:
        connection.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return False
    return True


def test_a_replaced_file_gets_new_connections(tmp_path):
    path = tmp_path / "store.sqlite3"
    store = SqliteStore(path)
    put(store, "a", b"1")
    path.rename(tmp_path / "old.sqlite3")
    assert store.read("a") is None
    put(store, "a", b"2")
    assert SqliteStore(path).read("a") == b"2"


def test_a_connection_that_failed_is_closed(tmp_path, opened):
    store = SqliteStore(tmp_path / "store.sqlite3")
    put(store, "a", b"1")
    with pytest.raises(StoreError):
        store.update("a", lambda old, version: {"no": "bytes"}, 100)
    assert not any(map(is_open, opened))
    assert store.read("a") == b"1"


def test_no_connection_is_carried_into_a_child(tmp_path, opened):
    store = SqliteStore(tmp_path / "store.sqlite3")
    put(store, "a", b"1")
    child = multiprocessing.get_context("fork").Process(target=put, args=(store, "a", b"2"))
    child.start()
    assert not any(map(is_open, opened))
    child.join(10)
    assert child.exitcode == 0
    assert store.read("a") == b"2"
