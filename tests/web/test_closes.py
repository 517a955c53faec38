"""What it means that the SDK has closed, for each method."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from lean_flask.flows.methods import TRAITS
from support.flow_page import DESTINATION, NEEDED

STATUSES = ["SUCCESS", "CANCELLED", "ERROR", "SOMETHING_NEW"]


def query_of(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


@pytest.fixture
def customer(app):
    return app.config["CONNECT"]["customer_id"]


@pytest.mark.parametrize("status", STATUSES)
def test_consents_may_be_managed_again_and_again(start, status):
    page = start("manage_consents")
    for correlation_id in ("a", "b"):
        assert page.open().status_code == 200
        assert page.launch().status_code == 200
        answer = page.report(status, lean_correlation_id=correlation_id)
        assert (answer["status"], answer["can_retry"]) == ("reported", True)
        assert (answer["awaits_confirmation"], answer["receipt"]) == (False, None)
        assert query_of(answer["next"]) == {
            "lean_status": status,
            "lean_flow": page.flow.id,
            "lean_correlation_id": correlation_id,
        }
        assert page.status["sdk_status"] == status


def test_a_consent_that_ends_there_is_no_failure(start, fake_lean, customer, client):
    consent = fake_lean.add_consent({
        "customer_id": customer,
        "destination_account_id": DESTINATION,
        "currency": "SAR",
        "reference": "r",
        "purpose": "FIS",
        "control_parameters": {"period_type": "Month", "max_individual_amount": 5},
    })  # fmt: skip
    page = start("manage_consents", consent_id=consent["id"])
    page.launch()
    payload = {"id": consent["id"], "customer_id": customer, "status": "REVOKED"}
    event = {"type": "consent.status.updated", "payload": payload, "event_id": "e"}
    body, headers = fake_lean.signed(event)
    assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200
    page.report("CANCELLED")
    assert page.status["status"] == "reported"
    assert page.status["can_retry"] is True


@pytest.mark.parametrize("method", [name for name in NEEDED if name != "manage_consents"])
def test_a_success_completes_each_other_method(start, method):
    page = start(method)
    page.launch()
    answer = page.report()
    assert (answer["status"], answer["can_retry"]) == ("reported", False)
    assert query_of(answer["next"])["lean_confirmed"] == "false"
    assert page.launch().json["reason"] == "completed"
    assert page.open().status_code == 410


@pytest.mark.parametrize("method", NEEDED)
@pytest.mark.parametrize("status", ["CANCELLED", "LINK_CLOSED"])
def test_leaving_completes_nothing(start, method, status):
    page = start(method)
    page.launch()
    assert page.report(status)["can_retry"] is True
    assert page.launch().status_code == 200


@pytest.mark.parametrize("method", ["reconnect", "manage_consents", "verify_address"])
def test_what_goes_to_no_bank_is_in_no_landings_way(app, start, method):
    """One browser has a payment at the bank, and something else open that comes back by no URL."""
    page = start("connect")
    page.launch(bank_identifier="RJHI_SAU")
    page.report("REDIRECT")
    with page.client:
        page.client.get("/link")
        given = {"customer_id": page.flow.customer_id} | NEEDED[method]
        other = getattr(app.blueprints["lean"], method)(**given)
    page.client.post("/lean/launch", json={"flow": other.token})
    landing = page.client.get("/lean/return/success").text
    assert f'data-flow="{page.flow.token}"' in landing


def test_what_said_that_it_went_to_a_bank_comes_back_in_any_case(start):
    page = start("reconnect")
    page.launch()
    page.report("REDIRECT")
    assert f'data-flow="{page.flow.token}"' in page.client.get("/lean/return/fail").text


def test_only_managing_consents_ends_well_however_it_is_closed():
    assert [name for name, traits in TRAITS.items() if traits.is_done_when_closed] == [
        "manageConsents"
    ]
