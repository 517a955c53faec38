"""The stand-in under control over HTTP: what FakeLean's methods do, and what is refused."""

from __future__ import annotations

import inspect

import httpx
import pytest

from lean_flask.testing import FakeLean, faults, recording
from lean_flask.testing.control.fault_kinds import KINDS, make_fault
from lean_flask.testing.deliveries import MAX_KEPT, DeliveryLog
from support import plain_http


@pytest.fixture
def fake_lean():
    with FakeLean(faults_url="/_fake") as running:
        yield running


@pytest.fixture
def control(fake_lean):
    with plain_http.Client(base_url=f"{fake_lean.url}/_fake") as client:
        yield client


#: What each fault takes, of those that take something.
ARGUMENTS = {
    "Slow": {"seconds": 0.01},
    "Drip": {"pause": 0.002},
    "Status": {"status": 418, "body": "no", "content_type": "text/plain", "headers": {"A": "b"}},
    "TooManyRequests": {"retry_after": 7, "as_date": True},
    "Redirect": {"location": "https://elsewhere.example"},
    "DeepJson": {"depth": 3},
    "Shrunk": {"banks": 2},
    "MalformedBank": {"record": 7},
    "Huge": {"size": 65_536},
    "GzipBomb": {"size": 10},
}


def test_each_fault_can_be_set_with_all_its_arguments():
    classes = {
        name
        for name, value in vars(faults).items()
        if inspect.isclass(value) and issubclass(value, faults.Fault) and value is not faults.Fault
    }
    assert {*KINDS} == classes | {"bad_gateway"}
    for name, kind in KINDS.items():
        assert kind.fields.keys() == ARGUMENTS.get(name, {}).keys()
        fault = make_fault(name, ARGUMENTS.get(name, {}))
        assert isinstance(fault, faults.Fault)
        parameters = inspect.signature(type(fault)).parameters
        taken = {one for one in parameters if not one.startswith("_")}
        assert name == "bad_gateway" or taken == kind.fields.keys()


def test_an_operation_goes_wrong_until_it_is_healed(control, api):
    put = control.put("/faults/banks", json={"fault": "Status", "arguments": {"status": 418}})
    assert put.json()["faults"]["banks"]["arguments"]["status"] == 418
    assert api.get("/banks/v1/").status_code == 418
    assert control.delete("/faults/banks").json()["faults"] == {}
    assert api.get("/banks/v1/").status_code == 200


def test_all_operations_go_down_at_once_for_a_number_of_times(control, api, caplog):
    body = {"fault": "Reset", "times": 1}
    assert control.put("/faults/all", json=body).json()["faults"]["token"]["times"] == 1
    for path in ("/banks/v1/", "/customers/v1/"):
        with pytest.raises(httpx.ReadError):
            api.get(path)
        assert api.get(path).status_code == 200
    assert control.delete("/faults").json()["faults"] == {}
    assert [one for one in caplog.records if one.name == "werkzeug"] == []


def test_a_bank_goes_off_and_every_host_is_told(control, api, fake_lean, receiver, serve):
    other = type(receiver)(serve)
    control.patch("/webhooks", json={"urls": [receiver.url, other.url]})
    sent = control.patch("/banks/RJHI_SAU", json={"active": {"data": False}}).json()
    assert [one["status"] for one in sent["deliveries"]] == [200, 200]
    assert receiver.next() == other.next() == sent["event"]
    banks = {bank["identifier"]: bank for bank in api.get("/banks/v1/").json()}
    assert banks["RJHI_SAU"]["availability"]["active"] == {"payments": True, "data": False}
    assert "RJHI_SAU" in control.get("/").json()["banks_down"]
    quiet = control.patch("/banks/RJHI_SAU", json={"active": True, "notify": False}).json()
    assert quiet["deliveries"] == []
    assert control.get("/banks").json()["banks"]["RJHI_SAU"]["active"]["data"] is True


def test_an_event_of_any_type_is_signed_and_sent_again_to_whom_it_did_not_reach(
    control, receiver, serve
):
    late = type(receiver)(serve)
    late.answer(503)
    control.patch("/webhooks", json={"urls": [receiver.url, late.url, "http://127.0.0.1:9/"]})
    asked = {"type": "of.your.own", "payload": {"a": 1}, "event_id": "e-1"}
    deliveries = control.post("/events", json=asked).json()["deliveries"]
    assert [one["status"] for one in deliveries] == [200, 503, None]
    assert "ConnectError" in deliveries[2]["error"]
    assert receiver.next()["payload"] == late.next()["payload"] == {"a": 1}
    assert control.get("/events").json()["unanswered"] == ["e-1"]
    control.patch("/webhooks", json={"urls": [receiver.url, late.url]})
    kept = control.post("/events/resend").json()
    assert late.next()["event_id"] == "e-1"
    assert receiver.got.empty()
    assert kept["unanswered"] == []
    assert len(kept["events"][0]["deliveries"]) == 4


def test_a_stand_in_that_runs_for_weeks_keeps_the_last_events_that_nobody_took():
    log, urls = DeliveryLog(), ["http://127.0.0.1:9/"]
    events = [{"event_id": str(number), "type": "a.b"} for number in range(MAX_KEPT + 2)]
    for event in events:
        log.note(event, urls[0], httpx.Response(503), urls)
    assert log.still_unanswered() == events[2:]
    assert len(log._answered) == MAX_KEPT


