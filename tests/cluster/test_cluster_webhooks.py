"""Webhooks at four gunicorn workers that share a store: each event once, and none is lost."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from support.cluster import WORKERS
from support.redis_server import until


def deliver(cluster, lean, event):
    return lean.send_webhook(f"{cluster.url}/lean/webhooks", event).status_code


def handled(cluster, event):
    """How often a receiver has come to its end with *event*."""
    known = cluster.events.read_text() if cluster.events.exists() else ""
    return known.splitlines().count(event["event_id"])


def test_an_event_whose_worker_was_killed_is_handled_by_another(settled):
    cluster, lean = settled
    event = lean.webhook_event("host.dies", {})
    with pytest.raises(httpx.TransportError):
        deliver(cluster, lean, event)
    assert deliver(cluster, lean, event) == 503
    assert handled(cluster, event) == 0
    until(lambda: deliver(cluster, lean, event) == 200, 10)
    assert deliver(cluster, lean, event) == 200
    assert handled(cluster, event) == 1
    until(lambda: len(cluster.workers()) == WORKERS)


def test_a_repeat_during_a_slow_receiver_is_asked_for_again_by_every_worker(settled):
    cluster, lean = settled
    event = lean.webhook_event("host.waits", {})
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(deliver, cluster, lean, event)
        until(lambda: deliver(cluster, lean, event) == 503 or first.done())
        assert {deliver(cluster, lean, event) for _ in range(8)} == {503}
        cluster.events.with_name("events.host.waits").touch()
        assert first.result() == 200
    assert {deliver(cluster, lean, event) for _ in range(8)} == {200}
    assert handled(cluster, event) == 1


def test_idle_workers_answer_with_the_news(settled):
    cluster, lean = settled
    for up in (False, True):
        cluster.by_worker()
        event = lean.set_availability("RJHI_SAU", active={"data": up})
        assert deliver(cluster, lean, event) == 200
        time.sleep(2)  # that nobody asks is the subject; the promise is two seconds
        answers = cluster.many("/lean/banks/RJHI_SAU", requests=12)
        assert {answer.json()["available"]["data"] for answer in answers} == {up}
