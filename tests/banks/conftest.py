"""Fixtures of the bank cache."""

import pytest

from support.bank_cache import (
    Clock,
    Process,
    ScriptedLean,
)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def lean():
    return ScriptedLean()


@pytest.fixture
def process(lean, clock):
    return Process(lean, clock)
