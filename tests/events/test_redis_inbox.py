"""An inbox on a real Redis in each kind of trouble."""

from __future__ import annotations

import re
import time

import pytest
import redis

from lean_flask.banks.stores.base import StoreError
from lean_flask.banks.stores.redis import RedisStore
from lean_flask.events.redis_inbox import RedisInbox
from support.inbox import T0, drain, new_event, take
from support.paths import ROOT
from support.redis_server import RedisServer


@pytest.fixture
def server(empty_redis):
    return empty_redis


@pytest.fixture
def admin(server):
    with redis.Redis(port=server.port, decode_responses=True) as client:
        yield client


@pytest.fixture
def inbox(server):
    return RedisInbox(server.url, "app")


def use_all(inbox):
    """Use each operation once."""
    for id in "123":
        inbox.add(new_event(id))
    claim = take(inbox)
    assert inbox.renew(claim, T0 + 90)
    inbox.release(claim)
    inbox.postpone(take(inbox), T0, ("a",), "E")
    inbox.bury(take(inbox), T0, ("a",), "E")
    inbox.deliver(take(inbox), T0, ())
    assert inbox.retry("1", T0)
    assert inbox.retry_dead(T0) == 0
    assert inbox.get("1").state == "waiting"
    assert len(inbox.list()) == 3
    assert inbox.counts()["waiting"] == 2
    inbox.purge(T0 + 1e9, 1.0)


def test_the_commands_of_the_deployment_guide_are_enough(server, admin):
    page = (ROOT / "docs" / "deployment.md").read_text("utf-8")
    commands = re.search(r"```text\n(DEL EVAL .+?)```", page, re.DOTALL).group(1).lower().split()
    admin.execute_command(
        *("ACL", "SETUSER", "guide", "reset", "on", ">pw", "~{lean-flask}:*"),
        *(f"+{command}" for command in commands),
    )
    admin.config_resetstat()
    admin.script_flush()
    url = server.url.replace("://", "://guide:pw@")
    use_all(RedisInbox(url, "app"))
    store = RedisStore(url)
    store.update("{lean-flask}:a", lambda old, version: b"1", 100)
    assert store.version()
    used = {name.removeprefix("cmdstat_") for name in admin.info("commandstats")}
    assert set(commands) <= used  # and no more than that


def test_no_event_expires_in_redis(inbox, admin):
    use_all(inbox)
    inbox.add(new_event("4"))
    assert {admin.ttl(key) for key in admin.keys("*")} == {-1}


def test_nothing_is_left_of_events_that_are_forgotten(inbox, admin):
    for id in "12":
        inbox.add(new_event(id, subject=id))
    drain(inbox, T0)
    inbox.purge(T0 + 1e9, 1.0)
    assert admin.keys("*") == ["{lean-flask}:inbox:1:app:number"]


def test_a_redis_that_is_stopped_fails_fast_and_keeps_every_event(tmp_path):
    server = RedisServer(tmp_path, "--appendonly", "yes", "--appendfsync", "always")
    server.start()
    inbox = RedisInbox(server.url, "app")
    for number in range(50):
        inbox.add(new_event(str(number), subject=str(number % 4)))
    claim = take(inbox)
    server.stop()  # with SIGKILL
    began = time.monotonic()
    for operation in (
        lambda: inbox.add(new_event("more")),
        lambda: inbox.claim(T0, 60),
        lambda: inbox.deliver(claim, T0, ()),
        inbox.counts,
    ):
        with pytest.raises(StoreError, match=f"Redis at 127.0.0.1:{server.port}: "):
            operation()
    assert time.monotonic() - began < 2
    server.start()
    try:
        inbox.deliver(claim, T0, ())
        assert len(drain(inbox, T0)) == 49
        assert inbox.counts() == {"waiting": 0, "delivered": 50, "dead": 0}
    finally:
        server.stop()


def test_each_node_of_a_cluster_leads_to_the_same_inbox(engines, patient_redis):
    cluster = engines.server("cluster")
    cluster.flush()
    inboxes = [RedisInbox(url, "app") for url in cluster.urls]
    for number, inbox in enumerate(inboxes):
        assert inbox.add(new_event(str(number)))
    assert [drain(inbox, T0) for inbox in inboxes] == [["0", "1", "2"], [], []]
    use_all(RedisInbox(cluster.urls[1], "other"))


def test_a_full_redis_refuses_an_event_whole_and_takes_the_end_of_a_delivery(inbox, admin):
    inbox.add(new_event("1"))
    claim = take(inbox)
    before = admin.keys("*")
    admin.config_set("maxmemory", 1)
    try:
        with pytest.raises(StoreError, match="memory is full"):
            inbox.add(new_event("2", subject="other"))
        assert sorted(admin.keys("*")) == sorted(before)
        inbox.deliver(claim, T0, ())
    finally:
        admin.config_set("maxmemory", 0)
    assert inbox.counts() == {"waiting": 0, "delivered": 1, "dead": 0}
    assert inbox.add(new_event("2", subject="other"))


def test_an_event_that_redis_has_lost_holds_up_no_other(inbox, admin):
    for id, subject in (("1", "a"), ("2", "a"), ("3", "b"), ("4", "c"), ("5", "c")):
        inbox.add(new_event(id, subject))
    claim = take(inbox, subject="c")
    for id in "134":
        admin.delete(f"{{lean-flask}}:inbox:1:app:event:{id}")
    inbox.deliver(claim, T0, ())
    assert drain(inbox, T0) == ["2", "5"]
    assert inbox.counts() == {"waiting": 0, "delivered": 2, "dead": 0}
    assert [event.id for event in inbox.list()] == ["5", "2"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "set appendonly yes"),
        ({"appendonly": "yes"}, None),
        ({"appendonly": "yes", "maxmemory-policy": "volatile-lru"}, None),
        (
            {"appendonly": "yes", "maxmemory-policy": "allkeys-lru"},
            "set maxmemory-policy noeviction",
        ),
    ],
)
def test_how_redis_could_lose_events_is_said(inbox, admin, options, words):
    usual = {name: admin.config_get(name)[name] for name in options}
    for name, value in options.items():
        admin.config_set(name, value)
    risk = inbox.risk()
    for name, value in usual.items():
        admin.config_set(name, value)
    assert words in risk if words else risk is None


def test_a_user_who_may_not_ask_is_told_of_no_risk(server, admin):
    admin.execute_command("ACL", "SETUSER", "guide", "reset", "on", ">pw", "~*", "+eval")
    assert RedisInbox(server.url.replace("://", "://guide:pw@"), "app").risk() is None


def test_a_password_is_in_no_error():
    with pytest.raises(StoreError) as caught:
        RedisInbox("redis://:hidden-password@127.0.0.1:1/0", "app").counts()
    assert "hidden-password" not in str(caught.value)
