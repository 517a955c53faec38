"""The table of docs/bank-list.md, row by row, over HTTP. Each row has the test of its name."""

from __future__ import annotations

import logging
import re
import sys
import time
from functools import partial

import pytest

from lean_flask.banks.cache.cache import SHORT_WAIT
from lean_flask.services import get_services
from lean_flask.testing import faults
from support.clock import MovableClock, use_clock, wait_until_idle
from support.outages import OUTAGES, Outage
from support.paths import ROOT

DOCUMENT = ROOT / "docs" / "bank-list.md"
FRESH, STALE, STALE_IF_ERROR = 100, 1000, 5000
WINDOWS = {"banks_ttl": FRESH, "banks_stale": STALE, "banks_stale_if_error": STALE_IF_ERROR}
BUDGET = 0.8  # of a call to Lean
DOWN = {"data": False, "payments": False}


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("lean_flask.banks.cache.backoff.INITIAL_DELAY", 10.0)
    return MovableClock()


@pytest.fixture
def host(clock, make_app, request):
    use_clock(app := make_app(**WINDOWS, timeout=getattr(request, "param", BUDGET)), clock)
    return app


@pytest.fixture
def client(host):
    return host.test_client()


@pytest.fixture
def settled(host):
    return partial(wait_until_idle, host)


def status(response):
    return response.headers["Cache-Status"]


def picker(client):
    return client.get(client.get("/link").location).text


def test_fresh(client, clock, fake_lean):
    client.get("/lean/banks")
    clock.ahead += FRESH - 50
    response = client.get("/lean/banks")
    assert re.fullmatch(r"lean; hit; ttl=[1-5]?\d", status(response))
    assert FRESH - 50 <= int(response.headers["Age"]) <= FRESH
    assert fake_lean.count("banks") == 1


def test_stale(client, clock, fake_lean, settled):
    before = client.get("/lean/banks")
    clock.ahead += FRESH + 10
    gate = faults.Gate()
    fake_lean.fault("banks", gate)
    responses = [client.get("/lean/banks") for _ in range(5)]
    for response in responses:
        assert re.fullmatch(
            r"lean; fwd=stale; ttl=-[1-5]\d; detail=stale-while-revalidate", status(response)
        )
        assert response.data == before.data
        assert int(response.headers["Age"]) >= FRESH + 10
    gate.wait_for(1)
    gate.open()
    settled()
    assert status(client.get("/lean/banks")).startswith("lean; hit")
    assert fake_lean.count("banks") == 2


def test_failing(client, clock, fake_lean, settled):
    before = client.get("/lean/banks")
    fake_lean.fault("banks", faults.Status(500))
    clock.ahead += FRESH + 10
    client.get("/lean/banks")
    settled()
    response = client.get("/lean/banks")
    assert "detail=stale-if-error" in status(response)
    assert response.data == before.data
    clock.ahead += 20 * 60
    settled()
    assert "may be out of date" in picker(client)


def test_old(client, clock, fake_lean):
    client.get("/lean/banks")
    clock.ahead += FRESH + STALE + 10
    response = client.get("/lean/banks")
    assert status(response).startswith("lean; fwd=miss; stored")
    assert int(response.headers["Age"]) < 10  # as long as a busy machine may take
    assert fake_lean.count("banks") == 2


@pytest.mark.parametrize("host", [2.5], indirect=True)  # a budget that a busy machine stays below
def test_old_hanging(client, clock, fake_lean, settled):
    before = client.get("/lean/banks")
    clock.ahead += FRESH + STALE + 10
    fake_lean.fault("banks", gate := faults.Gate())
    waits = []
    for _ in range(5):  # the first ones while the fetch is under way
        asked = time.monotonic()
        response = client.get("/lean/banks")
        waits.append(time.monotonic() - asked)
        assert (response.status_code, response.data) == (200, before.data)
        assert "fwd=stale" in status(response)
    assert 0.2 < waits[0] < 2.5
    assert sum(waits[1:]) < 4 * SHORT_WAIT  # these do not wait again
    settled()  # the call has timed out
    assert "detail=stale-if-error" in status(client.get("/lean/banks"))
    gate.open()


def test_too_old(client, clock, fake_lean):
    client.get("/lean/banks")
    fake_lean.stop()
    clock.ahead += FRESH + STALE_IF_ERROR + 10
    assert client.get("/lean/banks").status_code == 503


def test_cold(client, fake_lean):
    response = client.get("/lean/banks")
    assert status(response).startswith("lean; fwd=miss; stored")
    assert fake_lean.count("banks") == 1


def test_missing(client, fake_lean):
    fake_lean.fault("banks", faults.Status(500))
    response = client.get("/lean/banks")
    assert response.status_code == 503
    assert response.mimetype == "application/problem+json"
    assert int(response.headers["Retry-After"]) >= 1
    calls = fake_lean.count("banks")
    assert client.get("/lean/banks").status_code == 503
    assert fake_lean.count("banks") == calls
    page = picker(client)
    assert 'data-state="missing"' in page
    assert ">Continue<" in page


def test_shrunk(client, clock, fake_lean, settled, caplog):
    before = client.get("/lean/banks")
    fake_lean.fault("banks", faults.Shrunk(2))
    clock.ahead += FRESH + 10

    def look():
        client.get("/lean/banks")
        settled()
        return client.get("/lean/banks")

    for _ in range(14):
        assert look().data == before.data
        assert client.get("/lean/health").json["status"] == "degraded"
        clock.ahead += 61
    assert caplog.text.count("Lean's list has 2 banks") == 1
    clock.ahead += 61
    assert len(look().json) == 2
    assert caplog.text.count("is no longer in doubt") == 1
    assert client.get("/lean/health").json["status"] == "ok"


