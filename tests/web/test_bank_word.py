"""What the page, the holder and the host learn once Lean's webhook brings the bank's word."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from lean_flask import outcome_changed
from support.launching import SUCCESS, token_of

STRANGER = "11111111-6c1d-4e59-9a57-0a5b6f3c2d11"


@pytest.fixture
def begin(app):
    """Starts a flow and launches it at a bank."""

    def start(path, **body):
        return Begun(app, path, body or {"bank_identifier": "RJHI_SAU"})

    return start


class Begun:
    """A launched flow, seen by the browser that holds it."""

    def __init__(self, app, path, body):
        self.app, self.client = app, app.test_client()
        self.token = token_of(self.client, path)
        told = []
        with outcome_changed.connected_to(lambda _, outcome, **__: told.append(outcome), app):
            launched = self.client.post("/lean/launch", json={"flow": self.token} | body)
        assert launched.status_code == 200
        self.id = told[0].id

    def ask(self, **query):
        query = {"flow": self.token} | query
        return self.client.get(f"/lean/flows/{self.id}", query_string=query).json

    def report(self, **data):
        body = {"flow": self.token, "data": data}
        return self.client.post("/lean/callback", json=body).json

    def launch(self):
        body = {"flow": self.token, "bank_identifier": "RJHI_SAU"}
        return self.client.post("/lean/launch", json=body)

    def landed(self):
        return self.client.post("/lean/return", json={"flow": self.token}).json

    def outcome(self):
        with self.app.app_context():
            return self.app.blueprints["lean"].outcome(self.id)


@pytest.fixture
def hear(app, fake_lean):
    def post(type, **payload):
        body, headers = fake_lean.signed(fake_lean.webhook_event(type, payload))
        response = app.test_client().post("/lean/webhooks", data=body, headers=headers)
        assert response.status_code == 200

    return post


@pytest.fixture
def hear_payment(app, hear):
    def post(status="ACCEPTED_BY_BANK", **more):
        intent = app.config["PAY"]["payment_intent_id"]
        hear("payment.created", **{"id": "p-1", "intent_id": intent, "status": status} | more)

    return post


@pytest.fixture
def hear_entity(app, hear):
    def post(**more):
        customer = app.config["CONNECT"]["customer_id"]
        bank = {"identifier": "RJHI_SAU"}
        hear(
            "entity.created", **{"id": "e-1", "customer_id": customer, "bank_details": bank} | more
        )

    return post


def confirmed_in(url):
    return parse_qs(urlsplit(url).query).get("lean_confirmed")


def test_a_payment_is_confirmed_after_the_report(begin, hear_payment):
    flow = begin("/pay")
    assert flow.ask()["awaits_confirmation"] is False
    answer = flow.report(**SUCCESS)
    assert answer["awaits_confirmation"] is True
    assert confirmed_in(answer["next"]) == ["false"]
    assert (flow.ask()["status"], flow.ask()["awaits_confirmation"]) == ("reported", True)
    hear_payment()
    body = flow.ask()
    assert (body["status"], body["payment_id"], body["entity_id"]) == ("confirmed", "p-1", None)
    assert body["awaits_confirmation"] is False
    assert confirmed_in(body["next"]) == ["true"]
    assert flow.landed()["awaits_confirmation"] is False


def test_a_payment_is_confirmed_before_the_report(begin, hear_payment):
    flow = begin("/pay")
    hear_payment()
    assert "lean_status=SUCCESS" in flow.ask()["next"]
    answer = flow.report(**SUCCESS)
    assert (answer["awaits_confirmation"], confirmed_in(answer["next"])) == (False, ["true"])


def test_a_refused_payment_is_not_awaited(begin, hear_payment):
    flow = begin("/pay")
    flow.report(**SUCCESS)
    hear_payment("FAILED")
    body = flow.ask()
    assert (body["status"], body["sdk_status"]) == ("failed", "SUCCESS")
    assert body["awaits_confirmation"] is False
    assert confirmed_in(body["next"]) == ["false"]


def test_a_pending_payment_is_awaited(begin, hear_payment):
    flow = begin("/pay")
    flow.report(**SUCCESS)
    hear_payment("PENDING_WITH_BANK")
    body = flow.ask()
    assert (body["status"], body["payment_id"]) == ("reported", "p-1")
    assert body["awaits_confirmation"] is True


def test_a_connection_is_confirmed(begin, hear_entity):
    flow = begin("/link")
    flow.report(**SUCCESS)
    hear_entity()
    assert (flow.ask()["status"], flow.ask()["entity_id"]) == ("confirmed", "e-1")
    assert flow.outcome().status == "confirmed"


def test_an_entity_of_another_customer_confirms_nothing(begin, hear_entity):
    flow = begin("/link")
    hear_entity(customer_id=STRANGER)
    assert flow.ask()["status"] == "launched"


def test_a_payment_of_another_intent_confirms_nothing(begin, hear_payment):
    flow = begin("/pay")
    hear_payment(intent_id=STRANGER)
    assert flow.ask()["status"] == "launched"


def test_a_report_of_the_page_confirms_nothing(begin):
    flow = begin("/pay")
    answer = flow.report(**SUCCESS, last_api_response="ACCEPTED_BY_BANK", status_code="confirmed")
    assert flow.outcome().status == "reported"
    assert confirmed_in(answer["next"]) == ["false"]


def test_only_the_holder_learns_of_it(begin, hear_payment, app):
    flow = begin("/pay")
    hear_payment()
    stranger = app.test_client()
    own = token_of(stranger, "/pay")
    for token, status in ((flow.token, 403), (own, 404), ("", 403)):
        response = stranger.get(f"/lean/flows/{flow.id}", query_string={"flow": token})
        assert response.status_code == status
        assert "p-1" not in response.text


def test_a_confirmed_flow_is_not_launched_again(begin, hear_payment):
    flow = begin("/pay")
    hear_payment()
    again = flow.launch()
    assert (again.status_code, again.json["reason"]) == (410, "completed")


def test_a_payment_that_the_bank_refused_may_be_tried_again(begin, hear_payment):
    flow = begin("/pay")
    flow.report(**SUCCESS)
    hear_payment("REJECTED_BY_BANK")
    assert flow.launch().status_code == 200
    assert flow.ask()["status"] == "launched"  # that refusal was of the first attempt
    assert flow.report(**SUCCESS)["awaits_confirmation"] is True
    assert flow.launch().json["reason"] == "completed"


def test_the_receipt(begin, hear_payment, fake_lean):
    flow = begin("/pay")
    assert flow.ask()["receipt"] is None
    asked = fake_lean.count("banks")
    receipt = flow.report(**SUCCESS)["receipt"]
    assert receipt["bank"] == "Al Rajhi Bank"
    assert receipt["logo"].startswith("http")
    assert receipt["logo_background"].startswith("#")
    assert (receipt["amount"], receipt["reference"]) == ("SAR 250", "abc123")
    hear_payment(bank_transaction_reference="FT-7", amount=1, currency="AED")
    receipt = flow.ask(lang="ar")["receipt"]
    assert (receipt["bank"], receipt["amount"]) == ("مصرف الراجحي", "250 ريال")
    assert receipt["reference"] == "FT-7"
    assert fake_lean.count("banks") == asked


def test_the_receipt_has_the_amount_of_the_event_where_the_host_gave_none(app, begin, hear_payment):
    del app.config["PAY"]["amount"], app.config["PAY"]["currency"]
    flow = begin("/pay")
    hear_payment(amount=1250.5, currency="SAR")
    assert flow.ask()["receipt"]["amount"] == "SAR 1,250.50"


def test_the_receipt_names_the_bank_of_the_event_before_that_of_the_page(begin, hear_entity):
    flow = begin("/link")
    flow.report(status="SUCCESS", bank={"bank_identifier": "GONE_SAU"})
    nothing = dict.fromkeys(["bank", "logo", "logo_background", "amount", "reference"])
    assert {**flow.ask()["receipt"], "agreed": None} == nothing | {"agreed": None}
    hear_entity()
    assert flow.ask()["receipt"]["bank"] == "Al Rajhi Bank"


def test_without_webhooks_nothing_is_awaited(make_app):
    flow = Begun(make_app(webhook_secret=None), "/pay", {"bank_identifier": "RJHI_SAU"})
    assert flow.report(**SUCCESS)["awaits_confirmation"] is False


def test_the_host_is_told_once_although_deliveries_repeat(app, begin, fake_lean):
    flow = begin("/pay")
    told = []
    intent = app.config["PAY"]["payment_intent_id"]
    event = fake_lean.webhook_event(
        "payment.created", {"id": "p-1", "intent_id": intent, "status": "ACCEPTED_BY_BANK"}
    )

    def listen(_, flow_id, outcome):
        told.append((flow_id, outcome.status))
        raise RuntimeError("the host's own")

    with outcome_changed.connected_to(listen, app):
        for _ in range(2):
            body, headers = fake_lean.signed(event | {"event_id": None})
            app.test_client().post("/lean/webhooks", data=body, headers=headers)
        flow.report(**SUCCESS)
        flow.report(**SUCCESS)
    assert told == [(flow.id, "confirmed"), (flow.id, "confirmed")]
