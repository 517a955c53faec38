"""The code of docs/connections.md, used in the page's order through a whole life at FakeLean."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from lean_flask import LeanBlueprint
from support.documents import HOST, blocks_of, run

DOCUMENT = "docs/connections.md"


class Life:
    """A host with the page's code, its customer in a browser, and Lean's events."""

    def __init__(self, fake):
        self.fake = fake
        app = Flask("host")
        app.config["SECRET_KEY"] = "a reader's secret key"
        lean = LeanBlueprint(**fake.settings(), store_url="memory:")
        app.register_blueprint(lean)
        self.customer_id = fake.add_customer("user-1")
        user = SimpleNamespace(id="user-1", emirates_id="784199012345671")
        self.names = {"app": app, "lean": lean, "current_user": user, "__name__": "host"}
        exec(HOST, self.names)
        self.names |= {"customer_id": self.customer_id, "destination_id": self.customer_id}
        for block in blocks_of(DOCUMENT):
            if block.language == "python":
                run(block, self.names)
        self.context = app.test_request_context()
        self.client = app.test_client()

    @property
    def state(self):
        return self.names["connections"]

    def go(self, path, bank_identifier=None, status="SUCCESS"):
        """Go through the flow of a view, to an end of the SDK; return the config."""
        answer = self.client.post(path)
        (flow,) = parse_qs(urlsplit(answer.location).query)["flow"]
        choice = {"bank_identifier": bank_identifier} if bank_identifier else {}
        launch = self.client.post("/lean/launch", json={"flow": flow} | choice)
        assert launch.status_code == 200, launch.text
        self.fake.finish(launch.json, status)
        self.client.post("/lean/callback", json={"flow": flow, "data": {"status": status}})
        self.hear()
        return launch.json["config"] | {"method": launch.json["method"]}

    def hear(self):
        """Send what Lean has to tell."""
        while self.fake.events:
            body, headers = self.fake.signed(self.fake.events.popleft())
            answer = self.client.post("/lean/webhooks", data=body, headers=headers)
            assert answer.status_code == 200


@pytest.fixture
def life(fake_lean):
    return Life(fake_lean)


@pytest.fixture
def linked(life):
    """The id of an entity."""
    config = life.go("/banks/link", "RJHI_SAU")
    assert config["access_to"]
    (entity_id,) = life.state
    life.names["entity_id"] = entity_id
    return entity_id


def test_data_from_the_link_to_the_disconnection(life, linked):
    assert life.state == {linked: "linked"}
    assert life.client.get("/banks").json["RJHI_SAU"]["state"] == "linked"
    account, _ = life.client.get("/accounts").json
    with life.context:
        found = list(life.names["transactions"](linked, account, "2000-01-01"))
    assert len({one["transaction_id"] for one in found}) == len(found) > 100
    assert life.client.get("/accounts/fresh").json["accounts"]

    life.fake.expire_entity(linked)
    life.hear()
    assert life.state == {linked: "ended"}
    assert life.client.get("/banks").json["RJHI_SAU"]["state"] == "ended"
    fresh = life.client.get("/accounts/fresh").json
    assert fresh == {"cure": "connect", "reconnect_id": None}

    config = life.go("/banks/renew")
    assert (config["method"], config["bank_identifier"]) == ("connect", "RJHI_SAU")
    assert life.client.get("/accounts/fresh").json["accounts"]

    life.client.post("/banks/disconnect")
    assert life.client.get("/banks").json == {}
    assert life.state == {}


def test_a_bank_that_asks_again(life, linked):
    reconnect_id = life.fake.break_entity(linked)
    life.hear()
    assert life.state == {linked: "broken"}
    fresh = life.client.get("/accounts/fresh").json
    assert fresh == {"cure": "reconnect", "reconnect_id": reconnect_id}


def test_payments_by_consent(life):
    order = SimpleNamespace(id=12, total=120)
    life.go("/autopay", "RJHI_SAU", "ERROR")
    life.go("/autopay", "RJHI_SAU", "CANCELLED")
    consent_id = life.go("/autopay", "RJHI_SAU")["consent_id"]
    assert life.state == {consent_id: "autopay"}
    with life.context:
        paid = [life.names["pay_by_consent"](consent_id, order) for _ in range(2)]
    assert paid[0] == paid[1]
    assert len(life.fake.consent_payments) == 1

    life.client.post("/autopay/stop")
    life.hear()
    assert life.state == {}
    assert life.fake.consents[consent_id]["status"] == "REVOKED"
