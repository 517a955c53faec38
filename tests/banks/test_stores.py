"""Stores: the same behaviour of each kind, and what a broken file costs."""

import sqlite3
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from lean_flask import ConfigurationError
from lean_flask.banks.cache.shared_overrides import SharedOverrides
from lean_flask.banks.overrides import new_override
from lean_flask.banks.stores import open_store, sqlite_file
from lean_flask.banks.stores.base import Change, StoreError, update_all
from lean_flask.banks.stores.fallback import FallbackStore
from lean_flask.banks.stores.memory import MemoryStore
from lean_flask.banks.stores.scoped import ScopedStore
from lean_flask.banks.stores.sqlite import SqliteStore
from lean_flask.banks.stores.sqlite_file import SqliteFile
from lean_flask.common.types import PURPOSES
from lean_flask.testing import FakeLean
from lean_flask.testing.store_suite import StoreSuite
from support.engines import ENGINES


@pytest.fixture(params=["memory", "sqlite", "postgres", *ENGINES])
def store(request, tmp_path, patient_redis):
    if request.param == "memory":
        return MemoryStore()
    if request.param == "sqlite":
        return SqliteStore(tmp_path / "folder" / "store.sqlite3")
    if request.param == "postgres":
        from lean_flask.banks.stores.postgres import PostgresStore

        return PostgresStore(request.getfixturevalue("empty_postgres").url())
    from lean_flask.banks.stores.redis import RedisStore

    store = RedisStore(request.getfixturevalue("engines").place(request.param))
    return ScopedStore(store, "tests", 100)  # a cluster has keys with its tag on one node


def put(store, key, value, seconds=100):
    return store.update(key, lambda old, version: value, seconds)


class TestEachKind(StoreSuite):
    """What a store of a host must do, too."""

    ttl = 0.01

    @pytest.fixture
    def store(self, store):
        return store


def test_changes_that_are_made_together_come_in_their_order(store):
    put(store, "kept", b"as it was")
    put(store, "gone", b"1")
    seen = {}

    def change(name, new):
        def updater(old, version):
            seen[name] = old
            return new(old)

        return Change(name, updater, 100)

    update_all(
        store,
        [
            change("kept", lambda old: old),
            change("gone", lambda old: None),
            change("new", lambda old: b"after " + seen["kept"]),
        ],
    )
    assert seen == {"kept": b"as it was", "gone": b"1", "new": None}
    assert [store.read(name) for name in seen] == [b"as it was", None, b"after as it was"]


def test_changes_that_are_made_together_lose_none_of_other_threads(store):
    def count(old, version):
        return str(int(old or 0) + 1).encode()

    def work(_):
        for _ in range(5):
            update_all(store, [Change("a", count, 100), Change("b", count, 100)])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert (store.read("a"), store.read("b")) == (b"20", b"20")


def test_overrides_of_banks_that_come_at_once_are_all_kept(store):
    processes = [SharedOverrides(ScopedStore(store, "tests", 1.0), time.time) for _ in range(2)]

    def put_and_clear(number):
        shared = processes[number % 2]
        for name in (f"KEPT_{number}", f"CLEARED_{number}"):
            shared.put(override_of(name))
        shared.clear(f"CLEARED_{number}", PURPOSES, by="a test", why="")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(put_and_clear, range(8)))
    late = SharedOverrides(ScopedStore(store, "tests", 1.0), time.time).active().overrides
    assert {override.identifier for override in late} == {f"KEPT_{number}" for number in range(8)}


def override_of(identifier):
    nothing = {"purpose": None, "until": None, "message": None, "why": ""}
    return new_override(identifier, "hide", by="a test", now=time.time(), **nothing)


def test_threads_that_start_at_once_make_the_file_once(tmp_path, monkeypatch):
    made, create = [], SqliteFile._create
    monkeypatch.setattr(SqliteFile, "_create", lambda self: made.append(create(self)))
    store, together = SqliteStore(tmp_path / "store.sqlite3"), threading.Barrier(20)

    def ask(_):
        together.wait()
        return store.read("a")

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(ask, range(20))) == {None}
    assert len(made) == 1


def test_versions_go_on_growing_in_a_store_that_was_emptied(tmp_path):
    path = tmp_path / "store.sqlite3"
    put(SqliteStore(path), "a", b"1")
    before = SqliteStore(path).version()
    path.unlink()
    put(SqliteStore(path), "a", b"1")
    assert SqliteStore(path).version() > before


def test_a_file_of_another_layout_is_left_alone(tmp_path):
    path = tmp_path / "store.sqlite3"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE entry (anything TEXT)")
    store = SqliteStore(path)
    put(store, "a", b"1")
    assert store.read("a") == b"1"


