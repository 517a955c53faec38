"""A store that fails: process memory takes its place, and it is tried again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lean_flask.banks.stores.base import StoreError
from lean_flask.banks.stores.fallback import RETRY_INTERVAL, FallbackStore
from lean_flask.banks.stores.memory import MemoryStore
from support.clock import MovableClock


class Breakable(MemoryStore):
    """Fails while the test says so; counts what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.is_broken = False
        self.reads = 0

    def read(self, key: str) -> bytes | None:
        self.reads += 1
        if self.is_broken:
            raise StoreError("down")
        return super().read(key)


def test_a_store_is_tried_again_and_its_recovery_logged(caplog: pytest.LogCaptureFixture) -> None:
    clock, inner = MovableClock(), Breakable()
    store = FallbackStore(inner, clock.monotonic, clock.wall)
    store.update("a", lambda old, version: b"shared", 100)
    with caplog.at_level(logging.INFO):
        inner.is_broken = True
        assert [store.read("a"), store.read("a")] == [None, None]
        assert inner.reads == 1
        clock.ahead += RETRY_INTERVAL + 1
        assert store.read("a") is None
        store.wait_until_idle(5)
        assert inner.reads == 2
        inner.is_broken = False
        clock.ahead += RETRY_INTERVAL + 1
        assert store.read("a") is None  # nobody waits for the attempt
        store.wait_until_idle(5)
        assert store.read("a") == b"shared"
    assert caplog.messages == [
        "Store unreachable - falling back to process memory: down",
        "Store recovered",
    ]
    assert {record.levelname for record in caplog.records} == {"WARNING"}


def test_a_store_that_fails_again_at_once_is_not_said_to_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, inner, told = MovableClock(), Breakable(), list[bool]()
    store = FallbackStore(inner, clock.monotonic, clock.wall)
    store.watch(told.append)
    inner.is_broken = True
    store.read("a")
    lock = store._lock

    @contextmanager
    def fails_once_it_is_noted() -> Iterator[None]:
        """As another thread's call may, before the recovery is told."""
        with lock:
            yield
        monkeypatch.setattr(store, "_lock", lock)
        inner.is_broken = True
        store.read("a")

    inner.is_broken = False
    monkeypatch.setattr(store, "_lock", fails_once_it_is_noted())
    store._probe()
    assert store.failure == "down"
    assert told == [True, False]
