"""What a process keeps of requests that it has answered: nothing that grows with their number."""

from __future__ import annotations

import gc
import sys

import pytest

from lean_flask.banks.stores import sqlite_pool
from support.counting import serve, unwatched
from support.hot_requests import HOT, REPEATED

ROUNDS = 4
#: Blocks of memory for each request, let pass: what Python keeps for itself comes and goes.
NOISE = 0.5


#: Python keeps names that it has looked up, some thousand.
clear_names = getattr(sys, "_clear_internal_caches", None) or sys._clear_type_cache


def blocks():
    sqlite_pool._close_all()  # each connection keeps some hundred of its cursors
    clear_names()
    gc.collect()
    return sys.getallocatedblocks()


def kept(run, times):
    """The blocks that stay for each run, in the round of *times* runs that leaves the fewest."""
    least = float("inf")
    with unwatched():
        for _ in range(times):
            run()
        for _ in range(ROUNDS):
            before = blocks()
            for _ in range(times):
                run()
            least = min(least, (blocks() - before) / times)
            if least < NOISE / 2:
                break
    return 0 if least <= NOISE else round(least, 1)


@pytest.mark.parametrize("name", [*REPEATED, "POST /webhooks", "POST /webhooks, repeated"])
def test_nothing_is_kept_of_a_request(make_host, limits, name):
    host = make_host()
    blocks_kept = kept(lambda: serve(host.app, host.next_of(HOT[name])), 20)
    limits.hold("blocks_kept", name, blocks_kept)


def test_nothing_is_kept_of_a_query(make_host, limits):
    host, name = make_host(banks=3), "GET /banks?q=, new"
    with unwatched():
        for _ in range(550):  # more than are remembered
            serve(host.app, host.next_of(HOT[name]))
    blocks_kept = kept(lambda: serve(host.app, host.next_of(HOT[name])), 20)
    limits.hold("blocks_kept", name, blocks_kept)


def test_nothing_is_kept_of_a_flow_but_in_the_store(make_host, limits):
    host = make_host()

    def whole_flow():
        path = host.link()
        flow = path.partition("flow=")[2].partition("&")[0]
        serve(host.app, host.request(path))
        host.ask(host.launch(flow))
        serve(host.app, host.report(flow, status="REDIRECT"))
        serve(host.app, host.request("/lean/return/success"))
        serve(host.app, host.report(flow))

    limits.hold("blocks_kept", "whole flow", kept(whole_flow, 10))


def test_each_limit_of_blocks_is_of_something_that_is_counted(limits):
    webhooks = {name for name in HOT if "webhooks" in name}
    assert limits.names("blocks_kept") == {
        *REPEATED, *webhooks, "GET /banks?q=, new", "whole flow",
    }  # fmt: skip
