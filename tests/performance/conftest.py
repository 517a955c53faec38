"""Fixtures of what is counted."""

from pathlib import Path

import pytest

from lean_flask.events.state_gauges import StateGauges
from support.limits import Limits


@pytest.fixture
def limits():
    return Limits(Path(__file__).with_name("limits.toml"))


@pytest.fixture(autouse=True)
def no_metrics_are_read(monkeypatch):
    """The thread that reads them would use the store beside the request that is counted."""
    monkeypatch.setattr(StateGauges, "start", lambda self: None)
    monkeypatch.setattr(StateGauges, "update_in_background", lambda self: None)
