"""A bank by hand in several processes that share a store: seen, kept, lost and brought back."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

import pytest

from lean_flask.banks.cache.shared_overrides import SharedOverrides
from lean_flask.banks.catalog import BankCatalog
from lean_flask.banks.rulings import KEPT
from lean_flask.banks.stores.base import StoreError
from lean_flask.banks.stores.fallback import FallbackStore
from lean_flask.banks.stores.scoped import ScopedStore
from support.bank_cache import SETTINGS, UP, OpenStore, Process, next_timestamp

DAY = 86_400


class Worker(Process):
    """A process with the catalog of its cache."""

    def __init__(self, lean, clock, store):
        super().__init__(lean, clock, store)
        self.clock = clock
        self.catalog = BankCatalog(SETTINGS, self.cache)

    def look(self):
        """Let it look at the store, as the first request after a second does."""
        self.clock.now += 1.1
        self.catalog.listing("PERSONAL")
        self.settle()

    def down(self):
        """The banks that are unavailable here."""
        banks = self.catalog.listing("PERSONAL").banks
        return {bank.identifier for bank in banks if not bank.is_available("data")}

    def put(self, identifier="A", action="unavailable", **options):
        return self.catalog.override(identifier, action, by="a test", **options)


@pytest.fixture
def store(clock):
    return OpenStore(clock)


@pytest.fixture
def make(scripted_lean, clock, store):
    def make(store=store):
        worker = Worker(scripted_lean, clock, store)
        worker.look()
        return worker

    return make


def lose(store):
    store.remove(lambda key: key.endswith(":overrides"))


def overrides_of(store, clock):
    """What a process that knows nothing reads in the store."""
    return SharedOverrides(ScopedStore(store, "scope", 1.0), clock.wall).active().overrides


def test_every_process_sees_it_also_one_that_starts_later(make):
    one, other = make(), make()
    one.put()
    assert one.down() == {"A"}
    other.look()
    assert other.down() == {"A"}
    assert make().down() == {"A"}
    other.catalog.clear_override("A")
    assert other.down() == set()
    one.look()
    assert one.down() == set()


def test_an_idle_process_sees_it_in_its_first_answer(make, clock):
    one, idle = make(), make()
    one.put()
    clock.now += 1.6
    assert idle.down() == {"A"}


def test_new_lists_and_events_do_not_change_it(make, store, clock):
    worker = make()
    worker.put()
    worker.catalog.refresh()
    worker.cache.apply_event("A", next_timestamp(), UP)
    worker.look()
    assert worker.down() == {"A"}
    clock.now += 400 * DAY  # longer than a list or an event lasts in the store
    assert worker.down() == {"A"}
    assert [override.identifier for override in overrides_of(store, clock)] == ["A"]


def test_a_store_that_lost_it_gets_it_back_from_whoever_knows_it(make, store, clock):
    one, other = make(), make()
    one.put()
    other.look()
    lose(store)
    other.look()
    assert [override.identifier for override in overrides_of(store, clock)] == ["A"]


def test_what_was_cleared_does_not_come_back(make, store, clock):
    one, asleep = make(), make()
    one.put()
    asleep.look()
    one.catalog.clear_override("A")
    asleep.look()
    assert asleep.down() == set()
    lose(store)
    one.look()
    asleep.look()
    assert overrides_of(store, clock) == ()


def test_what_was_cleared_does_not_come_back_from_a_process_that_slept_for_long(make, store, clock):
    one, asleep = make(), make()
    one.put()
    asleep.look()
    one.catalog.clear_override("A")
    clock.now += KEPT + DAY
    one.put("B")  # forgets what was cleared so long ago
    assert b'"A"' not in next(store.read(key) for key in store.present() if "overrides" in key)
    asleep.look()
    assert asleep.down() == {"B"}
    assert [override.identifier for override in overrides_of(store, clock)] == ["B"]


def test_the_later_word_counts_although_the_clock_was_set_back(make, store, clock):
    one, other = make(), make()
    one.put()
    clock.wall_offset -= 3600
    lose(store)
    store.forget_version()
    other.look()
    one.look()
    one.catalog.clear_override("A")
    assert one.down() == set()
    other.look()
    assert other.down() == set()


def test_it_ends_by_itself_and_does_not_bring_back_what_it_replaced(make, clock, caplog):
    worker = make()
    until = datetime.fromtimestamp(clock.wall() + 60, UTC)
    worker.put()
    worker.put(until=until)
    revision = worker.catalog.listing("PERSONAL").revisions
    assert worker.down() == {"A"}
    clock.now += 61
    assert worker.down() == set()
    assert worker.catalog.listing("PERSONAL").revisions != revision
    assert worker.catalog.overrides() == ()
    assert "its time has come" in caplog.text


def test_an_end_that_comes_before_a_clock_is_set_back_is_none(make, clock):
    worker = make()
    worker.put(until=datetime.fromtimestamp(clock.wall() + 60, UTC))
    clock.now += 61
    assert worker.down() == set()
    clock.wall_offset -= 30
    assert worker.down() == {"A"}


def test_a_purpose_that_is_cleared_leaves_the_other_one(make):
    worker = make()
    worker.put()
    (cleared,) = worker.catalog.clear_override("A", "data")
    assert cleared.purpose == "data"
    (left,) = worker.catalog.overrides()
    assert left.purpose == "payments"
    assert worker.catalog.clear_override("A", "data") == ()


class Outage:
    """A store that can be out of reach."""

    def __init__(self, store):
        self._store, self.is_down = store, False

    def __getattr__(self, name):
        if self.is_down:
            raise StoreError("down")
        return getattr(self._store, name)


def test_while_the_store_is_down_it_holds_and_afterwards_all_share_it(make, store, clock):
    outages = [Outage(store), Outage(store)]
    fallbacks = [FallbackStore(outage, clock.monotonic, clock.wall) for outage in outages]
    one, other = map(make, fallbacks)
    one.put()
    other.look()
    for outage in outages:
        outage.is_down = True
    one.look()
    assert one.down() == {"A"}
    one.put("B")
    one.catalog.clear_override("A")
    other.look()
    assert (one.down(), other.down()) == ({"B"}, {"A"})
    for outage in outages:
        outage.is_down = False
    clock.now += 10
    for worker, fallback in ((one, fallbacks[0]), (other, fallbacks[1])):
        worker.look()
        fallback.wait_until_idle(30)
        worker.look()
    other.look()
    assert (one.down(), other.down()) == ({"B"}, {"B"})


def rewritten(store, change):
    """Change the value in the store as another writer could."""

    def each(value):
        if not value.startswith(b'{"floor"'):
            return value
        content = json.loads(value)
        change(content)
        return json.dumps(content).encode()

    store.replace_values(each)


STRICT = {
    "identifier": "no bank",
    "ruled": "all",
    "version": "7",
    "action": "erase",
    "purpose": "payments",
    "until": "soon",
}


@pytest.mark.parametrize("field", STRICT)
def test_what_decides_is_not_guessed(make, store, clock, field, caplog):
    make().put("A", purpose="data")
    make().put("B", purpose="data")

    def spoil(content):
        content["rulings"][0][field] = STRICT[field]

    rewritten(store, spoil)
    assert [override.identifier for override in overrides_of(store, clock)] == ["B"]
    assert "Skipped stored override number 1" in caplog.text


def test_a_text_that_is_wrong_costs_only_itself(make, store, clock):
    make().put(purpose="data", message={"en": "Back soon", "ar": "قريباً"}, why="x")

    def spoil(content):
        content["rulings"][0] |= {"message": {"en": "x" * 999, "ar": "\u202eقريباً"}, "why": [1]}

    rewritten(store, spoil)
    (override,) = overrides_of(store, clock)
    assert override.message == {"en": "قريباً", "ar": "قريباً"}
    assert (override.why, override.by) == ("", "a test")


@pytest.mark.parametrize("value", [b"", b"[]", b"{}", b'{"floor": 1e999, "rulings": []}', b"\xff"])
def test_a_value_that_is_something_else_is_ignored(make, store, clock, caplog, value):
    worker = make()
    worker.put()
    store.replace_values(lambda old: value if old.startswith(b'{"floor"') else old)
    assert overrides_of(store, clock) == ()
    assert "The stored overrides are ignored as corrupt" in caplog.text
    worker.put("B")  # whoever knows more mends it
    assert [override.identifier for override in overrides_of(store, clock)] == ["A", "B"]


def test_the_log_of_each_process_says_what_is_in_force_and_why_no_longer(make, caplog):
    one, other = make(), make()
    one.put(why="ticket 4711")
    caplog.clear()
    with caplog.at_level(logging.WARNING, "lean_flask"):
        other.look()
        one.catalog.override("A", "hide", by="b")
        one.catalog.clear_override("A", by="c", why="they are back")
        other.look()
    said = [record.getMessage().partition("is ")[2] for record in caplog.records]
    first = "A unavailable by a test (ticket 4711)"
    assert said == [
        f"in force: {first}",
        "in force: A hide by b",
        f"over: {first}: replaced",
        "over: A hide by b: cleared by c (they are back)",
        f"over: {first}: cleared by c (they are back)",
    ]
