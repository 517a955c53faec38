"""Each metric moves with what it counts, over HTTP, under the faults of a stand-in for Lean."""

import threading
from contextlib import contextmanager

import pytest
from prometheus_client import REGISTRY

from lean_flask.banks.cache import cache
from lean_flask.banks.cache.lease import lease
from lean_flask.banks.stores import fallback
from lean_flask.common.metric_table import METRICS
from lean_flask.events import state_gauges
from lean_flask.testing import faults
from support.redis_server import until

FORGED = {"lean-signature": "sha512=00"}


def calls_that_fail(host):
    host.banks()
    assert host.moved("upstream_calls_total", operation="bank list", result="ok") == 1
    assert host.moved("upstream_call_seconds_count", operation="bank list") == 1
    host.fake_lean.fault("token", faults.Unauthorized())
    assert host.launch(bank_identifier="RJHI_SAU").status_code == 502
    moved = host.moved("upstream_calls_total", operation="customer token", result="refused")
    assert moved == 1


def calls_that_take_time(host):
    host.banks()
    assert host.moved("upstream_call_seconds_count", operation="bank list") == 1


def lists_served(host):
    host.fake_lean.fault("banks", faults.Status(503))
    host.banks(503)
    assert host.moved("bank_lists_served_total", account_type="PERSONAL", state="none") == 1
    host.fake_lean.heal()
    host.services.catalog.refresh()
    host.banks()
    assert host.moved("bank_lists_served_total", account_type="PERSONAL", state="fresh") == 1


def refreshes(host):
    host.banks()
    assert host.moved("bank_list_refreshes_total", account_type="PERSONAL", result="ok") == 1
    host.fake_lean.fault("banks", faults.Status(503))
    host.services.catalog.refresh_in_background()
    host.services.catalog.wait_until_idle()
    assert host.moved("bank_list_refreshes_total", account_type="PERSONAL", result="failed") == 1


def shared_fetches(host):
    gate = faults.Gate()
    host.fake_lean.fault("banks", gate)
    others = [threading.Thread(target=host.app.test_client().get, args=("/lean/banks",))]
    others += [threading.Thread(target=host.app.test_client().get, args=("/lean/banks",))]
    others[0].start()
    gate.wait_for()
    others[1].start()
    moved = lambda: host.moved(  # noqa: E731
        "bank_list_joined_fetches_total", account_type="PERSONAL", other="request"
    )
    until(lambda: moved() == 1)
    gate.open()
    for other in others:
        other.join()
    assert host.fake_lean.count("banks") == 1


def ages(host):
    before = host.services.wall_clock()
    host.banks()
    timestamp = host.samples().value("bank_list_timestamp_seconds", account_type="PERSONAL")
    assert before <= timestamp <= host.services.wall_clock()


def sizes(host):
    count = len(host.banks().json)
    assert count > 10
    assert host.samples().value("bank_list_banks", account_type="PERSONAL") >= count


def tokens(host):
    for _ in range(2):
        assert host.launch(bank_identifier="RJHI_SAU").status_code == 200
    assert host.moved("tokens_total", kind="customer", result="minted") == 1
    assert host.moved("tokens_total", kind="customer", result="reused") >= 1
    assert host.moved("tokens_total", kind="backend", result="minted") == 1


def steps(host):
    flow = host.flow()
    host.client.get("/lean/picker", query_string={"flow": flow})
    host.launch(flow, bank_identifier="RJHI_SAU")
    host.client.get("/lean/return/success")
    host.close(flow, status="MADE_UP_BY_A_BROWSER")
    for step in ("created", "shown", "launched", "returned"):
        assert host.moved("flow_steps_total", method="connect", step=step, status="ok") == 1, step
    assert host.moved("flow_steps_total", method="connect", step="closed", status="other") == 1
    host.close(flow)
    assert host.moved("flow_steps_total", method="connect", step="closed", status="SUCCESS") == 1
    moved = host.moved("flow_steps_total", method="connect", step="outcome", status="reported")
    assert moved >= 1


def refused_flows(host):
    flow = host.flow()
    assert host.launch("forged").status_code == 403
    assert host.moved("flows_refused_total", route="launch", reason="invalid_flow") == 1
    assert host.launch(flow, bank_identifier="NONE_SAU").status_code == 409
    assert host.moved("flows_refused_total", route="launch", reason="unknown") == 1
    assert host.launch(flow, nonsense=1).status_code == 400
    assert host.moved("flows_refused_total", route="launch", reason="body") == 1
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    host.client.post("/lean/launch", json={"flow": flow}, headers=headers)
    assert host.moved("flows_refused_total", route="launch", reason="cross_site") == 1


def page_events(host):
    body = {"flow": host.flow(), "event": "loader_blocked"}
    assert host.client.post("/lean/events", json=body).status_code == 204
    assert host.moved("page_events_total", event="loader_blocked") == 1


def webhooks(host):
    event = host.fake_lean.set_availability("RJHI_SAU", active={"data": False, "payments": False})
    host.deliver(event)
    host.deliver(event)
    assert host.moved("webhooks_total", result="done") == 1
    assert host.moved("webhooks_total", result="repeat") == 1


