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
def scripted_lean():
    return ScriptedLean()


@pytest.fixture
def process(scripted_lean, clock):
    return Process(scripted_lean, clock)
