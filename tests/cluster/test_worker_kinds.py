"""The same faults on each kind of worker that docs/deployment.md names, forked or preloaded."""

from __future__ import annotations

import pytest
import redis

from lean_flask.testing import faults
from support.redis_server import until

WORKERS = 2
BUDGET = 1.5  # seconds of a call to Lean; a busy machine takes one for requests at once

#: Half of all pairs, for time. The others went through the same when this was written.
KINDS = [("gthread", False), ("sync", True), ("gevent", True)]


@pytest.mark.parametrize(
    ("kind", "preload"),
    KINDS,
    ids=[f"{kind}-{'preload' if pre else 'fork'}" for kind, pre in KINDS],
)
def test_no_fault_costs_the_list(make_cluster, fake_lean, redis_server, kind, preload):
    fake_lean.fault("banks", faults.Slow(0.3))
    cluster = make_cluster(
        kind=kind,
        preload=preload,
        workers=WORKERS,
        store_url=redis_server.url,
        banks_ttl=1,
        timeout=BUDGET,
    )

    def ask(count=12):
        """Many requests at once: they all get the list, and none waits for a call to Lean."""
        responses = cluster.many(requests=count)
        assert {response.status_code for response in responses} == {200}
        return responses

    ask(40)  # cold: one call
    assert fake_lean.count("banks") == 1
    fake_lean.heal()

    fake_lean.fault("banks", faults.Hang())  # while the list becomes stale

    def has_failed():
        assert max(response.elapsed.total_seconds() for response in ask()) < BUDGET
        return "detail=stale-if-error" in cluster.get().headers["Cache-Status"]

    cluster.until(has_failed)

    with redis.Redis.from_url(redis_server.url) as client:  # the store loses its data
        client.flushall()
        cluster.until(lambda: ask() and client.keys("*:header:*"))
    (killed, *_) = cluster.workers()  # and a new worker has only what the others wrote back
    cluster.kill_worker(killed)
    until(lambda: len(set(cluster.workers()) - {killed}) == WORKERS)
    until(lambda: _all_answer(cluster))
    cluster.by_worker()
    ask()

    event = fake_lean.set_availability("RJHI_SAU", active={"data": False})
    assert fake_lean.send_webhook(f"{cluster.url}/lean/webhooks", event).status_code == 200
    cluster.until(lambda: not any(map(_has_data, cluster.by_worker().values())))


def _all_answer(cluster):
    try:
        return {response.status_code for response in cluster.many("/lean/banks", 8)} == {200}
    except OSError:
        return False


def _has_data(response):
    (bank,) = (one for one in response.json() if one["identifier"] == "RJHI_SAU")
    return bank["available"]["data"]
