"""How often a request asks its store: each time is a wait for a disk or for a server."""

from __future__ import annotations

from functools import partial

import pytest

from support.clock import wait_until_idle
from support.counted_host import CountedHost
from support.hot_requests import HOT
from support.store_counts import postgres_round_trips, redis_commands, sqlite_statements

#: Other forms of a request ask the same.
SAME = {
    name for name in HOT if "first" in name or "?q=" in name or name.endswith(("gzip", "304", "ar"))
}
ASKING = {name: kind for name, kind in HOT.items() if name not in SAME}
TABLES = ("sqlite_statements", "redis_commands", "postgres_round_trips")


def next_of(kind, host):
    return partial(host.ask, host.next_of(kind))


def look_once_more(host):
    """A second later each process looks what the others did."""
    host.clock.ahead += 1.2
    return partial(host.ask, host.request("/lean/banks"))


def read_what_changed(host):
    host.launched()
    return look_once_more(host)


def step(host):
    """Look for events, and once more when each delivery that began has ended.

    Two threads at once would need a second connection, which asks for more as it is opened.
    """
    workers = host.services.events.make_workers(8)
    begin_run = workers._begin_run

    def begin_and_wait(delivery):
        begin_run(delivery)
        assert workers.wait_until_idle(30)

    workers._begin_run = begin_and_wait
    workers.step()


def deliver(host):
    host.ask(host.webhook({"id": "entity", "customer_id": "nobody"}))
    return partial(step, host)


BESIDE = {
    "a look at the store": look_once_more,
    "a look at a changed store": read_what_changed,
    "a look for events": lambda host: partial(step, host),
    "delivery of an event": deliver,
}


@pytest.fixture(params=TABLES)
def store(request, tmp_path, monkeypatch, patient_redis):
    """The table of a store; makes the URL of an empty one; says what it was asked."""
    if request.param == TABLES[0]:
        files = iter(range(1_000))
        with sqlite_statements(monkeypatch) as asked:
            yield request.param, lambda: f"sqlite:///{tmp_path / str(next(files))}", asked
    elif request.param == TABLES[1]:
        engines = request.getfixturevalue("engines")
        with redis_commands(engines.place("redis")) as asked:
            yield request.param, partial(engines.place, "redis"), asked
    else:
        server = request.getfixturevalue("postgres_server")

        def empty():
            server.empty()
            return server.url()

        with postgres_round_trips(monkeypatch) as asked:
            yield request.param, empty, asked


@pytest.fixture
def counted(fake_lean, store):
    """Counts what one of the two asks of a new host's store, done once before."""
    _, make_url, asked = store

    def counted(prepare):
        host = CountedHost(fake_lean, store_url=make_url(), webhook_delivery="worker")
        host.ask(host.request("/lean/banks"))
        for _ in range(2):
            run = prepare(host)
            wait_until_idle(host.app)
            asked()
            run()
            wait_until_idle(host.app)
        return asked()

    return counted


def test_a_request_asks_the_store_no_more_often(counted, store, limits):
    for name, kind in ASKING.items():
        asked = counted(partial(next_of, kind))
        limits.hold(store[0], name, len(asked), "\n".join(asked))


def test_what_a_process_does_beside_asks_the_store_no_more_often(counted, store, limits):
    for name, prepare in BESIDE.items():
        asked = counted(prepare)
        limits.hold(store[0], name, len(asked), "\n".join(asked))


def test_each_limit_of_a_store_is_of_something_that_is_counted(limits):
    for table in TABLES:
        assert limits.names(table) == {*ASKING, *BESIDE}