def test_events_of_flows_are_held_and_let_go(control, receiver, fake_lean):
    assert control.patch("/webhooks", json={"held": True, "delay": 0, "minute": None}).is_success
    fake_lean.notify("results.ready", {"id": "x"})
    assert control.get("/webhooks").json()["held"] is True
    assert receiver.got.empty()
    control.patch("/webhooks", json={"held": False})
    assert receiver.next()["type"] == "results.ready"


def test_the_clock_moves_on(control, fake_lean):
    customer = fake_lean.add_customer("user-1")
    entity, _ = fake_lean.add_entity(customer, "RJHI_SAU", ["accounts"])
    clock = control.post("/clock", json={"advance": 366 * 86_400}).json()
    assert clock["ahead"] == 366 * 86_400
    assert not fake_lean.is_live(entity)
    assert control.get("/clock").json()["now"] >= clock["now"]


def test_what_was_asked_is_shown_without_credentials(control, api, fake_lean):
    api.post("/customers/v1/", json={"app_user_id": "user-1"})
    seen = control.get("/requests")
    assert seen.json()["counts"] == {"token": 1, "customers": 1}
    assert seen.json()["requests"][1]["json"] == {"app_user_id": "user-1"}
    for secret in (fake_lean.client_secret, *fake_lean.live_tokens):
        assert secret not in seen.text
    only = control.get("/requests", params={"operation": "token"}).json()["requests"]
    assert [one["operation"] for one in only] == ["token"]
    assert control.delete("/requests").json() == {"counts": {}, "requests": []}


def test_a_process_that_runs_for_long_keeps_the_latest_requests(fake_lean, api, monkeypatch):
    monkeypatch.setattr(recording, "MAX_REQUESTS", 10)
    for number in range(20):
        api.get("/customers/v1/", params={"page_number": number})
    assert fake_lean.count("customers") == 20
    kept = [asked.query["page_number"] for asked in fake_lean.all_requests()]
    assert kept == [str(number) for number in range(20)][-len(kept) :]
    assert 9 <= len(kept) <= 10


def test_a_reset_leaves_who_the_application_is(control, api, fake_lean, receiver):
    customer = fake_lean.add_customer("user-1")
    before = control.get("/").json()
    control.put("/faults/customers", json={"fault": "Hang"})
    control.patch("/banks/RJHI_SAU", json={"enabled": False, "notify": False})
    control.post("/clock", json={"advance": 60})
    control.post("/events", json={"type": "results.ready"})
    after = control.post("/reset").json()
    assert after.pop("clock")["ahead"] == 0
    assert after == {name: before[name] for name in after} | {"requests": {}}
    assert control.get("/events").json() == {"events": [], "unanswered": []}
    assert api.get(f"/customers/v1/{customer}").status_code == 404  # by the same token
    assert fake_lean.add_customer("user-1") == customer


@pytest.mark.parametrize(
    ("method", "path", "body", "named"),
    [
        ("PUT", "/faults/banks", {"fault": "Nothing"}, "fault"),
        ("PUT", "/faults/banks", {"fault": "Slow"}, "seconds"),
        ("PUT", "/faults/banks", {"fault": "Hang", "arguments": {"seconds": 1}}, "seconds"),
        ("PUT", "/faults/banks", {"fault": "Slow", "arguments": {"seconds": -1}}, "seconds"),
        ("PUT", "/faults/banks", {"fault": "Hang", "times": 0}, "times"),
        ("PUT", "/faults/banks", {"fault": "Hang", "more": 1}, "more"),
        ("PUT", "/faults/nothing", {"fault": "Hang"}, "operation"),
        ("DELETE", "/faults/nothing", None, "operation"),
        ("GET", "/requests?operation=nothing", None, "operation"),
        ("PATCH", "/banks/NO_BANK", {"active": False}, "bank"),
        ("PATCH", "/banks/RJHI_SAU", {"active": {"dato": False}}, "active"),
        ("PATCH", "/banks/RJHI_SAU", {"notify": True}, "_schema"),
        ("POST", "/events", {"type": "", "payload": {}}, "type"),
        ("POST", "/events", {"type": "a.b", "payload": [1]}, "payload"),
        ("POST", "/events", ["a.b"], "body"),
        ("POST", "/events", None, "body"),
        ("PATCH", "/webhooks", {"urls": ["127.0.0.1:5000"]}, "urls"),
        ("PATCH", "/webhooks", {"urls": ["http://host:port/"]}, "urls"),
        ("POST", "/clock", {"advance": -1}, "advance"),
        ("POST", "/clock", {"advance": 1e12}, "advance"),
    ],
)
def test_what_it_does_not_know_is_refused(control, method, path, body, named):
    before = control.get("/").json() | {"clock": None}
    response = control.request(method, path, **({} if body is None else {"json": body}))
    assert response.status_code == 400
    assert named in str(response.json()["fields"])
    assert control.get("/").json() | {"clock": None} == before


def test_an_unknown_path_names_the_known_ones(control):
    response = control.get("/fault")
    assert response.status_code == 404
    assert "PUT /faults/<operation>" in response.json()["routes"]


def test_no_page_in_a_browser_controls_it(control, fake_lean):
    for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "same-origin"}):
        refused = control.put("/faults/all", json={"fault": "Hang"}, headers=headers)
        assert refused.status_code == 403
    assert fake_lean.armed() == {}


def test_without_a_path_there_is_no_control(make_fake_lean):
    assert plain_http.get(f"{make_fake_lean().url}/_fake/").status_code == 404
