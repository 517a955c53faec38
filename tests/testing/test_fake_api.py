"""Customers, intents and payment sources at the stand-in's API."""

from __future__ import annotations

import uuid

import pytest

from lean_flask.testing.state.sources import COOLING_OFF

IDENTIFIERS = [{"type": "EMIRATES_ID", "value": "784-1990-1234567-1"}]


def test_a_customer_has_their_identifiers(api):
    asked = {"app_user_id": "user-1", "government_identifiers": IDENTIFIERS}
    made = api.post("/customers/v1/", json=asked).json()
    url = f"/customers/v1/{made['customer_id']}"
    assert api.get(url).json() == made == made | asked
    changed = {"government_identifiers": [IDENTIFIERS[0] | {"value": "784-1"}]}
    assert api.put(url, json=changed).json() == made | changed
    assert api.get("/customers/v1/", params={"page_size": 1}).json()["page"]["total_elements"] == 1
    assert api.put(f"/customers/v1/{uuid.uuid4()}", json=changed).status_code == 404


@pytest.mark.parametrize(
    "identifiers", ["784", [{"type": "PASSPORT", "value": "1"}], [{"type": "EMIRATES_ID"}], [7]]
)
def test_a_wrong_identifier_is_refused(api, fake_lean, identifiers):
    asked = {"app_user_id": "user-1", "government_identifiers": identifiers}
    assert api.post("/customers/v1/", json=asked).json()["status"] == "INVALID_PARAMETERS"
    url = f"/customers/v1/{fake_lean.add_customer('user-1')}"
    assert api.put(url, json=asked).json()["status"] == "INVALID_PARAMETERS"
    assert api.put(url, json={}).json()["status"] == "MISSING_PARAMETERS"


def test_an_intent_has_its_payments(api, fake_lean, end):
    customer = fake_lean.add_customer("user-1")
    asked = {"customer_id": customer, "amount": 61.4, "currency": "SAR", "description": "Order 7"}
    intent = api.post("/payments/v1/intents/", json=asked).json()["payment_intent_id"]
    end("pay", payment_intent_id=intent)
    read = api.get(f"/payments/v1/intents/{intent}").json()
    (payment,) = read["payments"]
    assert (payment["payment_intent_id"], payment["status"]) == (intent, "ACCEPTED_BY_BANK")
    assert (payment["amount"], payment["description"]) == (61.4, "Order 7")
    assert api.get(f"/payments/v1/{payment['id']}").json() == payment
    assert api.get(f"/payments/v1/{uuid.uuid4()}").status_code == 404
    assert fake_lean.payments[intent][0]["intent_id"] == intent


def test_a_source_is_added_with_its_first_payee(api, fake_lean, receiver, end):
    customer, destination = fake_lean.add_customer("user-1"), str(uuid.uuid4())
    fields = {"customer_id": customer, "payment_destination_id": destination}
    end("createPaymentSource", bank_identifier="RJHI_SAU", **fields)
    source, payee = receiver.expect("payment_source.created", "payment_source.beneficiary.created")
    assert payee["payment_source_id"] == source["id"]
    assert payee["payment_destination_id"] == destination
    url = f"/customers/v1/{customer}/payment-sources"
    assert api.get(url).json() == [api.get(f"{url}/{source['id']}").json()]
    assert api.get(f"{url}/{uuid.uuid4()}").status_code == 404


@pytest.mark.parametrize("method", ["updatePaymentSource", "createBeneficiary"])
def test_a_payee_can_be_paid_once_the_bank_has_waited(fake_lean, receiver, end, method):
    customer, destination = fake_lean.add_customer("user-1"), str(uuid.uuid4())
    other, source = (fake_lean.add_payment_source(customer, "RJHI_SAU") for _ in range(2))
    fake_lean.beneficiary_status = COOLING_OFF
    fields = {"customer_id": customer, "payment_destination_id": destination}
    end(method, "REDIRECT", payment_source_id=source["id"], **fields)
    end("captureRedirect", customer_id=customer)
    (waiting,) = receiver.expect("payment_source.beneficiary.created")
    assert (waiting["payment_source_id"], waiting["status"]) == (source["id"], COOLING_OFF)
    assert len(other["beneficiaries"]) == 1
    fake_lean.advance(86_399)
    assert source["beneficiaries"][1]["status"] == COOLING_OFF
    fake_lean.advance(1)
    (ready,) = receiver.expect("payment_source.beneficiary.updated")
    assert ready == waiting | {"status": "ACTIVE"}
    end(method, payment_source_id=source["id"], **fields)
    (again,) = receiver.expect("payment_source.beneficiary.updated")
    assert again == waiting
    end(method, payment_source_id=str(uuid.uuid4()), **fields)  # a source of nobody
    assert receiver.got.empty()
