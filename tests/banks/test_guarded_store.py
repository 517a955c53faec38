"""A store of the host that does what no store may."""

from __future__ import annotations

import pytest

from lean_flask import StoreBusy, StoreError
from lean_flask.banks.stores.guarded import GuardedStore
from lean_flask.banks.stores.memory import MemoryStore
from lean_flask.testing.store_suite import StoreSuite


class TestGuarded(StoreSuite):
    """It changes nothing of a store that keeps its promises."""

    ttl = 0.01

    @pytest.fixture
    def store(self):
        return GuardedStore(MemoryStore())


class Wrong:
    """Returns what a test says."""

    def __init__(self, value):
        self._value = value

    def version(self):
        return self._value

    def read(self, key):
        return self._value

    def update(self, key, updater, ttl):
        return updater(self._value, 1)


@pytest.mark.parametrize("value", ["text", 1.5, True, None])
def test_a_version_is_a_whole_number(value):
    with pytest.raises(StoreError, match=r"Wrong: version\(\) returned \w+, not int"):
        GuardedStore(Wrong(value)).version()


def test_values_are_bytes():
    store = GuardedStore(Wrong("text"))
    with pytest.raises(StoreError, match=r"Wrong: read\(\) has str, not bytes"):
        store.read("a")
    with pytest.raises(StoreError, match=r"Wrong: update\(\) has str, not bytes"):
        store.update("a", lambda old, version: b"1", 1)


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_what_many_drivers_return_is_made_bytes(kind):
    store, seen = GuardedStore(Wrong(kind(b"1"))), []
    assert (store.read("a"), type(store.read("a"))) == (b"1", bytes)
    store.update("a", lambda old, version: seen.append(old) or b"2", 1)
    assert [type(old) for old in seen] == [bytes]


class Wrapping(MemoryStore):
    """Raises errors of its own around those of the updater, or swallows them."""

    def __init__(self, error):
        super().__init__()
        self._error = error

    def update(self, key, updater, ttl):
        try:
            return super().update(key, updater, ttl)
        except ZeroDivisionError as error:
            if self._error:
                raise self._error("hidden") from error
            return None


@pytest.mark.parametrize("error", [RuntimeError, StoreError, None])
def test_what_an_updater_raises_is_raised_whatever_the_store_makes_of_it(error):
    with pytest.raises(ZeroDivisionError):
        GuardedStore(Wrapping(error)).update("a", lambda old, version: 1 / 0, 1)


@pytest.mark.parametrize("error", [StoreError("down"), StoreBusy("busy")])
def test_errors_of_a_store_are_passed_on(error):
    class Down(MemoryStore):
        def read(self, key):
            raise error

    with pytest.raises(type(error), match=str(error)):
        GuardedStore(Down()).read("a")


def test_the_text_of_another_error_is_left_out():
    class Down(MemoryStore):
        def version(self):
            raise OSError("hidden")

    with pytest.raises(StoreError, match=r"^Down: OSError$") as caught:
        GuardedStore(Down()).version()
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
