"""Lists per customer: kept apart, and bounded."""

from lean_flask.banks.cache.entries import EntryTable
from lean_flask.banks.cache.shared_lists import ListKey, StoredList
from lean_flask.banks.stores.memory import MemoryStore
from lean_flask.errors import UpstreamTimeout
from support.bank_cache import (
    DOWN,
    FRESH,
    KEY,
    STALE_IF_ERROR,
    UP,
    OpenStore,
    Process,
    next_timestamp,
    record,
)


def customer(number):
    return ListKey("PERSONAL", f"customer-{number}")


class CountingStore(OpenStore):
    """Counts the bytes that are read from it."""

    bytes_read = 0

    def read(self, key):
        value = super().read(key)
        self.bytes_read += len(value or b"")
        return value


def test_customers_lists_are_bounded(clock):
    entries = EntryTable(FRESH, STALE_IF_ERROR, clock.monotonic, clock.wall)
    for number in range(300):
        entries.install(ListKey("PERSONAL", f"customer-{number}"), StoredList((), clock.wall(), 1))
    assert len(entries.known_keys()) <= 256
    assert entries.current(ListKey("PERSONAL", "customer-299"))
    assert entries.current(ListKey("PERSONAL", "customer-0")) is None


def test_customers_lists_are_kept_apart(scripted_lean, clock):
    """In the process, and in the store that several processes read."""
    store = MemoryStore(clock.monotonic)
    scripted_lean.fetch = lambda key: [record(f"OF_{key.customer_id}", UP)]
    for process in (Process(scripted_lean, clock, store), Process(scripted_lean, clock, store)):
        for customer in ("one", "two", None):
            (bank,) = process.cache.get(ListKey("PERSONAL", customer)).banks
            assert bank.identifier == f"OF_{customer}"


def test_lists_of_the_same_banks_are_stored_once(scripted_lean, clock):
    store = OpenStore(clock)
    process = Process(scripted_lean, clock, store)
    process.get()
    body = store.size()
    for number in range(200):
        process.cache.get(customer(number))
    assert store.size() < 2 * body + 200 * 300


def test_lists_of_the_same_banks_are_rendered_once(scripted_lean, clock):
    process = Process(scripted_lean, clock)
    revisions = {process.cache.get(customer(number)).entry.revision for number in range(5)}
    assert len(revisions) == 1


def test_a_process_reads_nothing_of_customers_that_it_does_not_serve(scripted_lean, clock):
    store = CountingStore(clock)
    one, other = Process(scripted_lean, clock, store), Process(scripted_lean, clock, store)
    one.get(), other.get()

    def cost_of_a_look():
        clock.now += 1.1
        store.update("x", lambda *_: repr(clock.now).encode(), 10)  # something changed
        before = store.bytes_read
        other.get()
        return store.bytes_read - before

    cost_of_a_look()
    alone = cost_of_a_look()
    for number in range(200):
        one.cache.get(customer(number))
        other.cache.get(customer(number))
    cost_of_a_look()
    assert cost_of_a_look() <= alone


def test_a_customers_list_lasts_an_hour_in_the_store_and_the_common_one_longer(
    scripted_lean, clock
):
    store = OpenStore(clock)
    process = Process(scripted_lean, clock, store)
    process.get()
    process.cache.get(customer(1))
    clock.now += FRESH + 3600 - 1
    assert any("header" in key and key.count(":") > 4 for key in store.present())
    clock.now += 2
    (left,) = (key for key in store.present() if "header" in key)
    assert left.endswith("PERSONAL")


def test_the_banks_outlive_the_last_header_that_names_them(scripted_lean, clock):
    store = OpenStore(clock)
    process = Process(scripted_lean, clock, store)
    process.get()
    clock.now += 6000
    process.get()  # the same banks, so they are not stored again
    scripted_lean.failure = UpstreamTimeout("slow")
    clock.now += STALE_IF_ERROR - 100
    assert len(Process(scripted_lean, clock, store).get().banks) == 4


def test_news_about_banks_do_not_fetch_each_customers_list(scripted_lean, clock):
    process = Process(scripted_lean, clock)
    for number in range(20):
        process.cache.get(customer(number))
    calls = scripted_lean.calls
    process.cache.refresh_in_background(KEY)
    process.settle()
    assert scripted_lean.calls == calls + 1
    assert process.cache.get(customer(1)).state == "stale"
    process.settle()
    assert process.cache.get(customer(1)).state == "fresh"


def test_an_event_reaches_each_customers_list(scripted_lean, clock):
    store = OpenStore(clock)
    one, other = Process(scripted_lean, clock, store), Process(scripted_lean, clock, store)
    for process in (one, other):
        process.cache.get(customer(1))
    one.cache.apply_event("A", next_timestamp(), DOWN)
    clock.now += 1.1
    for process in (one, other):
        process.cache.get(customer(2))
        process.settle()
        bank = process.cache.get(customer(1)).banks[0]
        assert (bank.identifier, bank.availability) == ("A", DOWN)
