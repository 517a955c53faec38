"""One run of the work per key, and waiting for all of it."""

from __future__ import annotations

import threading

import pytest

from lean_flask.common.single_flight import SingleFlight


def test_background_work_can_be_waited_for() -> None:
    flights, gate = SingleFlight[str](), threading.Event()
    done: list[str] = []

    def finish() -> str:
        gate.wait(10)
        done.append("done")
        return "done"

    assert flights.start("key", finish)
    assert not flights.start("key", lambda: "a second run")
    with pytest.raises(TimeoutError, match="did not end"):
        flights.wait_until_idle(0.01)
    gate.set()
    flights.wait_until_idle(10)
    assert done == ["done"]
