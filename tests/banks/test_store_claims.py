"""Claims: who does a piece of work, whichever process is asked. The same in each kind of store."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from lean_flask.banks.stores import sqlite_file
from lean_flask.banks.stores.base import StoreError
from lean_flask.banks.stores.fallback import BUSY_LIMIT, RETRY_INTERVAL, FallbackStore
from lean_flask.banks.stores.memory import MemoryStore
from lean_flask.banks.stores.sqlite import SqliteStore
from support.clock import MovableClock


@pytest.fixture(params=["memory", "sqlite", "redis"])
def store(request, tmp_path):
    if request.param == "memory":
        return MemoryStore()
    if request.param == "sqlite":
        return SqliteStore(tmp_path / "store.sqlite3")
    from lean_flask.banks.stores.redis import RedisStore

    return RedisStore(request.getfixturevalue("redis_server").url)


def test_the_first_gets_the_claim_and_the_next_learns_who_has_it(store):
    assert store.claim("a", b"one", 100) == b"one"
    assert store.claim("a", b"two", 100) == b"one"
    assert store.claim("b", b"two", 100) == b"two"


def test_a_claim_ends_for_an_owner_that_dies(store):
    store.claim("a", b"one", 0.001)
    while store.claim("a", b"two", 100) != b"two":
        pass


def test_a_released_claim_can_be_had_again(store):
    store.claim("a", b"one", 100)
    store.release("a", b"one")
    assert store.claim("a", b"two", 100) == b"two"


def test_nobody_releases_the_claim_of_another(store):
    store.claim("a", b"one", 100)
    store.release("a", b"two")
    store.release("b", b"two")
    assert store.claim("a", b"two", 100) == b"one"


def test_what_is_finished_stays_finished(store):
    store.claim("a", b"one", 0.001)
    store.finish("a", b"done", 100)
    assert store.claim("a", b"two", 100) == b"done"


def test_claims_change_no_version_and_no_value(store):
    store.update("a", lambda old, version: b"1", 100)
    before = store.version()
    store.claim("a", b"one", 100)
    store.finish("a", b"done", 100)
    assert (store.version(), store.read("a")) == (before, b"1")


def test_of_many_who_claim_at_once_one_is_the_owner(store):
    owners = [str(number).encode() for number in range(16)]
    with ThreadPoolExecutor(16) as pool:
        holders = {*pool.map(lambda owner: store.claim("a", owner, 100), owners)}
    assert len(holders) == 1


class Away(MemoryStore):
    """Fails while the test says so."""

    is_away = False

    def claim(self, key, owner, ttl):
        self._fail()
        return super().claim(key, owner, ttl)

    def finish(self, key, value, ttl):
        self._fail()
        super().finish(key, value, ttl)

    def release(self, key, owner):
        self._fail()
        super().release(key, owner)

    def _fail(self):
        if self.is_away:
            raise StoreError("down")


def test_a_claim_that_was_released_while_the_store_was_away_ends_by_itself():
    clock = MovableClock()
    away = Away(clock.monotonic, clock.wall)
    store = FallbackStore(away, clock.monotonic, clock.wall)
    assert store.claim("a", b"one", 45) == b"one"
    away.is_away = True
    store.release("a", b"one")
    assert store.claim("a", b"two", 45) == b"two"  # the store cannot say no, so it is done again
    away.is_away = False
    clock.ahead += 46
    assert store.claim("a", b"three", 45) == b"three"


def test_what_was_claimed_in_memory_is_free_once_it_is_released():
    clock = MovableClock()
    away = Away(clock.monotonic, clock.wall)
    store = FallbackStore(away, clock.monotonic, clock.wall)
    away.is_away = True
    assert store.claim("a", b"one", 45) == b"one"
    away.is_away = False
    clock.ahead += RETRY_INTERVAL + 1
    store.version()  # begins an attempt
    store.wait_until_idle(10)
    store.release("a", b"one")
    away.is_away = True
    assert store.claim("a", b"two", 45) == b"two"


def test_what_is_finished_is_known_while_the_store_is_away():
    away = Away()
    store = FallbackStore(away)
    store.claim("a", b"one", 45)
    store.finish("a", b"done", 100)
    away.is_away = True
    assert store.claim("a", b"two", 45) == b"done"


def test_a_locked_file_is_no_failure_of_the_store(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(sqlite_file, "BUSY_TIMEOUT", 0.01)
    clock, path = MovableClock(), tmp_path / "store.sqlite3"
    store = FallbackStore(SqliteStore(path), clock.monotonic, clock.wall)
    assert store.claim("a", b"one", 45) == b"one"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert store.claim("a", b"two", 45) == b""
        assert store.claim("b", b"two", 45) == b""
        assert "falling back" not in caplog.text
        clock.ahead += BUSY_LIMIT + 1  # for ever: it may as well not be there
        assert store.claim("b", b"two", 45) == b"two"
    clock.ahead += RETRY_INTERVAL + 1
    store.version()
    store.wait_until_idle(5)
    assert store.claim("a", b"two", 45) == b"one"
