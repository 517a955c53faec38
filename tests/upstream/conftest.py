"""Fixtures: a client on FakeLean or on a scripted server, and the clock of its tokens."""

from __future__ import annotations

import threading

import pytest

from lean_flask.config.settings import load_settings
from lean_flask.upstream.client import LeanClient
from support.scripted_upstream import ScriptedUpstream


class Clock:
    """Monotonic seconds that a test moves."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def make_client(fake_lean, clock):
    def make(**settings):
        return LeanClient(load_settings({}, overrides=fake_lean.settings() | settings), clock)

    return make


@pytest.fixture
def upstream():
    """A server that says what the test wants it to."""
    with ScriptedUpstream() as server:
        threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def lean_client(upstream):
    """A client of the scripted server that needs no token."""
    return LeanClient(load_settings({}, overrides={"app_token": "t-1", "api_url": upstream.url}))
