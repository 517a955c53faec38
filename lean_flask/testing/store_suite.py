"""What a store must do, as tests for pytest: subclass :class:`StoreSuite` in your tests.

lean-flask's own stores pass the same tests.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TypeVar

import pytest

from .. import Store, StoreBusy

LONG = 10 * 365 * 86_400.0  # seconds; events that wait have no end of their own
#: Keys are ASCII, up to 250 characters, and differ by case.
KEYS = ("a", "A", "a ", "{lean-flask}:1:f00:banks", "a_b", "a%b", "a*b", "a'b\"c\\d", "k" * 250)
T = TypeVar("T")
VALUES = (b"", b"1", b"\x00\xff\n\r\x00", bytes(range(256)), b"x" * 300_000)


class StoreSuite:
    """The tests. A subclass says how to make a store::

        class TestMyStore(StoreSuite):
            @pytest.fixture
            def store(self):
                return MyStore(...)

    Each test needs a store that has none of its keys.

    :cvar ttl: the shortest time to live that the store keeps apart from none, in seconds.
    """

    ttl = 1.0
    patience = 15.0  # seconds to wait for what must come

    @pytest.fixture
    def store(self) -> Store:
        """Return the store to test."""
        raise NotImplementedError("override the fixture 'store'")

    @pytest.fixture
    def other_store(self, store: Store) -> Store:
        """Return another object on the same data, as another process has one.

        Override it: by default it is *store*, and only threads are tested.
        """
        return store

    def test_a_key_that_was_never_written_has_no_value(self, store: Store) -> None:
        """``None`` is no value."""
        assert store.read("never") is None
        assert store.update("never", lambda old, version: old, 10) is None

    @pytest.mark.parametrize("value", VALUES, ids=("empty", "one", "nul", "all", "large"))
    def test_a_value_is_read_as_it_was_written(
        self, store: Store, other_store: Store, value: bytes
    ) -> None:
        """Values are any bytes."""
        assert put(store, "key", value) == value
        for each in (store, other_store):
            read = each.read("key")
            assert read == value
            assert type(read) is bytes

    def test_keys_are_not_mixed_up(self, store: Store) -> None:
        """Keys are compared byte by byte, and whole."""
        for key in KEYS:
            put(store, key, key.encode())
        assert [store.read(key) for key in KEYS] == [key.encode() for key in KEYS]

    def test_none_deletes_a_key(self, store: Store, other_store: Store) -> None:
        """A deletion is a change to ``None``."""
        put(store, "key", b"1")
        put(store, "other", b"2")
        assert put(store, "key", None) is None
        assert other_store.read("key") is None
        assert other_store.read("other") == b"2"
        assert seen(store, "key") is None

    def test_a_value_ends_after_its_time(self, store: Store, other_store: Store) -> None:
        """Also for those who change it."""
        put(store, "key", b"1", self.ttl)
        put(store, "long", b"2", LONG)
        self.wait_for(lambda: store.read("key") is None)
        assert other_store.read("key") is None
        assert seen(other_store, "key") is None
        assert other_store.read("long") == b"2"

    def test_a_change_gives_a_value_a_new_time(self, store: Store) -> None:
        """The time is that of the latest change."""
        put(store, "key", b"1", self.ttl)
        put(store, "mark", b"1", self.ttl)
        put(store, "key", b"2", LONG)
        self.wait_for(lambda: store.read("mark") is None)
        assert store.read("key") == b"2"

    def test_what_returns_the_same_value_gives_it_no_new_time(self, store: Store) -> None:
        """No change is made then."""
        put(store, "key", b"1", self.ttl)
        store.update("key", lambda old, version: old, LONG)
        self.wait_for(lambda: store.read("key") is None)

    def test_the_version_grows_with_each_change_and_with_nothing_else(
        self, store: Store, other_store: Store
    ) -> None:
        """It is one number for all keys."""
        versions = [store.version()]
        for key, value in (("a", b"1"), ("a", b"2"), ("b", b"2"), ("a", None)):
            put(store, key, value)
            versions.append(other_store.version())
        assert all(type(version) is int for version in versions)
        assert [later > earlier for earlier, later in pairwise(versions)] == [True] * 4
        store.read("b")
        put(store, "b", b"2")
        put(store, "a", None)
        assert other_store.version() == versions[-1]

    def test_a_change_is_given_the_old_value_and_the_version_that_it_makes(
        self, store: Store, other_store: Store
    ) -> None:
        """Values may have their version in them."""
        put(store, "key", b"1")
        before, calls = store.version(), []

        def change(old: bytes | None, version: int) -> bytes:
            calls.append((old, version))
            return b"2"

        assert other_store.update("key", change, 100) == b"2"
        assert calls[-1] == (b"1", store.version())
        assert calls[-1][1] > before
        assert type(calls[-1][0]) is bytes

    def test_an_updater_that_raises_changes_nothing_and_is_heard(self, store: Store) -> None:
        """Callers rely on its exception."""
        put(store, "key", b"1")
        before = store.version()

        def fail(old: bytes | None, version: int) -> bytes:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            store.update("key", fail, 100)
        assert (store.read("key"), store.version()) == (b"1", before)
        assert put(store, "key", b"2") == b"2"  # nothing is locked

    def test_changes_at_once_do_not_lose_each_other(self, store: Store, other_store: Store) -> None:
        """A change is made to the value that it was given."""

        def add(old: bytes | None, version: int) -> bytes:
            return str(int(old or 0) + 1).encode()

        def work(each: Store) -> None:
            for _ in range(20):
                persistently(lambda: each.update("counter", add, 100))

        together(work, (store, other_store) * 3)
        assert store.read("counter") == b"120"

    def test_a_value_is_made_by_one_alone(self, store: Store, other_store: Store) -> None:
        """As a lease is taken: whoever finds none."""
        made: list[bytes | None] = []

        def take(each: Store, name: bytes) -> None:
            made.append(persistently(lambda: each.update("lease", lambda old, _: old or name, 100)))

        together(lambda pair: take(*pair), [(store, b"1"), (other_store, b"2")] * 3)
        assert len(made) == 6
        assert len(set(made)) == 1

    def test_no_two_changes_have_one_version(self, store: Store, other_store: Store) -> None:
        """Also not those of different keys."""

        def work(pair: tuple[Store, str]) -> None:
            each, name = pair
            for number in range(10):
                key = f"{name} {number}"
                write_version(each, key)

        together(work, [(store, "a"), (other_store, "b"), (store, "c"), (other_store, "d")])
        given = [int(store.read(f"{name} {n}") or 0) for name in "abcd" for n in range(10)]
        assert len(set(given)) == 40
        assert max(given) == store.version()

    def test_who_sees_a_version_sees_each_change_up_to_it(
        self, store: Store, other_store: Store
    ) -> None:
        """Otherwise a process would never look for a change that it has not seen."""
        keys, is_over = ("a", "b", "c"), threading.Event()
        writers = ThreadPoolExecutor(len(keys))

        def write(key: str) -> None:
            for _ in range(30):
                write_version(store, key)

        def values() -> dict[str, int]:
            return {key: int(other_store.read(key) or 0) for key in keys}

        looks: list[tuple[int, dict[str, int]]] = []
        with writers:
            writes = [writers.submit(write, key) for key in keys]
            while not is_over.is_set():
                if all(each.done() for each in writes):
                    is_over.set()  # and one look more
                looks.append((other_store.version(), values()))
        for each in writes:
            each.result()
        for (version, early), (_, late) in pairwise(looks):
            for key in keys:
                assert late[key] == early[key] or late[key] > version, "a change came too late"
        assert max(looks[-1][1].values()) == looks[-1][0]

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until *condition* holds.

        :raises TimeoutError: when it does not within :attr:`patience`.
        """
        end, is_late = time.monotonic() + self.patience, False
        while not condition():  # once more after the end, however slow the machine is
            if is_late:
                raise TimeoutError(f"it did not come within {self.patience} s")
            is_late = time.monotonic() > end
            time.sleep(0.005)


def put(store: Store, key: str, value: bytes | None, ttl: float = 100) -> bytes | None:
    """Write *value*, whatever there was."""
    return store.update(key, lambda old, version: value, ttl)


def write_version(store: Store, key: str) -> None:
    """Write the version that the change makes."""
    persistently(lambda: store.update(key, lambda _, version: str(version).encode(), 100))


def persistently(operation: Callable[[], T]) -> T:
    """Run *operation* again while the store is busy: then it has changed nothing."""
    for _ in range(20):
        try:
            return operation()
        except StoreBusy:
            pass
    return operation()


def together(work: Callable[[T], None], items: Iterable[T]) -> None:
    """Run *work* for each of *items*, in threads that begin at once."""
    given = list(items)
    start = threading.Barrier(len(given))

    def run(item: T) -> None:
        start.wait()
        work(item)

    with ThreadPoolExecutor(len(given)) as pool:
        for each in [pool.submit(run, item) for item in given]:
            each.result()


def seen(store: Store, key: str) -> bytes | None:
    """Return the value that a change of *key* is given."""
    calls: list[bytes | None] = []

    def look(old: bytes | None, version: int) -> bytes | None:
        calls.append(old)
        return old

    store.update(key, look, 100)
    return calls[-1]
