"""An inbox in a store of the host: pages of old events, processes that die, and what it costs."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from test_inbox_model import InboxMachine

from lean_flask import StoreError
from lean_flask.banks.stores.memory import MemoryStore
from lean_flask.common.secret import Hidden
from lean_flask.events import store_inbox
from lean_flask.events.store_inbox import StoreInbox
from lean_flask.events.store_shelf import FOREVER, SHARDS
from support.inbox import DAY, T0, drain, new_event, take
from support.redis_server import until


@pytest.fixture
def small_pages(monkeypatch):
    """Two events that ended stay in a shard: of three, one goes to a page."""
    monkeypatch.setattr(store_inbox, "MAX_ENDED", 2)
    monkeypatch.setattr(store_inbox, "AT_ONCE", 3)


class Counting(MemoryStore):
    """Counts what it is asked, and knows its keys."""

    def __init__(self):
        super().__init__()
        self.reads = 0

    def read(self, key):
        self.reads += 1
        return super().read(key)

    def keys(self, part):
        return [key for key in self._values if part in key]


@pytest.mark.usefixtures("small_pages")
def test_any_operations_do_what_the_model_does_with_pages():
    machine = settings(stateful_step_count=40)
    run_state_machine_as_test(lambda: InboxMachine(Hidden(MemoryStore())), settings=machine)


@pytest.mark.usefixtures("small_pages")
def test_events_on_pages_are_listed_found_retried_and_forgotten():
    store = Counting()
    inbox = StoreInbox(store, "app")
    for number in range(20):
        inbox.add(new_event(str(number), at=T0 + number))
        claim = take(inbox, T0 + number)
        if number % 2:
            inbox.bury(claim, T0 + number, (), "E")
        else:
            inbox.deliver(claim, T0 + number, ())
    assert len(store.keys(":page:")) > 5
    assert [event.id for event in inbox.list()] == [str(number) for number in reversed(range(20))]
    assert [event.id for event in inbox.list("dead", 3)] == ["19", "17", "15"]
    assert inbox.get("0").state == "delivered"
    assert inbox.get("0").body == b"sealed 0"
    assert not inbox.add(new_event("1"))
    assert inbox.counts() == {"waiting": 0, "delivered": 10, "dead": 10}
    assert inbox.retry("0", T0 + 50)
    assert inbox.retry_dead(T0 + 50) == 10
    assert drain(inbox, T0 + 50) == ["0", "1", "3", "5", "7", "9", "11", "13", "15", "17", "19"]
    assert inbox.counts() == {"waiting": 0, "delivered": 20, "dead": 0}
    inbox.purge(T0 + DAY + 30, keep=DAY)  # those that were not put back
    assert inbox.counts() == {"waiting": 0, "delivered": 11, "dead": 0}
    inbox.purge(T0 + 1000 * DAY, keep=DAY)
    assert inbox.list() == []
    kept = store.keys("inbox")
    assert all(":event:" in key for key in kept)  # the ids are known for longer
    assert not any(b"sealed" in store.read(key) for key in kept)


class Dies(Exception):
    pass


class DyingStore(MemoryStore):
    """Ends the process before or after one of its changes."""

    def __init__(self, left, *, is_after):
        super().__init__()
        self.left, self._is_after = left, is_after

    def update(self, key, updater, ttl):
        self.left -= 1
        if self.left == 0 and not self._is_after:
            raise Dies
        new = super().update(key, updater, ttl)
        if self.left == 0:
            raise Dies
        return new


class Life:
    """What happens to events in processes of which one may die, each followed by another."""

    def __init__(self, store):
        self._store = store
        self.now, self.delivered = T0, []

    def until_done(self, work):
        for _ in range(3):  # one of them may die
            try:
                return work(StoreInbox(self._store, "app"))
            except StoreError:
                self.now += 61  # its lease ends
        raise AssertionError("it dies again and again")

    def add_and_deliver(self, inbox):
        for id in "12345":
            inbox.add(new_event(id, subject=str(int(id) % 2)))  # Lean sends it again
        inbox.retry_dead(self.now)
        while inbox.counts()["waiting"]:
            self.deliver_all(inbox)
            inbox.retry_dead(self.now)

    def deliver_all(self, inbox):
        while claim := inbox.claim(self.now, 60):
            is_known = claim.event.id in self.delivered
            self.delivered.append(claim.event.id)
            if claim.event.id == "3" and not is_known:
                inbox.bury(claim, self.now, (), "E")
            else:
                inbox.deliver(claim, self.now, ())

    def forget(self, inbox):
        inbox.purge(self.now + 1000 * DAY, keep=DAY)
        assert inbox.list() == []


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("is_after", [False, True])
def test_a_process_that_dies_at_any_change_loses_no_event(is_after):
    for number in itertools.count(1):
        store = DyingStore(number, is_after=is_after)
        life = Life(store)
        life.until_done(life.add_and_deliver)
        assert set(life.delivered) == set("12345")
        inbox = StoreInbox(store, "app")
        assert inbox.counts() == {"waiting": 0, "delivered": 5, "dead": 0}
        assert {event.id for event in inbox.list()} == set("12345")
        life.until_done(life.forget)
        if store.left > 0:  # it has not died at all
            break
    assert number > 40


@pytest.mark.usefixtures("small_pages")
def test_several_processes_deliver_each_event_once_and_in_order():
    store, done = MemoryStore(), []
    inboxes = [StoreInbox(store, "app") for _ in range(4)]
    for number in range(60):
        assert inboxes[number % 4].add(new_event(str(number), subject=str(number % 5)))

    def work(inbox):
        while claim := inbox.claim(T0, 60):
            done.append(int(claim.event.id))
            inbox.deliver(claim, T0, ())
            inbox.purge(T0, keep=DAY)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, inboxes))
    assert sorted(done) == list(range(60))
    for subject in range(5):
        of_subject = [number for number in done if number % 5 == subject]
        assert of_subject == sorted(of_subject)
    assert inboxes[0].counts() == {"waiting": 0, "delivered": 60, "dead": 0}
    assert len(inboxes[1].list()) == 60


def test_looking_for_events_reads_nothing_while_nothing_changes():
    store = Counting()
    inbox = StoreInbox(store, "app")
    inbox.add(new_event("1"))
    inbox.postpone(take(inbox), T0 + 50, (), "E")
    assert inbox.claim(T0 + 1, 60) is None
    store.reads = 0
    assert [inbox.claim(T0 + second, 60) for second in range(2, 49)] == [None] * 47
    assert store.reads == 0
    assert inbox.claim(T0 + 50, 60) is not None  # it is due, though nothing has changed
    assert store.reads == SHARDS + 1
    inbox.add(new_event("2", subject="other"))
    assert take(inbox).event.id == "2"


def test_an_event_whose_body_the_store_has_lost_holds_up_no_other_and_is_logged(caplog):
    store = Counting()
    inbox = StoreInbox(store, "app")
    for id in "123":
        inbox.add(new_event(id))
    for key in store.keys(":event:1"):
        store.update(key, lambda old, version: None, FOREVER)
    assert drain(inbox, T0) == ["2", "3"]
    assert inbox.get("1") is None
    lost = "LEAN_STORE has lost the body of the webhook entity.created (1): nobody gets it"
    assert caplog.messages == [lost]


class FailingStore(MemoryStore):
    def read(self, key):
        raise ConnectionError("postgresql://shop:hidden-password@db")

    def update(self, key, updater, ttl):
        raise ConnectionError("postgresql://shop:hidden-password@db")


def test_what_the_store_raises_is_an_error_of_the_store_without_its_text():
    inbox = StoreInbox(FailingStore(), "app")
    for operation in (
        lambda: inbox.add(new_event("1")),
        lambda: inbox.claim(T0, 60),
        inbox.counts,
    ):
        with pytest.raises(StoreError, match=r"^FailingStore: ConnectionError$"):
            operation()


def test_a_hosts_store_has_the_list_and_delivers_events_in_the_background(make_app, fake_lean):
    store, heard = MemoryStore(), []
    apps = [make_app(store=store, store_url=None) for _ in range(2)]
    for app in apps:
        app.blueprints["lean"].on("*")(heard.append)
    clients = [app.test_client() for app in apps]
    assert [each.get("/lean/banks").status_code for each in clients] == [200, 200]
    assert fake_lean.count("banks") == 1
    event = fake_lean.set_availability("RJHI_SAU", active={"data": False, "payments": False})
    body, headers = fake_lean.signed(event)
    assert clients[0].post("/lean/webhooks", data=body, headers=headers).status_code == 200
    until(lambda: heard)
    for each in clients:
        until(lambda c=each: not c.get("/lean/banks/RJHI_SAU").json["available"]["data"])


def test_a_hosts_store_that_fails_costs_the_sharing_and_events_alone(make_app, fake_lean, caplog):
    client = make_app(store=FailingStore(), store_url=None).test_client()
    assert client.get("/lean/banks").status_code == 200
    assert client.get("/lean/banks").headers["Cache-Status"].startswith("lean; hit")
    body, headers = fake_lean.signed(fake_lean.webhook_event("entity.created", {}))
    assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 503
    assert caplog.text.count("process memory: FailingStore: ConnectionError") == 1
    assert "hidden-password" not in caplog.text
