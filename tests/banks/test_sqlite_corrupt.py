"""A file that is not a database is kept beside the new one: it may hold webhook events."""

from __future__ import annotations

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from lean_flask.banks.stores.sqlite import SqliteStore
from lean_flask.banks.stores.sqlite_file import SqliteFile


def put(path: Path, key: str) -> None:
    SqliteStore(path).update(key, lambda old, version: b"1", 100)


def test_each_corrupt_file_is_kept_under_a_name_of_its_own(tmp_path: Path, caplog) -> None:
    path = tmp_path / "store"
    for content in (b"first" * 300, b"second" * 300):
        for file in (path, path.with_name("store-wal")):
            file.unlink(missing_ok=True)
        path.write_bytes(content)
        put(path, "a")
    assert path.with_name("store.corrupt").read_bytes() == b"first" * 300
    assert path.with_name("store.corrupt-2").read_bytes() == b"second" * 300
    assert "renamed to store.corrupt-2; webhook events in it are not delivered" in caplog.text


def test_what_is_in_the_write_ahead_log_of_a_corrupt_file_is_kept_and_not_applied(tmp_path) -> None:
    path, log, copy = (tmp_path / name for name in ("store", "store-wal", "copy"))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE event (body TEXT)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("INSERT INTO event VALUES ('the last event')")
        copy.write_bytes(log.read_bytes())
    path.write_bytes(b"not a database" * 1000)
    log.write_bytes(copy.read_bytes())
    put(path, "a")
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("store.corrupt*"))
    assert b"the last event" in kept
    with closing(sqlite3.connect(path)) as connection:
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'event'").fetchall()


def test_those_who_meet_a_corrupt_file_together_rename_it_once(tmp_path: Path, monkeypatch) -> None:
    rename = SqliteFile._rename_corrupt_file

    def rename_late(file: SqliteFile) -> None:
        time.sleep(0.05)  # while the others find the same
        rename(file)

    monkeypatch.setattr(SqliteFile, "_rename_corrupt_file", rename_late)
    path, together = tmp_path / "store", threading.Barrier(6)
    path.write_bytes(b"not a database" * 300)

    def work(key: str) -> None:
        store = SqliteStore(path)  # its own, as in a process of its own
        together.wait(10)
        store.read(key)
        put(path, key)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, "abcdef"))
    assert [SqliteStore(path).read(key) for key in "abcdef"] == [b"1"] * 6
    assert [found.name for found in tmp_path.glob("*.corrupt*")] == ["store.corrupt"]