@pytest.mark.parametrize(
    "content", [b"", b"not a database", b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_file_that_is_no_database_is_set_aside_by_the_first_of_many_alone(tmp_path, content):
    path = tmp_path / "store.sqlite3"
    path.write_bytes(content)
    store, names, together = SqliteStore(path), "abcdefghijkl", threading.Barrier(12)

    def work(name):
        together.wait()
        put(store, name, b"1")

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(work, names))
    assert [store.read(name) for name in names] == [b"1"] * 12


def test_threads_wait_for_a_locked_file_in_parallel(tmp_path, monkeypatch):
    tries, create = [], SqliteFile._create
    monkeypatch.setattr(SqliteFile, "_create", lambda self: tries.append(1) or create(self))
    monkeypatch.setattr(sqlite_file, "BUSY_TIMEOUT", 0.2)
    path, together = tmp_path / "store.sqlite3", threading.Barrier(12)
    store = SqliteStore(path)

    def ask(_):
        together.wait()
        with pytest.raises(StoreError, match="locked"):
            store.read("a")

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with ThreadPoolExecutor(12) as pool:
            list(pool.map(ask, range(12)))
    assert len(tries) < 12  # one after the other: two or more each


def test_a_thread_that_waits_for_another_to_open_the_file_says_what_it_waits_for(
    tmp_path, monkeypatch
):
    def never(*_, **__):
        raise TimeoutError

    store = SqliteStore(tmp_path / "store.sqlite3")
    monkeypatch.setattr(sqlite_file.SingleFlight, "do", never)
    with pytest.raises(StoreError, match=r"store.sqlite3: locked while it is opened"):
        store.read("a")


class DownTogether(MemoryStore):
    """Fails once all who ask are waiting for it."""

    def __init__(self, asking):
        super().__init__()
        self._all = threading.Barrier(asking)

    def version(self):
        self._all.wait(10)
        raise StoreError("down")


@pytest.fixture
def threads_interrupt_each_other():
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("threads_interrupt_each_other")
def test_threads_that_meet_a_failure_together_log_it_once(caplog):
    store = FallbackStore(DownTogether(16))
    with ThreadPoolExecutor(16) as pool:
        assert len({*pool.map(lambda _: store.version(), range(16))}) == 1
    assert caplog.text.count("falling back to process memory") == 1


def test_without_an_instance_folder_memory_is_used_with_one_warning(tmp_path, caplog):
    (tmp_path / "file").write_text("in the way")
    store = open_store(None, str(tmp_path / "file" / "instance"))
    assert isinstance(store, MemoryStore)
    assert caplog.text.count("LEAN_STORE_URL") == 1


def test_by_default_the_store_is_a_file_in_the_instance_folder(tmp_path):
    put(open_store(None, str(tmp_path / "instance")), "a", b"1")
    assert list((tmp_path / "instance").glob("*.sqlite3"))


def test_redis_without_its_library_names_the_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "redis", None)
    monkeypatch.delitem(__import__("sys").modules, "lean_flask.banks.stores.redis", raising=False)
    with pytest.raises(ConfigurationError, match=r"lean-flask\[redis\]"):
        open_store("redis://127.0.0.1/0", "/nowhere")


def test_a_password_in_the_stores_url_is_not_logged():
    from lean_flask.banks.stores.redis import RedisStore

    with pytest.raises(StoreError) as caught:
        RedisStore("redis://:hidden-password@127.0.0.1:1/0").version()
    assert "hidden-password" not in str(caught.value)


def test_two_applications_share_no_list_in_one_store(fake_lean, make_app, tmp_path):
    store = f"sqlite:///{tmp_path / 'store'}"
    with FakeLean(country="ae") as other:
        responses = [
            make_app(**fake.settings(), store_url=store).test_client().get("/lean/banks").json
            for fake in (fake_lean, other)
        ]
        countries = [{bank["country_code"] for bank in banks} for banks in responses]
        assert countries == [{"SAU"}, {"ARE"}]
        assert (fake_lean.count("banks"), other.count("banks")) == (1, 1)


def test_the_store_holds_no_secret_and_no_customer(fake_lean, make_app, tmp_path):
    """Banks, availability, trouble and event ids are all that is in it."""
    store = f"sqlite:///{tmp_path / 'store'}"
    app = make_app(store_url=store, per_customer=True, webhook_delivery="inline")
    client = app.test_client()
    token = client.get("/link").location.partition("flow=")[2]
    assert client.get(f"/lean/banks?flow={token}").status_code == 200
    config = client.post("/lean/launch", json={"flow": token}).json["config"]
    event = fake_lean.webhook_event("entity.created", {"customer_id": config["customer_id"]})
    body, headers = fake_lean.signed(event)
    assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"RJHI_SAU" in kept
    secrets = (fake_lean.client_secret, fake_lean.webhook_secret, *fake_lean.live_tokens)
    for secret in (*secrets, config["access_token"], config["customer_id"]):
        assert secret.encode() not in kept
