"""Concurrent calls for one key run once and share the result or the error."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, wait
from typing import Generic, TypeVar

from .tracing import carried

T = TypeVar("T")


class _Flight(Future[T]):
    """A run that is under way."""

    def __init__(self) -> None:
        super().__init__()
        self.started = time.monotonic()


class SingleFlight(Generic[T]):
    """At most one run of the work per key at a time, inside this process.

    :param on_joined: called with the key by each caller that waits for another one's run.
    """

    def __init__(self, on_joined: Callable[[Hashable], None] = lambda key: None) -> None:
        self._on_joined = on_joined
        self._lock = threading.Lock()
        self._flights: dict[Hashable, _Flight[T]] = {}

    def do(self, key: Hashable, work: Callable[[], T], wait: float) -> T:
        """Run *work*, or wait up to *wait* seconds for the run that is under way for *key*.

        :raises TimeoutError: when another caller's run takes longer than *wait*.
        """
        with self._lock:
            flight = self._flights.get(key)
            leads = flight is None
            if flight is None:
                flight = self._flights[key] = _Flight()
        if leads:
            self._run(key, flight, work)
        else:
            self._on_joined(key)
        return flight.result(timeout=wait)

    def start(self, key: Hashable, work: Callable[[], T]) -> bool:
        """Run *work* in the background unless it is under way; return whether it was started."""
        return self._start(key, work)[0]

    def run(self, key: Hashable, work: Callable[[], T], wait: float) -> T:
        """Run *work* in the background unless it is under way; wait for it up to *wait* seconds.

        :raises TimeoutError: when it takes longer. It goes on, and others may wait for it.
        """
        was_started, flight = self._start(key, work)
        if not was_started:
            self._on_joined(key)
        return flight.result(timeout=wait)

    def join(self, key: Hashable, within: float) -> None:
        """Wait for the run that is under way for *key*, until *within* seconds after its start."""
        with self._lock:
            flight = self._flights.get(key)
        if flight and not flight.done():
            self._on_joined(key)
            wait([flight], flight.started + within - time.monotonic())

    def wait_until_idle(self, timeout: float) -> None:
        """Wait for the runs that are under way, and those that begin meanwhile, for tests.

        :param timeout: seconds.
        :raises TimeoutError: when some have not ended by then.
        """
        deadline = time.monotonic() + timeout
        while runs := self._under_way():
            wait(runs, max(0.0, deadline - time.monotonic()))
            if time.monotonic() > deadline and self._under_way():
                raise TimeoutError(f"Background work did not end within {timeout} s")

    def _start(self, key: Hashable, work: Callable[[], T]) -> tuple[bool, _Flight[T]]:
        with self._lock:
            flight = self._flights.get(key)
            if flight is not None:
                return False, flight
            flight = self._flights[key] = _Flight()
        thread = threading.Thread(
            target=carried(self._run),
            args=(key, flight, work),
            name="lean-flask-refresh",
            daemon=True,
        )
        thread.start()
        return True, flight

    def _under_way(self) -> list[_Flight[T]]:
        with self._lock:
            return list(self._flights.values())

    def _run(self, key: Hashable, flight: _Flight[T], work: Callable[[], T]) -> None:
        try:
            result = work()
        except BaseException as error:
            self._land(key)
            flight.set_exception(error)
        else:
            self._land(key)
            flight.set_result(result)

    def _land(self, key: Hashable) -> None:
        with self._lock:
            del self._flights[key]
