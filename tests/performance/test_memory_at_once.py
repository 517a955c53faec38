"""The most memory that a request takes while it is answered: no copy of what is in hand."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from support.counted_host import CountedHost
from support.counting import serve, unwatched
from support.hot_requests import HOT, REPEATED

WRITES = ("start of a flow", "POST /launch", "POST /callback", "POST /webhooks")
#: The objects of one Python are larger than those of another.
SLACK = 0.25


def most_bytes(host, make):
    """The bytes that a request takes beyond those before it, at the most."""
    for _ in range(3):
        host.ask(make())
    with unwatched():
        environ = make()
        gc.collect()
        gc.disable()
        tracemalloc.start()
        try:
            serve(host.app, environ)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            gc.enable()


@pytest.mark.parametrize(("names", "banks"), [(tuple(REPEATED), 1_000), (WRITES, 40)])
def test_a_request_takes_no_more_memory(fake_lean, tmp_path, limits, names, banks):
    store = f"sqlite:///{tmp_path}/store"
    host = CountedHost(fake_lean, banks, store_url=store, webhook_delivery="worker")
    for name in names:
        kilobytes = round(most_bytes(host, HOT[name](host)) / 1_000, 1)
        limits.hold("kilobytes_at_once", name, kilobytes, slack=SLACK)


def test_each_limit_of_memory_is_of_something_that_is_counted(limits):
    assert limits.names("kilobytes_at_once") == {*REPEATED, *WRITES}
