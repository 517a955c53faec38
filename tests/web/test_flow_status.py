"""GET /flows/<id>: what became of a flow, for its holder alone."""

from datetime import UTC, datetime, timedelta

import pytest

from support.launching import SUCCESS


@pytest.fixture
def flow_id(callback, heard):
    callback(status="CANCELLED", message="to learn the id")
    return heard.pop()[1]["flow"].id


@pytest.fixture
def ask(client, flow, flow_id):
    def get(**options):
        return client.get(f"/lean/flows/{flow_id}", query_string={"flow": flow}, **options)

    return get


def test_a_new_flow_is_open(client, flow, app):
    lean = app.blueprints["lean"]
    with client:
        client.get("/link")
        made = lean.connect(**app.config["CONNECT"])
    response = client.get(f"/lean/flows/{made.id}", query_string={"flow": made.token}).json
    assert response == {
        "id": made.id,
        "status": "open",
        "sdk_status": None,
        "bank_identifier": None,
        "entity_id": None,
        "payment_id": None,
        "consent_id": None,
        "updated_at": None,
        "next": None,
        "awaits_confirmation": False,
        "can_retry": True,
        "receipt": None,
    }


def test_it_follows_the_flow(ask, launch, callback, flow_id):
    launch(bank_identifier="RJHI_SAU")
    body = ask().json
    assert (body["status"], body["bank_identifier"]) == ("launched", "RJHI_SAU")
    assert datetime.now(UTC) - datetime.fromisoformat(body["updated_at"]) < timedelta(minutes=1)
    callback(status="REDIRECT")
    assert ask().json["status"] == "at_bank"
    callback(**SUCCESS)
    body = ask().json
    assert (body["status"], body["sdk_status"]) == ("reported", "SUCCESS")
    query = f"lean_status=SUCCESS&lean_flow={flow_id}&lean_correlation_id=abc123"
    assert body["next"] == f"/done?{query}&lean_confirmed=false"


def test_it_is_private(ask):
    assert ask().headers["Cache-Control"] == "no-store"


def test_another_browser_learns_nothing(app, flow, flow_id):
    stranger = app.test_client()
    stranger.get("/link")
    response = stranger.get(f"/lean/flows/{flow_id}", query_string={"flow": flow})
    assert (response.status_code, response.json["reason"]) == (403, "invalid_flow")


@pytest.mark.parametrize("identifier", ["x", "é", "%00"])
def test_another_flows_id_is_not_found(client, flow, identifier):
    response = client.get(f"/lean/flows/{identifier}", query_string={"flow": flow})
    assert response.status_code == 404


def test_without_a_token_it_is_refused(client, flow_id):
    assert client.get(f"/lean/flows/{flow_id}").status_code == 403
