"""Fixtures: hosts that show their metrics."""

from itertools import count

import pytest

from support.measured_host import MeasuredHost

numbers = count()


@pytest.fixture
def make_host(make_app, fake_lean):
    """Makes one that waits for longer than customers would: a busy machine is no outage.

    Its blueprint has a name of its own: a process has one registry, and threads of the hosts of
    other tests may still count.
    """

    def make(**settings):
        name = f"lean{next(numbers)}"
        return MeasuredHost(make_app(name, **{"timeout": 30} | settings), fake_lean, name)

    return make


@pytest.fixture
def host(make_host):
    return make_host()
