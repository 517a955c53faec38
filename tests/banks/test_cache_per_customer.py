"""Lists per customer: kept apart, and bounded."""

from lean_flask.banks.cache.entries import EntryTable
from lean_flask.banks.cache.shared_lists import ListKey, StoredList
from lean_flask.banks.stores.memory import MemoryStore
from support.bank_cache import (
    FRESH,
    STALE_IF_ERROR,
    UP,
    Process,
    record,
)


def test_customers_lists_are_bounded(clock):
    entries = EntryTable(FRESH, STALE_IF_ERROR, clock.monotonic, clock.wall)
    for number in range(300):
        entries.install(ListKey("PERSONAL", f"customer-{number}"), StoredList((), clock.wall(), 1))
    assert len(entries.known_keys()) <= 256
    assert entries.current(ListKey("PERSONAL", "customer-299"))
    assert entries.current(ListKey("PERSONAL", "customer-0")) is None


def test_customers_lists_are_kept_apart(lean, clock):
    """In the process, and in the store that several processes read."""
    store = MemoryStore(clock.monotonic)
    lean.fetch = lambda key: [record(f"OF_{key.customer_id}", UP)]
    for process in (Process(lean, clock, store), Process(lean, clock, store)):
        for customer in ("one", "two", None):
            (bank,) = process.cache.get(ListKey("PERSONAL", customer)).banks
            assert bank.identifier == f"OF_{customer}"
