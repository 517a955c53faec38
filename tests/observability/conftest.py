"""Fixtures: hosts that show their metrics."""

import pytest

from support.measured_host import MeasuredHost


@pytest.fixture
def make_host(make_app, fake_lean):
    return lambda **settings: MeasuredHost(make_app(**settings), fake_lean)


@pytest.fixture
def host(make_host):
    return make_host()
