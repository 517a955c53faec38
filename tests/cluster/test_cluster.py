"""Four gunicorn workers on one list: events, stampedes, outages of the store, dying workers."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from lean_flask.testing import faults
from support.cluster import WORKERS
from support.redis_server import until


def available(response, identifier="RJHI_SAU"):
    bank = next(bank for bank in response.json() if bank["identifier"] == identifier)
    return bank["available"]["data"]


def test_one_list_is_shared_by_all_workers(settled):
    cluster, fake_lean = settled
    responses = cluster.by_worker()
    assert len({response.headers["ETag"] for response in responses.values()}) == 1
    assert fake_lean.count("banks") == 1


# In the default store, a SQLite file. With Redis: test_worker_kinds.py
@pytest.mark.parametrize("preload", [False, True], ids=["forked", "preloaded"])
def test_a_cold_stampede_makes_one_call(make_cluster, fake_lean, preload):
    # A budget that holds on a busy machine, too: who has waited for so long may ask for itself.
    cluster = make_cluster(threads=25, preload=preload, timeout=15)
    fake_lean.fault("banks", faults.Slow(1))
    responses = cluster.many(requests=100)
    assert {response.status_code for response in responses} == {200}
    assert len({response.headers["X-Worker"] for response in responses}) > 1
    assert fake_lean.count("banks") == 1


def test_a_webhook_reaches_every_worker_within_two_seconds(settled):
    cluster, fake_lean = settled
    assert all(available(response) for response in cluster.by_worker().values())
    calls = fake_lean.count("banks")
    for up in (False, True):
        event = fake_lean.set_availability("RJHI_SAU", active={"data": up})
        assert fake_lean.send_webhook(f"{cluster.url}/lean/webhooks", event).status_code == 200
        cluster.until_all_know(
            lambda up=up: all(available(one) is up for one in cluster.by_worker().values())
        )
    assert fake_lean.count("banks") == calls


def test_a_webhook_that_comes_twice_has_one_effect(settled):
    cluster, fake_lean = settled
    event = fake_lean.webhook_event("entity.created", {"id": "x"})
    for _ in range(12):
        assert fake_lean.send_webhook(f"{cluster.url}/lean/webhooks", event).status_code == 200
    assert cluster.events.read_text().splitlines().count(event["event_id"]) == 1


def test_a_stale_list_is_refreshed_by_one_caller_in_the_whole_cluster(
    make_cluster, fake_lean, store_url
):
    cluster = make_cluster(store_url=store_url, banks_ttl=1)
    cluster.by_worker()
    gate = faults.Gate()
    fake_lean.fault("banks", gate)
    calls = fake_lean.count("banks")

    def is_stale(response):
        return "fwd=stale" in response.headers["Cache-Status"]

    cluster.until(lambda: all(map(is_stale, cluster.by_worker().values())))
    assert all(map(is_stale, cluster.many(requests=60)))
    gate.wait_for(1)
    assert fake_lean.count("banks") - calls <= 1
    gate.open()


def test_a_killed_holder_of_the_lease_delays_others_by_one_budget_and_a_restart_starts_warm(
    make_cluster, fake_lean, store_url
):
    cluster = make_cluster(store_url=store_url, timeout=2)
    gate = faults.Gate()
    fake_lean.fault("banks", gate, times=1)
    workers = cluster.workers()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(cluster.get)
        gate.wait_for(1)
        for pid in workers:
            cluster.kill_worker(pid)  # whoever holds the lease is among them
        with pytest.raises(httpx.TransportError):
            first.result()
    until(lambda: len(set(cluster.workers()) - set(workers)) == WORKERS)
    begun = time.monotonic()
    response = cluster.get()
    assert response.status_code == 200
    assert time.monotonic() - begun < 2 + 2
    count = len(response.json())
    cluster.stop()
    fake_lean.stop()
    cluster.start()
    responses = cluster.by_worker()
    assert {len(response.json()) for response in responses.values()} == {count}


def test_redis_stopped_costs_the_sharing_and_never_the_list(make_cluster, fake_lean, redis_server):
    """From a cold start without it, to a Redis that comes, goes, and comes again."""
    redis_server.stop()
    cluster = make_cluster(store_url=redis_server.url)

    def ask():
        begun = time.monotonic()
        assert {response.status_code for response in cluster.many()} == {200}
        assert time.monotonic() - begun < 5

    def failures():
        return cluster.log.read_text().count("falling back to process memory")

    def start_again_and_share(up):
        event = fake_lean.set_availability("RJHI_SAU", active={"data": up})

        def send():
            return fake_lean.send_webhook(f"{cluster.url}/lean/webhooks", event).status_code

        assert send() == 503
        redis_server.start()  # empty: it kept nothing
        until(lambda: send() == 200)
        cluster.until(lambda: all(available(one) is up for one in cluster.by_worker().values()))

    ask()
    start_again_and_share(False)
    known = failures()
    redis_server.stop()
    cluster.until(lambda: ask() or failures() > known)
    start_again_and_share(True)


def test_a_store_file_that_is_corrupt_or_becomes_so_costs_nothing(make_cluster, tmp_path):
    path = tmp_path / "corrupt.sqlite3"
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    cluster = make_cluster(store_url=f"sqlite:///{path}", banks_ttl=1)
    assert {one.status_code for one in cluster.many()} == {200}
    cluster.by_worker()
    with sqlite3.connect(path) as store:  # renewed, and in use
        assert store.execute("SELECT count(*) FROM sqlite_master").fetchone() > (0,)
    path.write_bytes(b"\xff" * 4096)
    for _ in range(3):
        assert {one.status_code for one in cluster.many()} == {200}


def test_a_locked_store_costs_nothing(make_cluster, tmp_path):
    path = tmp_path / "locked.sqlite3"
    cluster = make_cluster(store_url=f"sqlite:///{path}")
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("CREATE TABLE IF NOT EXISTS x (y)")
        other.execute("BEGIN EXCLUSIVE")
        assert {one.status_code for one in cluster.many()} == {200}


def test_one_customers_list_is_never_anothers(settled):
    cluster, fake_lean = settled
    cluster.get()  # everybody's is there
    asked_before = len(fake_lean.requests)
    users = ("one", "two")
    customers = [fake_lean.add_customer(app_user_id=user) for user in users]
    for user in users:
        with cluster.browser() as browser:
            flow = browser.get(f"/link/{user}").headers["location"].split("flow=")[1]
            response = browser.get("/lean/banks", params={"flow": flow})
            assert response.headers["Cache-Control"].startswith("private,")
    asked = fake_lean.requests[asked_before:]
    assert [r.query.get("customer_id") for r in asked if r.endpoint == "banks"] == customers
    assert cluster.get().headers["Cache-Control"].startswith("public,")
