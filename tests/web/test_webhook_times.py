"""News about a bank: ordered by Lean's times, or by arrival, and known within two seconds."""

from __future__ import annotations

import threading
import time

import pytest

from lean_flask.banks.cache.sync import MAX_WAIT
from lean_flask.banks.stores.sqlite import SqliteStore
from support.clock import MovableClock, use_clock
from support.launching import token_of

DOWN = {"data": False, "payments": False}
UP = {"data": True, "payments": True}
UNKNOWN = [
    "",
    "yesterday",
    "2026-05-12T13:45:53 03:00",
    1_778_593_553,
    None,
    "2999-01-01T00:00:00Z",
]


def is_available(client, identifier="RJHI_SAU"):
    return client.get(f"/lean/banks/{identifier}").json["available"]["data"]


@pytest.fixture
def deliver(client, fake_lean):
    def post(state, **fields):
        event = fake_lean.set_availability("RJHI_SAU", active=state) | fields
        body, headers = fake_lean.signed(event)
        assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200

    client.get("/lean/banks")
    return post


@pytest.mark.parametrize("timestamp", UNKNOWN)
def test_times_that_cannot_order_news_let_the_later_arrival_count(
    client, deliver, timestamp, caplog
):
    for state in (DOWN, UP, DOWN):
        deliver(state, timestamp=timestamp)
        assert is_available(client) is state["data"]
    assert "the order of arrival counts" in caplog.text


def test_of_two_events_of_one_time_the_later_arrival_counts(client, deliver, caplog):
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    for state in (DOWN, UP, DOWN):
        deliver(state, timestamp=now)
        assert is_available(client) is state["data"]
    assert caplog.text.count("the order of arrival counts") == 2


@pytest.mark.parametrize("timestamp", UNKNOWN)
def test_news_of_an_unknown_time_neither_stops_later_news_nor_lets_older_pass(
    client, fake_lean, deliver, timestamp
):
    older = fake_lean.set_availability("RJHI_SAU", active=DOWN)["timestamp"]
    deliver(UP)
    deliver(DOWN, timestamp=timestamp)
    assert not is_available(client)
    deliver(UP)
    assert is_available(client)
    deliver(DOWN, timestamp=timestamp)
    deliver(UP, timestamp=older)
    assert not is_available(client)


@pytest.fixture
def pair(make_app, fake_lean, tmp_path):
    """A worker that gets the webhook, and one that was idle for 12 seconds; and its clock."""
    clock, clients = MovableClock(), []
    for _ in range(2):
        app = make_app(
            store_url=f"sqlite:///{tmp_path / 'store.sqlite3'}", webhook_delivery="inline"
        )
        use_clock(app, clock)
        clients.append(app.test_client())
        clients[-1].get("/lean/banks")
    return *clients, clock


def take_down(client, fake_lean):
    body, headers = fake_lean.signed(fake_lean.set_availability("RJHI_SAU", active=DOWN))
    assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200


def test_an_idle_worker_answers_with_the_news(pair, fake_lean):
    busy, idle, clock = pair
    take_down(busy, fake_lean)
    clock.ahead += 12
    assert not is_available(idle)


def test_an_idle_worker_launches_no_bank_that_is_down(pair, fake_lean):
    busy, idle, clock = pair
    flow = token_of(idle)
    take_down(busy, fake_lean)
    clock.ahead += 12
    response = idle.post("/lean/launch", json={"flow": flow, "bank_identifier": "RJHI_SAU"})
    assert (response.status_code, response.json["reason"]) == (409, "unavailable")


def test_an_idle_worker_shows_the_news_on_the_page(pair, fake_lean):
    busy, idle, clock = pair
    page = idle.get("/link").location
    before = idle.get(page).text
    take_down(busy, fake_lean)
    clock.ahead += 12
    assert idle.get(page).text.count("aria-disabled") > before.count("aria-disabled")


def test_no_request_waits_long_for_a_store_that_hangs(pair, monkeypatch):
    _, idle, clock = pair
    ends = threading.Event()
    monkeypatch.setattr(SqliteStore, "version", lambda self: ends.wait(10) and 0)
    clock.ahead += 12
    begun = time.monotonic()
    assert idle.get("/lean/banks").status_code == 200
    assert time.monotonic() - begun < 2
    begun = time.monotonic()
    assert [idle.get("/lean/banks").status_code for _ in range(5)] == [200] * 5
    assert time.monotonic() - begun < 4 * MAX_WAIT  # nobody waits for the same look twice
    ends.set()
