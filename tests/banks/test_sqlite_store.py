"""The SQLite store: who may read its file, and a clock that is set back."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from lean_flask.banks.stores import open_store, sqlite_file
from lean_flask.banks.stores.sqlite import _PURGE, SqliteStore
from support.clock import MovableClock, use_clock


def put(store: SqliteStore, key: str, value: bytes, seconds: float = 100) -> None:
    store.update(key, lambda old, version: value, seconds)


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    usual = os.umask(request.param)
    yield
    os.umask(usual)


def modes(folder: Path) -> dict[str, str]:
    return {path.name: oct(path.stat().st_mode & 0o777) for path in folder.rglob("*")}


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("by_default", [True, False])
def test_no_other_user_of_the_machine_can_read_it(tmp_path: Path, by_default: bool) -> None:
    folder = tmp_path / "instance" / "deeper"
    url = None if by_default else f"sqlite:///{folder}/file"
    store = open_store(url, str(folder))

    def look_beside(old: bytes | None, version: int) -> bytes:
        seen.update(modes(tmp_path))  # the side files are there while it writes
        return b"1"

    seen: dict[str, str] = {}
    store.update("a", look_beside, 100)
    assert {name[-4:] for name in seen} >= {"-wal", "-shm"}
    folders = {"instance", "deeper"}
    assert {seen[name] for name in folders} == {"0o700"}
    assert {mode for name, mode in seen.items() if name not in folders} == {"0o600"}


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "store"
    path.touch(0o644)
    put(SqliteStore(path), "a", b"1")
    assert modes(tmp_path)["store"] == "0o600"


def test_a_value_from_before_the_clock_was_set_back_is_read_and_expires(tmp_path: Path) -> None:
    clock = MovableClock()
    store = SqliteStore(tmp_path / "store", clock.wall)
    put(store, "list", b"kept")
    put(store, "lease", b"held", seconds=5)
    clock.ahead = -600
    assert SqliteStore(tmp_path / "store", clock.wall).read("list") == b"kept"
    assert store.update("lease", lambda old, _: old or b"taken", 5) == b"held"
    clock.ahead += 6  # its own five seconds, and not ten minutes more
    assert store.update("lease", lambda old, _: old or b"taken", 5) == b"taken"


def test_a_restart_after_the_clock_was_set_back_serves_the_list_in_the_file(
    make_app, fake_lean, tmp_path
):
    settings = {"store_url": f"sqlite:///{tmp_path}/store", "timeout": 0.5}
    assert make_app(**settings).test_client().get("/lean/banks").status_code == 200
    fake_lean.stop()
    app, clock = make_app(**settings), MovableClock()
    clock.ahead = -600
    use_clock(app, clock)
    response = app.test_client().get("/lean/banks")
    assert response.status_code == 200
    assert len(response.json) > 10


def test_writers_of_one_process_take_turns(tmp_path: Path, monkeypatch) -> None:
    """SQLite's own wait is not fair: it fails some of many when the busy timeout is over."""
    monkeypatch.setattr(sqlite_file, "BUSY_TIMEOUT", 0.001)
    store = SqliteStore(tmp_path / "store")
    put(store, "a", b"1")

    began = threading.Event()

    def updater(old: bytes | None, version: int) -> bytes:
        began.set()
        while not store._file._turns._waiting:
            time.sleep(0.001)
        return (old or b"") + b"2"

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(store.update, "a", updater, 100)
        assert began.wait(5)
        second = pool.submit(store.update, "a", lambda old, _: (old or b"") + b"3", 100)
        assert (first.result(), second.result()) == (b"12", b"123")


def test_what_has_expired_is_found_without_a_look_at_every_row(tmp_path: Path) -> None:
    """Each write deletes it, and the outcomes of a month of flows lie there."""
    path = tmp_path / "store.db"
    SqliteStore(path).update("key", lambda old, version: b"value", 60)
    with closing(sqlite3.connect(path)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {_PURGE}", (0,)).fetchall()
    assert "INDEX entry_2_expires" in plan[0][-1]


def test_a_flow_is_found_without_reading_the_bank_list_beside_it(tmp_path: Path) -> None:
    """Each page reads the state of its flow, and a list may have a megabyte."""
    path, page = tmp_path / "store.db", 4096
    store = SqliteStore(path)
    put(store, "flow 1", b"1")
    put(store, "list", b"v" * 100 * page)
    put(store, "word 1", b"2")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = path.read_bytes()
    pages = [content[start : start + page] for start in range(0, len(content), page)]
    of_the_list = [kept.count(b"v") > page / 2 for kept in pages]
    assert sum(of_the_list) >= 99
    lost = zip(pages, of_the_list, strict=True)
    path.write_bytes(b"".join(bytes(page) if is_lost else kept for kept, is_lost in lost))
    anew = SqliteStore(path)
    assert [anew.read(key) for key in ("flow 1", "word 1")] == [b"1", b"2"]


def test_what_a_version_before_wrote_is_there_after_the_update(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "lean.sqlite3")) as connection:
        connection.executescript(
            """
            CREATE TABLE entry_1 (key TEXT PRIMARY KEY, value BLOB NOT NULL,
                expires REAL NOT NULL, written REAL NOT NULL) WITHOUT ROWID;
            INSERT INTO entry_1 VALUES ('flow', CAST('launched' AS BLOB), 9e9, 1);
            """
        )
    store = SqliteStore(tmp_path / "lean.sqlite3")
    assert store.read("flow") == b"launched"
    store.update("flow", lambda old, version: b"succeeded", 60)
    assert SqliteStore(tmp_path / "lean.sqlite3").read("flow") == b"succeeded"
