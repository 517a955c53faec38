"""What may happen to a host while events arrive, and every receiver has each of them all the same.

The smaller form of ``make kill-workers``, on the same host, sender and verdict.
"""

from __future__ import annotations

import random
import resource
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import islice

import pytest
import redis

from benchmarks.killed_workers.host import HostSetup
from benchmarks.killed_workers.plan import Burst, make_event, make_plan
from benchmarks.killed_workers.processes import Processes
from benchmarks.killed_workers.redis_server import DURABLE
from benchmarks.killed_workers.run import send_while_killing, wait_until_delivered
from benchmarks.killed_workers.sender import Sender
from benchmarks.killed_workers.verdict import calls_of, judge
from support.redis_server import RedisServer, until

LEASE = 2.0  # seconds
RETRY = 0.5  # seconds
PATIENCE = 30.0  # seconds, on a busy machine


@pytest.fixture(params=["sqlite", "redis"])
def durable(request, tmp_path, durable_redis):
    """The URL of each kind of store that keeps what it has answered."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.sqlite3'}"
    durable_redis.start()
    return durable_redis.url


@pytest.fixture
def durable_redis(tmp_path):
    server = RedisServer(tmp_path, *DURABLE)
    yield server
    server.stop()


@pytest.fixture
def make_host(fake_lean, tmp_path):
    with ExitStack() as stack:

        def make(url, *, mode="background", web=2, work=0, **options):
            settings = fake_lean.settings() | {"store_url": url, "webhook_delivery": mode}
            setup = HostSetup(settings, str(tmp_path), LEASE, RETRY, **options)
            return setup, stack.enter_context(Processes(setup, web, work))

        yield make


def some_events(fake_lean, count, subject=None):
    about = random.Random(count)
    return [
        make_event(subject or f"subject {number}", fake_lean.webhook_secret, about)
        for number in range(count)
    ]


def check_all_delivered(setup, events, sender):
    """Every receiver has had each event, in order."""
    wait_until_delivered(setup, events, PATIENCE)
    for receiver in ("first", "second", "signal"):
        verdict = judge(calls_of(setup.log(receiver)), events, sender.sent)
        assert verdict.is_good, f"{receiver}: {verdict}"


@pytest.mark.parametrize(
    ("durable", "mode", "work", "rate", "kill_every"),
    [("sqlite", "background", 0, 150, 0.5), ("redis", "worker", 2, 80, 1.0)],
    indirect=["durable"],
    ids=["sqlite-background", "redis-worker"],
)
def test_events_survive_killed_workers(make_host, fake_lean, durable, mode, work, rate, kill_every):
    """Both stores, and both modes; ``make kill-workers`` has all four pairs."""
    setup, processes = make_host(durable, mode=mode, web=3, work=work)
    bursts = make_plan(200, fake_lean.webhook_secret, seed=1)
    outcome = send_while_killing(
        setup, processes, bursts, rate=rate, kill_every=kill_every, patience=PATIENCE
    )
    assert processes.killed >= 2
    assert outcome.is_good, f"{outcome}\n{processes.log[-2000:]}"


def test_events_survive_a_redis_that_is_stopped_and_started(make_host, fake_lean, durable_redis):
    durable_redis.start()
    setup, processes = make_host(durable_redis.url)
    bursts = make_plan(300, fake_lean.webhook_secret, seed=2)
    events = [event for burst in bursts for chain in burst.chains for event in chain]
    sender = Sender(processes.url)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(sender.send, bursts, 300)
        until(lambda: sender.answers[200] > 50)
        durable_redis.stop()
        until(lambda: sender.answers[503] > 0)
        durable_redis.start()
        sending.result()
    check_all_delivered(setup, events, sender)


@contextmanager
def locked(setup, processes, url):
    with sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def full(setup, processes, url):
    """No room for one more page of the file, or one more key."""
    if url.startswith("redis:"):
        with redis.Redis.from_url(url) as client:
            client.config_set("maxmemory", 1)
            yield
            client.config_set("maxmemory", 0)
        return
    for pid in processes.web:  # no byte at all: a checkpoint lets the write-ahead log begin anew
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    yield
    for pid in processes.web:
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)


@pytest.mark.parametrize(
    ("durable", "troubles"),
    [("sqlite", [locked, full]), ("redis", [full])],
    indirect=["durable"],
    ids=["sqlite", "redis"],
)
def test_a_store_that_takes_nothing_is_a_503_and_loses_nothing(
    make_host, fake_lean, durable, troubles
):
    setup, processes = make_host(durable)
    events = iter(some_events(fake_lean, 8 * len(troubles)))
    sent = []
    sender = Sender(processes.url)
    for trouble in troubles:
        before, refused, *after = islice(events, 8)
        sent += [before, refused, *after]
        sender.send_chain([before])
        with trouble(setup, processes, durable):
            assert sender.post(refused) == 503
        sender.send([Burst([[refused], after], 0)], 1)
        check_all_delivered(setup, sent, sender)
    assert set(sender.answers) == {200, 503}


def test_a_receiver_that_hangs_holds_up_only_its_subject(make_host, fake_lean, durable, tmp_path):
    setup, processes = make_host(durable, hanging="stuck")
    stuck = some_events(fake_lean, 3, subject="stuck")
    others = some_events(fake_lean, 40)
    sender = Sender(processes.url)
    sender.send([Burst([stuck, others], 0)], 1)
    second = setup.log("second")
    until(lambda: {event.id for event in others} <= set(calls_of(second)), PATIENCE)
    assert not {event.id for event in stuck} & set(calls_of(second))
    assert set(calls_of(setup.log("first"))) & {event.id for event in stuck} == {stuck[0].id}
    (tmp_path / "go-on").touch()
    check_all_delivered(setup, [*stuck, *others], sender)