def test_emptied(client, clock, fake_lean, settled, host):
    before = client.get("/lean/banks")
    fake_lean.banks = []
    clock.ahead += FRESH + 10
    for _ in range(5):
        client.get("/lean/banks")
        settled()
        assert client.get("/lean/banks").data == before.data
        assert client.get("/lean/health").json["status"] == "degraded"
        clock.ahead += 900
    refresh = host.test_cli_runner().invoke
    assert "refresh --force" in refresh(args=["lean", "refresh"]).output
    assert client.get("/lean/banks").data == before.data
    assert refresh(args=["lean", "refresh", "--force"]).exit_code == 0
    assert client.get("/lean/banks").json == []


def test_malformed(client, fake_lean, caplog):
    fake_lean.fault("banks", faults.MalformedBank())
    with caplog.at_level(logging.WARNING):
        assert len(client.get("/lean/banks").json) > 10
    assert "Skipped bank number 1" in caplog.text


def test_event(client, fake_lean):
    client.get("/lean/banks")
    body, headers = fake_lean.signed(fake_lean.set_availability("RJHI_SAU", active=DOWN))
    client.post("/lean/webhooks", data=body, headers=headers)
    assert client.get("/lean/banks/RJHI_SAU").json["available"] == DOWN
    assert fake_lean.count("banks") == 1


def test_event_during_refresh(client, clock, fake_lean, settled):
    client.get("/lean/banks")
    clock.ahead += FRESH + 10
    gate = faults.Late()  # the answer is made, and then held back
    fake_lean.fault("banks", gate)
    client.get("/lean/banks")
    gate.wait_for(1)
    body, headers = fake_lean.signed(fake_lean.set_availability("RJHI_SAU", active=DOWN))
    client.post("/lean/webhooks", data=body, headers=headers)
    gate.open()
    settled()
    response = client.get("/lean/banks/RJHI_SAU")
    assert status(response).startswith("lean; hit")
    assert response.json["available"] == DOWN


def test_per_customer(make_app, fake_lean):
    client = make_app(per_customer=True).test_client()
    token = client.get("/link").location.partition("flow=")[2]
    response = client.get(f"/lean/banks?flow={token}")
    assert response.headers["Cache-Control"].startswith("private,")
    assert fake_lean.requests[-1].query["customer_id"] in fake_lean.customers
    assert client.get("/lean/banks").headers["Cache-Control"].startswith("public,")
    assert "customer_id" not in fake_lean.requests[-1].query


def test_store_emptied(make_app, clock, fake_lean, tmp_path):
    path = tmp_path / "store"
    apps = [make_app(store_url=f"sqlite:///{path}") for _ in range(2)]
    for app in apps:
        use_clock(app, clock)
    holder = apps[0].test_client()
    before = holder.get("/lean/banks")
    fake_lean.stop()
    for file in tmp_path.glob("store*"):
        file.unlink()
    clock.ahead += 2
    holder.get("/lean/banks")  # looks at the store
    with apps[0].app_context():
        get_services("lean").catalog.wait_until_idle()
    after = apps[1].test_client().get("/lean/banks")
    assert (after.status_code, after.data) == (200, before.data)


def test_restart(make_app, fake_lean, tmp_path):
    store = f"sqlite:///{tmp_path / 'store'}"
    before = make_app(store_url=store).test_client().get("/lean/banks")
    fake_lean.stop()
    after = make_app(store_url=store).test_client().get("/lean/banks")
    assert after.data == before.data
    assert status(after).startswith("lean; hit")


def test_store_down(make_app, caplog):
    client = make_app(store_url="redis://127.0.0.1:1/0").test_client()
    assert client.get("/lean/banks").status_code == 200
    assert status(client.get("/lean/banks")).startswith("lean; hit")
    assert caplog.text.count("falling back to process memory") == 1


@pytest.fixture(params=OUTAGES)
def outage(request, fake_lean, host):
    with host.app_context():
        return Outage(request.param, fake_lean, get_services("lean").client)


def test_outage(client, clock, outage, fake_lean, settled):
    before = client.get("/lean/banks")
    outage.begin()
    clock.ahead += FRESH + 10
    for _ in range(3):  # while the refresh is under way, and after it has failed
        asked = time.monotonic()
        response = client.get("/lean/banks")
        assert time.monotonic() - asked < BUDGET  # it did not wait for the call
        assert (response.status_code, response.data) == (200, before.data)
        assert "fwd=stale" in status(response)
        settled()
    assert "detail=stale-if-error" in status(response)
    calls = fake_lean.count("banks")
    client.get("/lean/banks")
    settled()
    assert fake_lean.count("banks") == calls  # the pause holds
    outage.end()
    clock.ahead += 60
    client.get("/lean/banks")
    settled()
    assert status(client.get("/lean/banks")).startswith("lean; hit")


def test_every_row_of_the_document_has_its_test():
    rows = re.findall(r"^\| `(\w+)` \|", DOCUMENT.read_text(), re.MULTILINE)
    assert len(rows) >= 14
    for row in rows:
        assert hasattr(sys.modules[__name__], f"test_{row}"), row
