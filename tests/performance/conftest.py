"""Fixtures of what is counted."""

from pathlib import Path

import pytest

from lean_flask.events.state_gauges import StateGauges
from support.counted_host import CountedHost
from support.limits import Limits


@pytest.fixture
def limits():
    return Limits(Path(__file__).with_name("limits.toml"))


@pytest.fixture
def make_host(fake_lean, tmp_path):
    def make(banks=40):
        store = f"sqlite:///{tmp_path}/store"
        return CountedHost(fake_lean, banks, store_url=store, webhook_delivery="worker")

    return make


@pytest.fixture(autouse=True)
def no_metrics_are_read(monkeypatch):
    """The thread that reads them would use the store beside the request that is counted."""
    monkeypatch.setattr(StateGauges, "start", lambda self: None)
    monkeypatch.setattr(StateGauges, "update_in_background", lambda self: None)
