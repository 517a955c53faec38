"""A file that is not a database is kept beside the new one: it may hold webhook events."""

from __future__ import annotations

import multiprocessing
import sqlite3
from contextlib import closing
from pathlib import Path

from lean_flask.banks.stores.sqlite import SqliteStore


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


def _put_with_others(path: Path, together, key: str) -> None:
    together.wait(10)
    put(path, key)


def test_processes_that_meet_a_corrupt_file_together_rename_it_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    path, together = tmp_path / "store", context.Barrier(6)
    path.write_bytes(b"not a database" * 300)
    workers = [
        context.Process(target=_put_with_others, args=(path, together, key)) for key in "abcdef"
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    assert [SqliteStore(path).read(key) for key in "abcdef"] == [b"1"] * 6
    assert [found.name for found in tmp_path.glob("*.corrupt*")] == ["store.corrupt"]
