"""Customers with a government identifier, their entities, and payment intents with payments."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from lean_flask import FlowError, UpstreamInvalid, UpstreamRejected, UpstreamTimeout
from lean_flask.testing import faults
from support.scripted_upstream import Answer

CUSTOMER = "acc176ca-7716-4fbb-a735-d0e3dec24b40"
ENTITY = "204fbd9e-5869-48f0-bb61-f6b572bdf340"
INTENT = "77f0c07e-7b7b-4677-bb05-6261f9eead0c"
IDENTIFIER = {"type": "EMIRATES_ID", "value": "784-1990-1234567-1"}
TAKEN = Answer({"status": "CUSTOMER_ALREADY_EXISTS"}, 409)
KNOWN = {"customer_id": CUSTOMER, "app_user_id": "user-1"}


# --- customers ----------------------------------------------------------------------------------


def test_a_new_customer_has_the_identifier(lean_client, upstream):
    upstream.will_answer(KNOWN)
    assert lean_client.create_customer("user-1", IDENTIFIER) == CUSTOMER
    (asked,) = upstream.asked
    assert asked.json == {"app_user_id": "user-1", "government_identifiers": [IDENTIFIER]}


def test_a_customer_whom_lean_knows_gets_the_identifier(lean_client, upstream):
    upstream.will_answer(TAKEN, KNOWN, Answer(body=b""))
    assert lean_client.create_customer("user-1", government_identifier=IDENTIFIER) == CUSTOMER
    put = upstream.asked[-1]
    assert (put.method, put.path) == ("PUT", f"/customers/v1/{CUSTOMER}/")
    assert put.json == {"government_identifiers": [IDENTIFIER]}


def test_a_customer_who_has_the_identifier_is_left_alone(lean_client, upstream):
    upstream.will_answer(TAKEN, KNOWN | {"government_identifiers": [IDENTIFIER]})
    assert lean_client.create_customer("user-1", IDENTIFIER) == CUSTOMER
    assert len(upstream.asked) == 2


def test_an_identifier_that_lean_refuses_is_the_answer(lean_client, upstream):
    said = Answer({"status": "INVALID", "message": "784-1990-1234567-1 is none"}, 400)
    upstream.will_answer(TAKEN, KNOWN, said)
    with pytest.raises(UpstreamRejected) as caught:
        lean_client.create_customer("user-1", IDENTIFIER)
    assert caught.value.message == "… is none"
    assert "784" not in str(caught.value)


@pytest.mark.parametrize(
    "identifier",
    [
        "784-1990-1234567-1",
        ("EMIRATES_ID", "784-1990-1234567-1"),
        {"type": "EMIRATES_ID"},
        IDENTIFIER | {"country": "ARE"},
        IDENTIFIER | {"type": "emirates id"},
        IDENTIFIER | {"value": " "},
        IDENTIFIER | {"value": 784199012345671},
        IDENTIFIER | {"value": "784\n"},
        IDENTIFIER | {"value": "7" * 101},
    ],
    ids=lambda identifier: type(identifier).__name__,
)
def test_an_identifier_that_is_none_is_never_sent_nor_repeated(lean_client, upstream, identifier):
    with pytest.raises(FlowError) as caught:
        lean_client.create_customer("user-1", identifier)
    assert set(caught.value.fields) == {"government_identifier"}
    assert "784" not in str(caught.value)
    assert upstream.asked == []


def test_all_calls_for_a_customer_have_the_time_of_one(fake_lean, make_client):
    make_client().create_customer("user-1")
    client = make_client(timeout=0.5)
    client.check_credentials()
    fake_lean.fault("customers", faults.Slow(0.3))
    with pytest.raises(UpstreamTimeout, match=r"within 0\.5 s"):
        client.create_customer("user-1", IDENTIFIER)


def test_a_conflict_about_something_else_is_told_as_it_is(lean_client, upstream):
    conflict = {"status": "IDENTIFIER_TAKEN", "message": "It is another customer's"}
    upstream.will_answer(Answer(conflict, 409), Answer({"status": "NOT_FOUND"}, 404))
    with pytest.raises(UpstreamRejected) as caught:
        lean_client.create_customer("user-1", IDENTIFIER)
    assert (caught.value.status, caught.value.code) == (409, "IDENTIFIER_TAKEN")


# --- entities -----------------------------------------------------------------------------------

RECORD = {"id": ENTITY, "customer_id": CUSTOMER, "bank_identifier": "MOCK_UAE", "consents": []}


def test_the_entities_of_a_customer(lean_client, upstream, caplog):
    strangers = RECORD | {"customer_id": INTENT}
    upstream.will_answer([strangers, RECORD | {"bank_type": 7.5}, {"id": ENTITY}, 7])
    (entity,) = lean_client.entities(CUSTOMER)
    assert (entity.id, entity.bank_identifier, entity.bank_type) == (ENTITY, "MOCK_UAE", "")
    assert upstream.asked[0].path == f"/customers/v1/{CUSTOMER}/entities"
    assert "Skipped entity number 1: another customer's" in caplog.text
    assert "Skipped entity number 3: " in caplog.text
    assert "Left out fields of entity number 2: bank_type" in caplog.text
    assert CUSTOMER not in caplog.text


def test_entities_that_are_no_array_are_invalid(lean_client, upstream):
    upstream.will_answer({"data": []})
    with pytest.raises(UpstreamInvalid, match="entities are not an array"):
        lean_client.entities(CUSTOMER)


def test_one_entity(lean_client, upstream):
    upstream.will_answer(RECORD)
    assert lean_client.entity(UUID(CUSTOMER), ENTITY.upper()).id == ENTITY
    upstream.will_answer(RECORD | {"customer_id": INTENT})
    with pytest.raises(UpstreamInvalid, match="another customer's"):
        lean_client.entity(CUSTOMER, ENTITY)
    upstream.will_answer(RECORD | {"id": INTENT})
    with pytest.raises(UpstreamInvalid, match="another entity"):
        lean_client.entity(CUSTOMER, ENTITY)
    upstream.will_answer(Answer({"status": "ENTITY_NOT_FOUND"}, 404))
    with pytest.raises(UpstreamRejected) as caught:
        lean_client.entity(CUSTOMER, ENTITY)
    assert (caught.value.status, caught.value.code) == (404, "ENTITY_NOT_FOUND")
    assert "{entity_id}" in str(caught.value)


@pytest.mark.parametrize("answer", [Answer(body=b""), Answer(status=204, body=b""), Answer({})])
def test_an_entity_is_deleted(lean_client, upstream, answer):
    upstream.will_answer(answer)
    assert lean_client.delete_entity(CUSTOMER, ENTITY) is None
    (asked,) = upstream.asked
    assert (asked.method, asked.path) == ("DELETE", f"/customers/v1/{CUSTOMER}/entities/{ENTITY}")
    assert asked.json == {"reason": "USER_REQUESTED"}
    assert asked.query == {"reason": ["USER_REQUESTED"]}


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda lean_client: lean_client.delete_entity(CUSTOMER, ENTITY, reason=None), "reason"),
        (lambda lean_client: lean_client.delete_entity(CUSTOMER, 7), "entity_id"),
        (lambda lean_client: lean_client.entity("", ENTITY), "customer_id"),
        (lambda lean_client: lean_client.entity(CUSTOMER, ""), "entity_id"),
        (lambda lean_client: lean_client.entities(None), "customer_id"),
        (lambda lean_client: lean_client.entities("user-1"), "customer_id"),
        (lambda lean_client: lean_client.delete_entity(CUSTOMER, "noura"), "entity_id"),
        (lambda lean_client: lean_client.payment_intent(b"x"), "intent_id"),
    ],
)
def test_what_is_no_id_is_named_and_never_sent(lean_client, upstream, call, field):
    with pytest.raises(FlowError) as caught:
        call(lean_client)
    assert set(caught.value.fields) == {field}
    assert "noura" not in str(caught.value)
    assert upstream.asked == []


def test_an_id_is_sent_as_lean_writes_it(fake_lean, make_client):
    """Lean answers with its own spelling, and a record of another id would be left out."""
    client = make_client()
    customer = client.create_customer("user-1")
    entity, _ = fake_lean.add_entity(customer, "RJHI_SAU", ["accounts"])
    for spelt in (customer.upper(), customer.replace("-", ""), UUID(customer)):
        assert [one.id for one in client.entities(spelt)] == [entity["id"]]
        assert client.entity(spelt, entity["id"].upper()).customer_id == customer


def test_entities_may_be_waited_for_less_long(fake_lean, make_client):
    fake_lean.fault("token", faults.Hang())
    with pytest.raises(UpstreamTimeout, match=r"within 0\.1 s"):
        make_client().entities(CUSTOMER, wait=0.1)


# --- payment intents ----------------------------------------------------------------------------

PAYMENT = {
    "id": "25c90cc6-67dc-4193-a6e9-a7c875fcc0af",
    "payment_intent_id": INTENT,
    "sender_details": {"iban": "AE940030011", "name": "Noura A", "account_number": 7},
    "amount": 61.4,
    "currency": "AED",
    "initiation_timestamp": "2021-05-18T13:58:42.445103Z",
    "status": "ACCEPTED_BY_BANK",
    "bank_transaction_reference": "0492981211381081",
}
PAID = {
    "payment_intent_id": INTENT,
    "customer_id": CUSTOMER,
    "amount": 61.4,
    "currency": "AED",
    "payments": [PAYMENT],
    "payment_destination": {"id": "95c29647-c568-40d7-8710-3e330de1b5f2", "iban": "AE87"},
}


def test_an_intent_with_its_payment(lean_client, upstream):
    upstream.will_answer(PAID)
    intent = lean_client.payment_intent(INTENT)
    assert upstream.asked[0].path == f"/payments/v1/intents/{INTENT}"
    assert (intent.id, intent.amount, intent.currency) == (INTENT, Decimal("61.4"), "AED")
    assert intent.payment_destination_id == "95c29647-c568-40d7-8710-3e330de1b5f2"
    (payment,) = intent.payments
    assert (payment.intent_id, payment.status) == (INTENT, "ACCEPTED_BY_BANK")
    assert (payment.sender_iban, payment.sender_name) == ("AE940030011", "Noura A")
    assert payment.initiated_at == datetime(2021, 5, 18, 13, 58, 42, 445103, UTC)
    assert payment.submitted_at is None
    for private in (CUSTOMER, "AE94", "Noura", "0492981211381081"):
        assert private not in repr(intent)


def test_a_malformed_payment_costs_itself(lean_client, upstream, caplog):
    upstream.will_answer(PAID | {"payments": [PAYMENT | {"id": 7}, PAYMENT | {"amount": "x"}]})
    (payment,) = lean_client.payment_intent(INTENT).payments
    assert (payment.amount, payment.status) == (None, "ACCEPTED_BY_BANK")
    assert "Left out fields of payment intent: payments" in caplog.text


@pytest.mark.parametrize("content", [[], 7, {}, PAID | {"payment_intent_id": ENTITY}], ids=str)
def test_an_answer_that_is_not_the_intent_is_invalid(lean_client, upstream, content):
    upstream.will_answer(content)
    with pytest.raises(UpstreamInvalid, match="payment intent"):
        lean_client.payment_intent(INTENT)
