"""How many Python functions a request enters: the machine's speed has no part in it."""

from __future__ import annotations

import pytest

from support.counted_host import CountedHost
from support.counting import beside_constant, calls_of
from support.hot_requests import HOT, REPEATED

#: The lists in which a request is counted: what is made for it alone, in a shorter one.
LISTS = {1_000: [*REPEATED, "GET /banks?q=, new"], 240: [name for name in HOT if "first" in name]}


@pytest.fixture
def make_host(fake_lean, tmp_path):
    def make(banks):
        store = f"sqlite:///{tmp_path / str(banks)}"
        return CountedHost(fake_lean, banks, store_url=store, webhook_delivery="worker")

    return make


def ready(host, name):
    """What makes the request of this name; what is made once is made."""
    make = HOT[name](host)
    host.ask(make())
    return make


@pytest.mark.parametrize("name", HOT)
def test_a_request_enters_no_more_functions(make_host, limits, name):
    host = make_host(40)
    calls, ratio = beside_constant(host, ready(host, name))
    limits.hold("calls", name, calls.ours.total(), calls.ours.listed(), slack=0.001)
    limits.hold("calls_beside_constant", name, round(ratio, 2), calls.listed(), slack=0.05)


@pytest.mark.parametrize("most", LISTS)
def test_a_longer_list_costs_no_more_for_each_bank(make_host, limits, most):
    names = LISTS[most]
    counted = {}
    for banks in (40, most):
        host = make_host(banks)
        counted[banks] = {name: calls_of(host, ready(host, name)()).ours for name in names}
    for name in names:
        few, many = counted[40][name], counted[most][name]
        each = max(0, many.total() - few.total()) / (most - 40)
        limits.hold("calls_for_each_bank", name, round(each, 2), many.beside(few).listed())


def test_each_limit_is_of_something_that_is_counted(limits):
    assert limits.names("calls") == limits.names("calls_beside_constant") == {*HOT}
    assert limits.names("calls_for_each_bank") == {
        name for names in LISTS.values() for name in names
    }
