"""Webhooks at four gunicorn workers that share a store: each event once, and none is lost."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx

from support.cluster import WORKERS
from support.redis_server import until


def deliver(cluster, fake_lean, event):
    body, headers = fake_lean.signed(event)
    return cluster.post("/lean/webhooks", content=body, headers=headers).status_code


def handled(cluster, event):
    """How often a receiver has come to its end with *event*."""
    known = cluster.events.read_text() if cluster.events.exists() else ""
    return known.splitlines().count(event["event_id"])


def test_an_event_whose_worker_was_killed_is_handled_by_another(settled):
    cluster, fake_lean = settled
    event = fake_lean.webhook_event("host.dies", {})
    with suppress(httpx.TransportError):  # it may die before it has answered
        deliver(cluster, fake_lean, event)
    until(lambda: handled(cluster, event) == 1)
    assert deliver(cluster, fake_lean, event) == 200
    assert handled(cluster, event) == 1
    until(lambda: len(cluster.workers()) == WORKERS)


def test_a_slow_receiver_neither_delays_the_answer_nor_gets_the_event_twice(settled):
    cluster, fake_lean = settled
    event = fake_lean.webhook_event("host.waits", {})
    assert deliver(cluster, fake_lean, event) == 200
    until(cluster.events.with_name("events.host.waits.begun").exists)
    assert {deliver(cluster, fake_lean, event) for _ in range(8)} == {200}
    assert handled(cluster, event) == 0
    cluster.events.with_name("events.host.waits").touch()
    until(lambda: handled(cluster, event) == 1)
    assert {deliver(cluster, fake_lean, event) for _ in range(8)} == {200}
    assert handled(cluster, event) == 1


def test_idle_workers_answer_with_the_news(settled):
    cluster, fake_lean = settled

    def tell(up):
        event = fake_lean.set_availability("RJHI_SAU", active={"data": up})
        assert deliver(cluster, fake_lean, event) == 200

    def answers(responses):
        return {response.json()["available"]["data"] for response in responses}

    path = "/lean/banks/RJHI_SAU"
    assert answers(cluster.by_worker(path).values()) == {True}
    tell(False)
    time.sleep(2)  # that nobody asks is the subject; the promise is two seconds
    assert answers(cluster.many(path, requests=12)) == {False}
    tell(True)
    cluster.until(lambda: answers(cluster.by_worker(path).values()) == {True})


def test_a_burst_of_news_is_taken_at_once_and_its_last_word_counts(settled):
    cluster, fake_lean = settled
    cluster.by_worker()
    names = [bank["identifier"] for bank in fake_lean.banks[:6]]
    rounds = [dict.fromkeys(("data", "payments"), number % 2 == 1) for number in range(20)]
    events = [
        fake_lean.set_availability(name, active=active) for active in rounds for name in names
    ]

    def timed(event):
        begun = time.monotonic()
        assert deliver(cluster, fake_lean, event) == 200
        return time.monotonic() - begun

    with ThreadPoolExecutor(32) as pool:
        assert max(pool.map(timed, events)) < 5  # seconds; Lean waits for ten
    until(lambda: all(handled(cluster, event) == 1 for event in events))

    def is_up(response):
        banks = {bank["identifier"]: bank["available"]["data"] for bank in response.json()}
        return all(banks[name] for name in names)

    cluster.until(lambda: all(map(is_up, cluster.by_worker().values())))
