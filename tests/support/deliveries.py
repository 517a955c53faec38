"""Events in a real inbox, delivered to receivers of the test, by a clock that the test moves."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager

import pytest

from lean_flask.banks.stores.base import StoreError
from lean_flask.events.calls import Calls
from lean_flask.events.cleaning import Cleaner
from lean_flask.events.delivery import Delivery, DeliveryTools
from lean_flask.events.inbox import NewEvent
from lean_flask.events.open_inbox import open_inbox
from lean_flask.events.receivers import Receivers
from lean_flask.events.workers import DeliveryWorkers
from support.clock import MovableClock

WAIT = 10  # seconds; nothing takes a tenth of a second


class Bench:
    """What a process has, without Flask.

    :param url: of the store; two benches of one URL are two processes.
    """

    def __init__(self, url="memory:", clock=None, lease=60.0):
        self.clock = clock or MovableClock()
        self.inbox = open_inbox(url, "/nowhere", "scope")
        self.receivers = Receivers()
        self.on = self.receivers.on
        self.own = []
        self.of_signal = []
        self.lease = lease
        self.contexts = []
        calls = Calls(self.own, self.receivers, lambda: self.of_signal, "the app")
        self.tools = DeliveryTools(
            self.inbox, self.open_body, calls.of, self._context, self.clock.wall, lambda: 1.0
        )
        self.cleaner = Cleaner(self.inbox, 86_400, self.clock.wall, lambda: 1.0)

    def open_body(self, body):
        return body

    @contextmanager
    def _context(self):
        self.contexts.append("begun")
        yield
        self.contexts.append("ended")

    def add(self, event_id="1", type="entity.created", subject="s", **payload):
        body = json.dumps({"type": type, "event_id": event_id, "payload": payload}).encode()
        return self.inbox.add(NewEvent(event_id, type, subject, body, self.clock.wall(), 86_400))

    def claim(self, subject=None):
        return self.inbox.claim(self.clock.wall(), self.lease, subject)

    def begin(self, claim):
        return Delivery(self.tools, claim)

    def run(self, **options):
        """Deliver the event that is due; return whether every receiver has had it."""
        return self.begin(self.claim()).run(**options)

    def workers(self, limit=8):
        return DeliveryWorkers(
            self.inbox,
            self.begin,
            self.cleaner,
            limit=limit,
            lease=self.lease,
            clock=self.clock.monotonic,
            wall_clock=self.clock.wall,
            random=lambda: 0.5,
        )


class Held:
    """A receiver that returns when the test says so."""

    def __init__(self, bench, type="*"):
        self.begun, self.released = threading.Semaphore(0), threading.Event()
        self.events = []
        bench.on(type)(self)

    def __call__(self, event):
        self.events.append(event.event_id)
        self.begun.release()
        assert self.released.wait(WAIT)

    def wait(self):
        assert self.begun.acquire(timeout=WAIT)


def state(bench, event_id="1"):
    return bench.inbox.get(event_id).state


def step(team):
    """Make one step, and wait for the deliveries that it began."""
    team.step()
    assert team.wait_until_idle(WAIT)


@contextmanager
def store_fails(bench, *names):
    def fail(self, *arguments):
        raise StoreError("down")

    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            patch.setattr(type(bench.inbox), name, fail)
        yield
