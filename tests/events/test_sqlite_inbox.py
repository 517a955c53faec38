"""An inbox in a SQLite file in each kind of trouble."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import sqlite3
import time
from contextlib import closing, contextmanager

import pytest

from lean_flask.banks.stores import sqlite_file
from lean_flask.banks.stores.base import StoreBusy, StoreError
from lean_flask.banks.stores.sqlite import SqliteStore
from lean_flask.events.open_inbox import open_inbox
from lean_flask.events.sealed import Seal
from support.inbox import DAY, T0, drain, new_event, take

fork = multiprocessing.get_context("fork")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.sqlite3"


def open_file(path):
    return open_inbox(f"sqlite:///{path}", "/nowhere", "app")


@contextmanager
def locked(path):
    """What another process does that writes for long."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_file_that_another_process_locks_fails_in_time_and_changes_nothing(path, monkeypatch):
    monkeypatch.setattr(sqlite_file, "BUSY_TIMEOUT", 0.05)
    inbox = open_file(path)
    inbox.add(new_event("1"))
    claim = take(inbox)
    inbox.add(new_event("2", "other"))
    with locked(path):
        for operation in (
            lambda: inbox.add(new_event("3")),
            lambda: inbox.claim(T0, 60),
            lambda: inbox.deliver(claim, T0, ()),
        ):
            with pytest.raises(StoreBusy, match=r"store\.sqlite3: database is locked"):
                operation()
        assert inbox.counts()["waiting"] == 2
    assert inbox.add(new_event("3"))
    inbox.deliver(claim, T0, ())
    assert sorted(drain(inbox, T0)) == ["2", "3"]


def test_asking_for_an_event_that_is_due_waits_for_no_lock_when_there_is_none(path, monkeypatch):
    monkeypatch.setattr(sqlite_file, "BUSY_TIMEOUT", 0.05)
    inbox = open_file(path)
    inbox.add(new_event("1"))
    take(inbox)
    with locked(path):
        assert inbox.claim(T0, 60) is None
        assert inbox.claim(T0, 60, "other") is None
        assert inbox.get("1").attempts == 1
        assert len(inbox.list()) == 1


def test_no_operation_walks_through_the_events(path):
    inbox, statements = open_file(path), set()
    inbox.add(new_event("0"))
    with inbox._database.reading() as connection:
        connection.set_trace_callback(statements.add)  # of the one that all operations use
    for id in "123":
        inbox.add(new_event(id))
    inbox.postpone(take(inbox), T0, (), "E")
    inbox.bury(take(inbox, subject="s"), T0, (), "E")
    inbox.release(take(inbox))
    inbox.deliver(take(inbox), T0, ())
    inbox.retry("1", T0)
    inbox.get("1")
    inbox.purge(T0, DAY)
    connection.set_trace_callback(None)
    plans = {
        row[3]
        for statement in statements
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT"))
        for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")
    }
    searches = {plan.partition(" USING ")[2] for plan in plans if "_1 USING" in plan}
    assert len(searches) > 6
    assert not [plan for plan in plans if plan.startswith("SCAN") and "CONSTANT" not in plan]
    assert not [search for search in searches if search.endswith(("(scope=?)", "state=?)"))]


