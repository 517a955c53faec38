"""The suite for stores finds what is wrong with a store: each of these is wrong in one way."""

from __future__ import annotations

import inspect
import random
import threading
import time

import pytest

from lean_flask.banks.stores.memory import MemoryStore
from lean_flask.testing.store_suite import VALUES, StoreSuite


class LosesChanges(MemoryStore):
    """Reads, then writes, without a lock between."""

    def update(self, key, updater, ttl):
        old, version = self.read(key), self.version() + 1
        new = updater(old, version)
        time.sleep(0)
        return super().update(key, lambda _, v: new, ttl)


class KeepsTheVersion(MemoryStore):
    def update(self, key, updater, ttl):
        version = self._version
        new = super().update(key, updater, ttl)
        if version:
            self._version = version
        return new


class CountsEveryCall(MemoryStore):
    def update(self, key, updater, ttl):
        self._version += 1
        return super().update(key, updater, ttl)


class CountsReads(MemoryStore):
    def read(self, key):
        self._version += 1
        return super().read(key)


class CountsPerKey(MemoryStore):
    """Its versions cannot be compared between keys."""

    def __init__(self):
        super().__init__()
        self._stores = {}

    def read(self, key):
        return self._store(key).read(key)

    def update(self, key, updater, ttl):
        return self._store(key).update(key, updater, ttl)

    def version(self):
        return sum(store._version for store in self._stores.values())

    def _store(self, key):
        return self._stores.setdefault(key, MemoryStore(wall_clock=lambda: 0))


class KeepsForEver(MemoryStore):
    def update(self, key, updater, ttl):
        return super().update(key, updater, 1e12)


class EndsEarly(MemoryStore):
    """Takes a long time to live as a date, as memcached does."""

    def update(self, key, updater, ttl):
        return super().update(key, updater, 0 if ttl > 30 * 86_400 else ttl)


class KeepsTheFirstTime(MemoryStore):
    def __init__(self):
        super().__init__()
        self._ends = {}

    def update(self, key, updater, ttl):
        end = self._ends.setdefault(key, time.monotonic() + ttl)
        return super().update(key, updater, end - time.monotonic())


class ProlongsUnchanged(MemoryStore):
    def update(self, key, updater, ttl):
        new = super().update(key, updater, ttl)
        if new is not None:
            with self._lock:
                self._values[key] = (new, ttl)
        return new


class ReadsWhatEnded(MemoryStore):
    """A change is given a value whose time is over."""

    def __init__(self):
        super().__init__()
        self._last = {}

    def update(self, key, updater, ttl):
        kept = self._last.get(key)
        new = super().update(key, lambda old, version: updater(old or kept, version), ttl)
        self._last[key] = new
        return new


class MakesUp(MemoryStore):
    def update(self, key, updater, ttl):
        return super().update(key, lambda old, v: updater(old or b"", v), ttl)


class KeepsNone(MemoryStore):
    def update(self, key, updater, ttl):
        return super().update(key, lambda old, v: updater(old, v) or old, ttl)


class TakesEmptyForNone(MemoryStore):
    def read(self, key):
        return super().read(key) or None


class IgnoresCase(MemoryStore):
    def read(self, key):
        return super().read(key.lower())

    def update(self, key, updater, ttl):
        return super().update(key.lower(), updater, ttl)


class CutsKeys(MemoryStore):
    def read(self, key):
        return super().read(key[:200].rstrip())

    def update(self, key, updater, ttl):
        return super().update(key[:200].rstrip(), updater, ttl)


class CutsValues(MemoryStore):
    def read(self, key):
        value = super().read(key)
        return value if value is None else value[:65_535]


class EndsAtZero(MemoryStore):
    def read(self, key):
        value = super().read(key)
        return value and value.rstrip(b"\0")


class ReturnsText(MemoryStore):
    def read(self, key):
        value = super().read(key)
        return value if value is None else value.decode("latin-1")


class ReturnsViews(MemoryStore):
    def read(self, key):
        value = super().read(key)
        return value if value is None else memoryview(value)


class SwallowsErrors(MemoryStore):
    def update(self, key, updater, ttl):
        try:
            return super().update(key, updater, ttl)
        except ZeroDivisionError:
            return None


class StaysLocked(MemoryStore):
    def __init__(self):
        super().__init__()
        self._writing = threading.Lock()

    def update(self, key, updater, ttl):
        assert self._writing.acquire(timeout=0.05), "still locked"
        new = super().update(key, updater, ttl)
        self._writing.release()
        return new


