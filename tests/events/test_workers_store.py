"""The threads that deliver, while the store of events fails."""

from __future__ import annotations

import threading

import pytest

from lean_flask.banks.stores.base import StoreError
from lean_flask.events import workers
from support.deliveries import Bench, state, step, store_fails


@pytest.fixture
def bench():
    return Bench()


def test_a_store_that_fails_is_logged_once_and_left_alone_longer_and_longer(bench, caplog):
    bench.on("*")(lambda event: None)
    bench.add()
    team = bench.workers()
    with store_fails(bench, "claim"):
        pauses = [team.step() for _ in range(7)]
    assert pauses == [2, 4, 8, 16, 30, 30, 30]
    assert caplog.text.count("Events wait: the store of events is unreachable: down") == 1
    step(team)
    assert state(bench) == "delivered"
    assert caplog.text.count("Events are delivered again") == 1


def test_an_outcome_is_noted_once_the_store_works_again(bench, monkeypatch, caplog):
    monkeypatch.setattr(workers, "POLL_INTERVAL", 0.001)
    calls, failed = [], threading.Event()
    bench.on("*")(calls.append)
    bench.add()
    team = bench.workers()
    real = type(bench.inbox).deliver

    def deliver(inbox, *arguments):
        if not failed.is_set():
            failed.set()
            raise StoreError("down")
        real(inbox, *arguments)

    monkeypatch.setattr(type(bench.inbox), "deliver", deliver)
    step(team)
    assert (state(bench), len(calls)) == ("delivered", 1)
    assert "could not be noted, trying again: down" in caplog.text
