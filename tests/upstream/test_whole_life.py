"""The client against the stand-in, from the first link to the end of a consent."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from lean_flask import UpstreamRejected
from lean_flask.testing import FakeLean, faults

IDENTIFIER = {"type": "EMIRATES_ID", "value": "784-1990-1234567-1"}
BANK = "ENBD_UAE"
DAY = 86_400


@pytest.fixture
def fake_lean():
    with FakeLean(country="ae") as fake:
        yield fake


@pytest.fixture
def client(make_client):
    return make_client()


@pytest.fixture
def customer(client):
    return client.create_customer("user-1", government_identifier=IDENTIFIER)


@pytest.fixture
def make_consent(client, customer):
    def make(**changes):
        arguments = {
            "customer_id": customer,
            "destination_account_id": uuid4(),
            "currency": "AED",
            "reference": "Order 7",
            "purpose": "GDS",
            "control_parameters": {"period_type": "Month", "max_individual_amount": "99.90"},
        }
        return client.create_consent(**arguments | changes)

    return make


def test_a_bank_is_linked_read_ended_renewed_and_unlinked(client, customer, fake_lean):
    assert client.entities(customer) == ()
    linked, _ = fake_lean.add_entity(customer, BANK, ["accounts", "balance"])
    (entity,) = client.entities(customer)
    assert entity == client.entity(customer, linked["id"])
    assert (entity.bank_identifier, entity.permissions) == (BANK, ("accounts", "balance"))
    assert entity.connection_state(fake_lean.now()) == "linked"
    assert entity.expires_at - fake_lean.now() > timedelta(days=364)

    query = {"entity_id": entity.id}
    accounts = client.request("GET", "/data/v2/accounts", params=query)
    assert accounts["data"]["accounts"]

    fake_lean.advance(366 * DAY)
    assert client.entity(customer, entity.id).connection_state(fake_lean.now()) == "ended"
    ended = client.request("GET", "/data/v2/accounts", params=query)
    assert ended["status"] == "CONSENT_EXPIRED"

    fake_lean.add_entity(customer, BANK, ["accounts", "balance"])
    renewed = client.entity(customer, entity.id)
    assert renewed.connection_state(fake_lean.now()) == "linked"
    assert len(renewed.consents) == 2

    client.delete_entity(customer, entity.id)
    assert client.entities(customer) == ()
    for call in (client.entity, client.delete_entity):
        with pytest.raises(UpstreamRejected) as caught:
            call(customer, entity.id)
        assert (caught.value.status, caught.value.code) == (404, "UNKNOWN_ENTITY")


def test_an_entity_whose_token_is_refused_is_read_with_another(client, customer, fake_lean):
    fake_lean.add_entity(customer, BANK, ["accounts"])
    fake_lean.revoke_tokens()
    assert len(client.entities(customer)) == 1


def test_entities_are_read_again_after_a_failure(client, customer, fake_lean):
    fake_lean.fault("entities", faults.Status(503), times=1)
    assert client.entities(customer) == ()
    assert fake_lean.count("entities") == 2


def test_a_consent_is_authorised_used_and_revoked(client, customer, fake_lean, make_consent):
    consent = make_consent(immediate_payment={"amount": Decimal("1.25")})
    assert consent.status == "AWAITING_AUTHORISATION"
    assert consent == client.consent(consent.id)
    fake_lean.authorise_consent(consent.id, BANK)
    authorised = client.consent(consent.id)
    assert (authorised.status, authorised.bank_identifier) == ("AUTHORISED", BANK)
    assert authorised.iban.startswith("AE")

    payment = {
        "consent_id": consent.id,
        "amount": Decimal("99.90"),
        "risk_details": {"transaction_indicators": {"channel": "WEB"}},
    }
    path = "/payments/v1/account-on-file"
    first = client.request("POST", path, json=payment, idempotency_key="order-7")
    again = client.request("POST", path, json=payment, idempotency_key="order-7")
    assert first == again
    assert first["amount"]["amount"] == Decimal("99.9")
    paid = client.consent(consent.id).consumption["cumulative_value_of_payments"]
    assert paid == Decimal("101.15")
    more = payment | {"amount": 100}
    with pytest.raises(UpstreamRejected) as caught:
        client.request("POST", path, json=more, idempotency_key="order-8")
    assert caught.value.code == "CONSENT_LIMIT_EXCEEDED"

    client.revoke_consent(consent.id)
    assert client.consent(consent.id).status == "REVOKED"
    with pytest.raises(UpstreamRejected) as caught:
        client.revoke_consent(consent.id)
    assert caught.value.code == "INVALID_CONSENT_STATUS"


def test_a_customer_without_an_identifier_gets_one_with_the_next_call(client, make_consent):
    nobody = client.create_customer("user-2")
    with pytest.raises(UpstreamRejected, match="government_identifier is required"):
        make_consent(customer_id=nobody)
    assert client.create_customer("user-2", government_identifier=IDENTIFIER) == nobody
    assert make_consent(customer_id=nobody).customer_id == nobody


def test_a_consent_brings_the_identifier_that_the_customer_keeps(client, make_consent):
    nobody = client.create_customer("user-2")
    brought = make_consent(customer_id=nobody, government_identifier=IDENTIFIER)
    assert brought.customer_id == make_consent(customer_id=nobody).customer_id == nobody


def test_the_consents_of_several_pages(client, customer, fake_lean, make_consent):
    record = fake_lean.consents[make_consent().id]
    ids = [fake_lean.add_consent(record)["id"] for _ in range(149)]
    fake_lean.authorise_consent(ids[0])
    fake_lean.reject_consent(ids[1])
    assert len(client.consents(customer)) == 150
    assert [one.id for one in client.consents(customer, status="AUTHORISED")] == ids[:1]
    assert len(client.consents(customer, status=["AUTHORISED", "REJECTED"])) == 2
    assert fake_lean.count("consents") == 5


def test_an_intent_is_paid(client, customer, fake_lean):
    intent_id = client.create_payment_intent(customer, Decimal("61.40"), "AED")
    intent = client.payment_intent(intent_id)
    assert (intent.amount, intent.currency, intent.payments) == (Decimal("61.4"), "AED", ())
    fake_lean.pay(intent_id)
    (payment,) = client.payment_intent(intent_id).payments
    assert (payment.status, payment.amount) == ("ACCEPTED_BY_BANK", Decimal("61.4"))
    with pytest.raises(UpstreamRejected) as caught:
        client.payment_intent(uuid4())
    assert caught.value.status == 404