@contextmanager
def no_file_above(size):
    """A disk that is full once a file has *size* bytes."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_full_disk_refuses_an_event_whole(path):
    inbox = open_file(path)
    inbox.add(new_event("1"))
    claim = take(inbox)
    added = 0

    def fill():
        nonlocal added
        while inbox.add(new_event(f"more {added}", body=b"x" * 20_000)):
            added += 1

    with no_file_above(200_000):
        with pytest.raises(StoreError):
            fill()
        assert inbox.counts()["waiting"] == added + 1
        assert inbox.get(f"more {added}") is None
    assert inbox.add(new_event(f"more {added}"))
    inbox.deliver(claim, T0, ())
    assert drain(inbox, T0) == [f"more {number}" for number in range(added + 1)]


def test_a_file_that_is_no_database_is_renamed_and_events_go_on(path, caplog):
    inbox = open_file(path)
    inbox.add(new_event("1"))
    inbox._database._pool.close_idle()
    path.write_bytes(b"not a database" * 500)
    with pytest.raises(StoreError):
        inbox.add(new_event("2"))
    assert inbox.add(new_event("2"))
    assert drain(inbox, T0) == ["2"]
    assert path.with_name("store.sqlite3.corrupt").read_bytes().startswith(b"not a database")
    assert "webhook events in it are not delivered" in caplog.text


def test_the_store_and_the_inbox_share_the_file(path):
    inbox, store = open_file(path), SqliteStore(path)
    inbox.add(new_event("1"))
    store.update("a", lambda old, version: b"1", 100)
    assert store.read("a") == b"1"
    assert drain(inbox, T0) == ["1"]
    assert inbox._database._turns is store._file._turns


def test_an_event_is_flushed_to_the_disk_before_it_is_acknowledged(path):
    inbox, levels = open_file(path), []

    def level():
        with inbox._database.reading() as connection:  # the one that was used last
            levels.append(connection.execute("PRAGMA synchronous").fetchone()[0])

    inbox.add(new_event("1"))
    level()
    inbox.deliver(take(inbox), T0, ())
    level()
    inbox.retry("1", T0)
    level()
    assert levels == [2, 1, 2]  # FULL, NORMAL, FULL


def test_nothing_of_a_sealed_body_is_in_the_files(path):
    inbox, seal = open_file(path), Seal(["key"], "salt")
    body = b'{"customer_id": "8f6a", "amount": 12345}'
    inbox.add(new_event("1", body=seal.seal(body)))
    inbox.postpone(take(inbox), T0, (), "E")
    inbox.deliver(take(inbox), T0, ())
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"entity.created" in kept
    assert not any(word in kept for word in (b"customer", b"8f6a", b"amount", b"12345"))
    assert seal.open(inbox.get("1").body) == body


def _add_for_ever(path, acknowledged):
    inbox, number = open_file(path), 0
    while True:
        inbox.add(new_event(str(number), subject=str(number % 3)))
        acknowledged.send(number)
        number += 1


def test_what_was_added_outlives_a_process_that_is_killed(path):
    acknowledged, theirs = fork.Pipe(duplex=False)
    worker = fork.Process(target=_add_for_ever, args=(path, theirs))
    worker.start()
    last = -1
    while last < 100:
        last = acknowledged.recv()
    worker.kill()
    worker.join(10)
    while acknowledged.poll():
        last = acknowledged.recv()
    inbox = open_file(path)
    delivered = {int(id) for id in drain(inbox, T0)}
    assert delivered >= set(range(last + 1))


def _deliver(path, deaths, done):
    inbox = open_file(path)
    while claim := inbox.claim(time.time(), 0.3):
        if int(claim.event.id) in deaths and claim.event.attempts == 1:
            signal.raise_signal(signal.SIGKILL)
        with done.get_lock():
            done[int(claim.event.id)] += 1
        inbox.deliver(claim, time.time(), ())


def test_processes_that_are_killed_lose_no_event(path):
    inbox, events = open_file(path), 40
    for number in range(events):
        inbox.add(new_event(str(number), subject=str(number % 4), at=time.time()))
    done, deaths = fork.Array("i", events), {3, 10, 21}
    end = time.monotonic() + 30
    while inbox.counts()["waiting"] and time.monotonic() < end:
        workers = [fork.Process(target=_deliver, args=(path, deaths, done)) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(20)
    assert list(done) == [1] * events
    assert {inbox.get(str(number)).attempts for number in deaths} == {2}
    inbox.purge(time.time() + 2 * DAY, keep=DAY)
    assert inbox.list() == []
