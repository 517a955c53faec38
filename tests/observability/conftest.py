"""Fixtures: hosts that show their metrics."""

import pytest

from support.measured_host import MeasuredHost


@pytest.fixture
def make_host(make_app, fake_lean):
    """Makes one that waits for longer than customers would: a busy machine is no outage."""
    return lambda **settings: MeasuredHost(make_app(**{"timeout": 30} | settings), fake_lean)


@pytest.fixture
def host(make_host):
    return make_host()