def refused_webhooks(host):
    event = host.fake_lean.set_availability("RJHI_SAU", active={"data": False, "payments": False})
    assert host.deliver(event, **FORGED).status_code == 401
    assert host.moved("webhooks_refused_total", reason="signature") == 1


def deliveries(host):
    lean = host.app.blueprints[host.name]

    def fail(event):
        raise RuntimeError("the host's database is down")

    lean.on("test.fails")(fail)
    event = host.fake_lean.webhook_event("test.fails", {})
    assert host.deliver(event).status_code == 500
    assert host.moved("event_deliveries_total", result="failed") == 1
    assert host.moved("event_delivered_seconds_count") == 0
    host.deliver(host.fake_lean.webhook_event("test.works", {}))
    assert host.moved("event_deliveries_total", result="delivered") == 1
    assert host.moved("event_delivered_seconds_count") == 1


def delivery_times(host):
    host.deliver(host.fake_lean.webhook_event("test.works", {}))
    assert host.moved("event_delivered_seconds_count") == 1


def kept_events(host):
    lean = host.app.blueprints[host.name]
    lean.on("test.fails")(lambda event: 1 / 0)
    host.deliver(host.fake_lean.webhook_event("test.fails", {}))
    host.services.gauges.update_if_due()
    assert host.samples().value("events", state="waiting") == 1
    assert host.samples().value("events", state="failed") == 1
    assert host.samples().value("events", state="dead") == 0


def overrides(host):
    host.banks()
    host.services.catalog.override("RJHI_SAU", "hide", by="a test")
    host.services.gauges.update_if_due()
    assert host.samples().value("overrides", action="hide") == 1
    assert host.samples().value("overrides", action="unavailable") == 0


MOVES = {
    "upstream_calls_total": calls_that_fail,
    "upstream_call_seconds": calls_that_take_time,
    "bank_lists_served_total": lists_served,
    "bank_list_refreshes_total": refreshes,
    "bank_list_joined_fetches_total": shared_fetches,
    "bank_list_timestamp_seconds": ages,
    "bank_list_banks": sizes,
    "tokens_total": tokens,
    "flow_steps_total": steps,
    "flows_refused_total": refused_flows,
    "page_events_total": page_events,
    "webhooks_total": webhooks,
    "webhooks_refused_total": refused_webhooks,
    "event_deliveries_total": deliveries,
    "event_delivered_seconds": delivery_times,
    "events": kept_events,
    "overrides": overrides,
}
OF_THE_STORE = {"store_up", "store_failures_total"}


@pytest.mark.parametrize("name", MOVES)
def test_it_moves(host, name):
    MOVES[name](host)


def test_the_store_is_seen_to_fail_and_to_recover(make_host, tmp_path, monkeypatch):
    monkeypatch.setattr(fallback, "RETRY_INTERVAL", 0.0)
    file = tmp_path / "shared.sqlite3"
    host = make_host(store_url=f"sqlite:///{file}")
    host.banks()
    assert host.samples().value("store_up") == 1
    for path in tmp_path.glob("shared.*"):
        path.unlink()
    file.mkdir()
    until(lambda: host.banks() and host.samples().value("store_up") == 0)
    assert host.moved("store_failures_total") == 1
    file.rmdir()
    until(lambda: host.banks() and host.samples().value("store_up") == 1)


def test_a_list_that_another_process_fetches_counts_as_shared(make_host, tmp_path, monkeypatch):
    store = f"sqlite:///{tmp_path / 'shared.sqlite3'}"
    one, other = make_host(store_url=store), make_host(store_url=store)
    waits = threading.Event()

    @contextmanager
    def noting(*arguments):
        with lease(*arguments) as is_holder:
            if not is_holder:
                waits.set()
            yield is_holder

    monkeypatch.setattr(cache, "lease", noting)
    gate = faults.Gate()
    one.fake_lean.fault("banks", gate)
    threads = [threading.Thread(target=host.banks) for host in (one, other)]
    for thread in threads:
        thread.start()
    assert waits.wait(30)
    gate.open()
    for thread in threads:
        thread.join()
    labels = {"account_type": "PERSONAL", "other": "process"}
    moved = [host.moved("bank_list_joined_fetches_total", **labels) for host in (one, other)]
    assert sorted(moved) == [0, 1]  # either of them may have been the first
    assert one.fake_lean.count("banks") == 1


def test_a_process_that_only_takes_events_tells_of_those_that_nobody_delivers(
    make_host, tmp_path, monkeypatch
):
    monkeypatch.setattr(state_gauges, "INTERVAL", 0.1)
    store = f"sqlite:///{tmp_path / 'shared.sqlite3'}"
    host = make_host(store_url=store, webhook_delivery="worker")
    host.deliver(host.fake_lean.webhook_event("test.waits", {}))
    waiting = REGISTRY.get_sample_value  # no request: nobody may come at night
    labels = {"blueprint": host.name, "state": "waiting"}
    until(lambda: waiting("lean_flask_events", labels) == 1)
    inbox, now = host.services.events.inbox, host.services.wall_clock()
    inbox.deliver(inbox.claim(now, 60), now, ())
    until(lambda: waiting("lean_flask_events", labels) == 0)


def test_every_metric_is_seen_to_move():
    assert {metric.name for metric in METRICS} == {*MOVES, *OF_THE_STORE}