class CountsBeforeItFails(MemoryStore):
    def update(self, key, updater, ttl):
        version = self._version
        try:
            return super().update(key, updater, ttl)
        except BaseException:
            self._version = version + 1
            raise


class GivesAnotherVersion(MemoryStore):
    def update(self, key, updater, ttl):
        return super().update(key, lambda old, version: updater(old, version - 1), ttl)


class ReturnsTheOldValue(MemoryStore):
    def update(self, key, updater, ttl):
        old = self.read(key)
        super().update(key, updater, ttl)
        return old


class ShowsTheVersionFirst(MemoryStore):
    """Others see the version before they see the value."""

    def __init__(self):
        super().__init__()
        self._shown = {}

    def read(self, key):
        return self._shown.get(key)

    def update(self, key, updater, ttl):
        new = super().update(key, updater, ttl)
        time.sleep(random.uniform(0, 0.002))
        self._shown[key] = super().read(key)
        return new


class LetsTwoMake(MemoryStore):
    """Gives a key that is not there to each who asks at once."""

    def update(self, key, updater, ttl):
        if self.read(key) is None:
            new = updater(None, self.version() + 1)
            time.sleep(0.001)
            return super().update(key, lambda old, version: new, ttl)
        return super().update(key, updater, ttl)


#: The test that finds each of them.
MUTANTS = {
    LosesChanges: "changes_at_once_do_not_lose_each_other",
    KeepsTheVersion: "the_version_grows_with_each_change_and_with_nothing_else",
    CountsEveryCall: "the_version_grows_with_each_change_and_with_nothing_else",
    CountsReads: "the_version_grows_with_each_change_and_with_nothing_else",
    CountsPerKey: "no_two_changes_have_one_version",
    KeepsForEver: "a_value_ends_after_its_time",
    EndsEarly: "a_value_ends_after_its_time",
    ReadsWhatEnded: "a_value_ends_after_its_time",
    KeepsTheFirstTime: "a_change_gives_a_value_a_new_time",
    ProlongsUnchanged: "what_returns_the_same_value_gives_it_no_new_time",
    KeepsNone: "none_deletes_a_key",
    MakesUp: "a_key_that_was_never_written_has_no_value",
    TakesEmptyForNone: "a_value_is_read_as_it_was_written",
    CutsValues: "a_value_is_read_as_it_was_written",
    EndsAtZero: "a_value_is_read_as_it_was_written",
    ReturnsText: "a_value_is_read_as_it_was_written",
    ReturnsViews: "a_value_is_read_as_it_was_written",
    ReturnsTheOldValue: "a_value_is_read_as_it_was_written",
    IgnoresCase: "keys_are_not_mixed_up",
    CutsKeys: "keys_are_not_mixed_up",
    SwallowsErrors: "an_updater_that_raises_changes_nothing_and_is_heard",
    StaysLocked: "an_updater_that_raises_changes_nothing_and_is_heard",
    CountsBeforeItFails: "an_updater_that_raises_changes_nothing_and_is_heard",
    GivesAnotherVersion: "a_change_is_given_the_old_value_and_the_version_that_it_makes",
    ShowsTheVersionFirst: "who_sees_a_version_sees_each_change_up_to_it",
    LetsTwoMake: "a_value_is_made_by_one_alone",
}
TESTS = {
    name.removeprefix("test_"): test
    for name, test in inspect.getmembers(StoreSuite, inspect.isfunction)
    if name.startswith("test_")
}


class Suite(StoreSuite):
    __test__ = False
    ttl, patience = 0.01, 0.2


def passes(make_store, name):
    """Run the test *name* with each of its values, on a store of its own."""
    takes = inspect.signature(TESTS[name]).parameters
    for value in VALUES if "value" in takes else [None]:
        store = make_store()
        given = {"store": store, "other_store": store, "value": value}
        try:
            TESTS[name](Suite(), **{key: given[key] for key in given if key in takes})
        except (Exception, pytest.fail.Exception):
            return False
    return True


@pytest.mark.parametrize("kind", MUTANTS)
def test_a_store_that_breaks_a_promise_fails(kind):
    # What shows in threads alone does not show each time.
    assert not all(passes(kind, MUTANTS[kind]) for _ in range(50))


@pytest.mark.parametrize("name", TESTS)
def test_each_test_passes_with_a_store_that_keeps_them_and_finds_one_that_does_not(name):
    assert passes(MemoryStore, name)
    assert name in MUTANTS.values()
