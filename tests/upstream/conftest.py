"""Fixtures: a client on FakeLean, and the clock by which its tokens age."""

from __future__ import annotations

import pytest

from lean_flask.config.settings import load_settings
from lean_flask.upstream.client import LeanClient


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
