"""A file that is not a database is kept beside the new one: it may hold webhook events."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

from lean_flask.banks.stores.sqlite import SqliteStore


def put(path: Path, key: str) -> None:
    SqliteStore(path).update(key, lambda old, version: b"1", 100)


def test_each_corrupt_file_is_kept_under_a_name_of_its_own(tmp_path: Path, caplog) -> None:
    path = tmp_path / "store"
    for content in (b"first" * 300, b"second" * 300):
        path.write_bytes(content)
        put(path, "a")
        path.with_name("store-wal").unlink(missing_ok=True)
    assert path.with_name("store.corrupt").read_bytes() == b"first" * 300
    assert path.with_name("store.corrupt-2").read_bytes() == b"second" * 300
    assert "renamed to store.corrupt-2; webhook events in it are not delivered" in caplog.text


def test_the_write_ahead_log_of_a_corrupt_file_is_kept_and_not_applied(tmp_path: Path) -> None:
    path = tmp_path / "store"
    path.write_bytes(b"first" * 300)
    path.with_name("store-wal").write_bytes(b"its log")
    put(path, "a")
    assert path.with_name("store.corrupt-wal").read_bytes() == b"its log"
    assert SqliteStore(path).read("a") == b"1"


def _put_with_others(path: Path, together, key: str) -> None:
    together.wait()
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
