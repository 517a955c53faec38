"""How many calls to Lean there are, tokens too: at a start, for many at once, and for a flow."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from lean_flask.testing import faults
from support.clock import wait_until_idle
from support.counted_host import CountedHost

AT_ONCE = 20
EXPIRED = 301  # seconds after which a list is fetched anew


def list_of(host):
    return host.request("/lean/banks")


def ask_at_once(host, environs):
    """Ask while Lean holds the list, so that nobody has it before all have come."""
    gate, begun = faults.Gate(), threading.Barrier(len(environs) + 1)
    host.fake.fault("banks", gate)

    def ask(environ):
        begun.wait(30)
        host.ask(environ)

    with ThreadPoolExecutor(len(environs)) as pool:
        answers = [pool.submit(ask, environ) for environ in environs]
        begun.wait(30)
        gate.wait_for(1)
        gate.open()
    assert not any(answer.exception() for answer in answers)


def cold(host):
    host.ask(list_of(host))


def many_cold(host):
    ask_at_once(host, [list_of(host) for _ in range(AT_ONCE)])


def warm(host):
    for _ in range(AT_ONCE):
        host.ask(list_of(host))


def expired(host):
    host.clock.ahead += EXPIRED
    host.ask(list_of(host))


def many_expired(host):
    host.clock.ahead += EXPIRED
    ask_at_once(host, [list_of(host) for _ in range(AT_ONCE)])


def restarted(host):
    host.start_anew()
    host.ask(list_of(host))


def failing(host):
    """A list that cannot be had is not asked for again by whoever comes next."""
    host.clock.ahead += EXPIRED
    host.fake.fault("banks", faults.Status(500))
    for _ in range(AT_ONCE):
        host.ask(list_of(host))
        wait_until_idle(host.app)


def flow_of(kind):
    """From the link to the last word."""

    def run(host):
        path = host.link(kind=kind)
        host.ask(host.request(path))
        flow = path.partition("flow=")[2].partition("&")[0]
        host.ask(host.launch(flow))
        host.ask(host.report(flow, status="REDIRECT"))
        host.ask(host.request("/lean/return/success"))
        host.ask(host.request("/lean/return", body={"flow": flow}))
        host.ask(host.report(flow))
        host.ask(host.webhook({"id": "entity", "customer_id": "nobody"}))

    return run


#: What is counted, and what was before that.
SITUATIONS = {
    "cold list": (cold, []),
    "cold list, 20 at once": (many_cold, []),
    "list in hand, 20 requests": (warm, [cold]),
    "expired list": (expired, [cold]),
    "expired list, 20 at once": (many_expired, [cold]),
    "expired list, Lean fails, 20 requests": (failing, [cold]),
    "new process, list in the store": (restarted, [cold]),
    "first flow": (flow_of("connect"), [cold]),
    "second flow": (flow_of("connect"), [cold, flow_of("connect")]),
    "first flow, linked banks marked": (flow_of("marked"), [cold]),
    "first payment, guest's form": (flow_of("checkout"), [cold]),
    "new process, first flow": (flow_of("connect"), [cold, restarted]),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_lean_is_called_no_more_often(fake_lean, tmp_path, limits, name):
    count, before = SITUATIONS[name]
    store = f"sqlite:///{tmp_path}/store"
    host = CountedHost(fake_lean, store_url=store, webhook_delivery="worker")
    for prepare in before:
        prepare(host)
    wait_until_idle(host.app)
    fake_lean.clear()
    count(host)
    wait_until_idle(host.app)
    calls = fake_lean.counts()
    limits.hold("calls_to_lean", name, sum(calls.values()), calls)


def test_each_limit_of_calls_is_of_something_that_is_counted(limits):
    assert limits.names("calls_to_lean") == {*SITUATIONS}
