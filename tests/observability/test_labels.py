"""The values of labels are known beforehand: no browser and no customer adds a series."""

from lean_flask.web.flow_metrics import OTHER

EVIL = "evil-4711"


def series(host):
    return set(host.samples())


def send_everything(host, evil):
    """What a browser can say, with *evil* wherever it may say something of its own."""
    flow = host.flow()
    host.client.get("/lean/picker", query_string={"flow": evil})
    host.client.get("/lean/picker", query_string={"flow": flow, "chosen": evil, "lang": evil})
    host.client.get("/lean/banks", query_string={"q": evil, "account_type": evil, "country": evil})
    host.client.get(f"/lean/banks/{evil}")
    host.client.get(f"/lean/{evil}")
    host.launch(evil)
    host.launch(flow, bank_identifier=evil)
    host.launch(flow, platform=evil)
    host.launch(flow, **{evil: evil})
    host.client.post("/lean/launch", data=evil, content_type=f"text/{evil}")
    host.launch(flow, bank_identifier="RJHI_SAU")
    host.client.post("/lean/return", json={"flow": flow, "landed_with": {"bank_identifier": evil}})
    host.client.get("/lean/return/success", query_string={"bank_identifier": evil})
    for member in ("status", "secondary_status", "exit_point"):
        host.close(host.flow(), **{member: evil})
    body = {"flow": flow, "event": "search_empty", "query": evil, "bank_identifier": evil}
    host.client.post("/lean/events", json=body)
    host.client.post("/lean/events", json=body | {"event": evil})
    host.client.post("/lean/webhooks", data=evil, headers={"lean-signature": evil})
    host.deliver(host.fake_lean.webhook_event(evil, {"id": evil}))


def test_a_browser_adds_no_series(host):
    send_everything(host, EVIL)
    before = series(host)
    assert not [key for key in before if EVIL in str(key).lower()]
    assert host.moved("flow_steps_total", method="connect", step="closed", status=OTHER) == 1
    send_everything(host, "another-4712")
    assert series(host) == before
