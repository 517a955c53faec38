"""Consents to later payments: what reaches Lean, what never does, and what comes back."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from lean_flask import FlowError, UpstreamInvalid, UpstreamRejected
from lean_flask.upstream import calls
from support.scripted_upstream import Answer

CONSENT = "123e4567-e89b-12d3-a456-426655440000"
CUSTOMER = "acc176ca-7716-4fbb-a735-d0e3dec24b40"
DESTINATION = "911f30d8-8fc8-4fe9-86a1-3f9fea11a674"
ARGUMENTS = {
    "customer_id": CUSTOMER,
    "destination_account_id": DESTINATION,
    "currency": "AED",
    "reference": "Order 7",
    "purpose": "GDS",
    "control_parameters": {"period_type": "Month", "max_individual_amount": Decimal("99.90")},
}
CREATED = (
    {
        "id": CONSENT,
        "status": "AWAITING_AUTHORISATION",
        "start_date_time": "2026-07-11T16:58:03.559872123Z",
        "expiration_date_time": "2027-07-11T16:58:03Z",
    }
    | ARGUMENTS
    | {"control_parameters": {"type": "VariableOnDemand", "max_individual_amount": 99.9}}
)
AUTHORISED = {
    "consent_id": CONSENT,
    "bank_identifier": "ADCB_UAE",
    "customer_id": CUSTOMER,
    "status": "AUTHORISED",
    "destination_account_id": DESTINATION,
    "sender_account_id": "a1234567-89ab-cdef-0123-456789abcdef",
    "reference": "Order 7",
    "consented_account": {"iban": "AE070331234567890123456", "holder_name": "Noura A"},
    "currency": "AED",
    "payment_purpose": {"code": "GDS", "description": "Goods"},
    "control_parameters": {"max_individual_amount": 99.9},
    "payment_consumption": {"cumulative_value_of_payments": 10.5},
    "immediate_payment": None,
}


def test_a_consent_is_created_with_exact_limits(lean_client, upstream):
    upstream.will_answer(CREATED)
    consent = lean_client.create_consent(
        **ARGUMENTS,
        start_date_time=datetime(2026, 7, 11, 16, tzinfo=UTC),
        expiration_date_time="2027-07-11T20:00:00+04:00",
        immediate_payment={"amount": "10.50", "reference": "First"},
    )
    (asked,) = upstream.asked
    assert (asked.method, asked.path) == ("POST", "/consents/v1/account-on-file")
    assert asked.json == ARGUMENTS | {
        "control_parameters": {
            "type": "VariableOnDemand",
            "period_type": "Month",
            "max_individual_amount": 99.9,
        },
        "start_date_time": "2026-07-11T16:00:00Z",
        "expiration_date_time": "2027-07-11T16:00:00Z",
        "immediate_payment": {"amount": 10.5, "reference": "First"},
    }
    assert (consent.id, consent.status) == (CONSENT, "AWAITING_AUTHORISATION")
    assert consent.purpose == "GDS"
    assert consent.control_parameters["max_individual_amount"] == Decimal("99.9")
    assert consent.starts_at == datetime(2026, 7, 11, 16, 58, 3, 559872, UTC)
    assert (consent.bank_identifier, consent.sender_account_id) == (None, None)


LIMITS = ARGUMENTS["control_parameters"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"customer_id": "x"}, "customer_id", "a UUID"),
        ({"destination_account_id": None}, "destination_account_id", "is missing"),
        ({"currency": "aed"}, "currency", "ISO 4217"),
        ({"reference": "x" * 65}, "reference", "1 to 64 characters"),
        ({"purpose": "FUN"}, "purpose", "one of FIS"),
        ({"control_parameters": {}}, "control_parameters", "period_type"),
        ({"control_parameters": LIMITS | {"period_type": "MONTH"}}, "control_parameters", "Month"),
        ({"control_parameters": {"period_type": "Day"}}, "control_parameters", "is needed"),
        ({"control_parameters": LIMITS | {"max_indvidual_amount": 1}}, "control_parameters", "Unk"),
        (
            {"control_parameters": LIMITS | {"max_cumulative_amount": 1.5}},
            "control_parameters",
            "fl",
        ),
        (
            {"control_parameters": LIMITS | {"max_cumulative_amount": "1.005"}},
            "control_parameters",
            "2 decimals at most",
        ),
        ({"start_date_time": "2026-07-11T16:00:00"}, "start_date_time", "without an offset"),
        ({"start_date_time": "tomorrow"}, "start_date_time", "not a time"),
        (
            {
                "start_date_time": "2026-07-11T16:00:00Z",
                "expiration_date_time": "2026-07-11T16:00:00Z",
            },
            "expiration_date_time",
            "not after start_date_time",
        ),
        ({"immediate_payment": {"amount": "0"}}, "immediate_payment", "not above zero"),
        ({"immediate_payment": {"amount": "1.005"}}, "immediate_payment", "2 decimals at most"),
        ({"government_identifier": "784-1"}, "government_identifier", "is of type str"),
        ({"government_identifier": {"type": "EMIRATES_ID"}}, "government_identifier", "other"),
    ],
)
def test_a_bad_consent_is_named_and_never_sent(lean_client, upstream, changes, field, words):
    with pytest.raises(FlowError) as caught:
        lean_client.create_consent(**ARGUMENTS | changes)
    assert set(caught.value.fields) == {field}
    assert words in caught.value.fields[field]
    assert str(caught.value).startswith("consent: ")
    assert "784" not in str(caught.value)
    assert upstream.asked == []


def test_a_consent_brings_the_customers_government_identifier(lean_client, upstream):
    identifier = {"type": "EMIRATES_ID", "value": "784-1990-1234567-1"}
    upstream.will_answer(CREATED)
    lean_client.create_consent(**ARGUMENTS, government_identifier=identifier)
    assert upstream.asked[0].json["government_identifier"] == identifier
    upstream.will_answer(Answer({"status": "NO", "message": f"{identifier['value']}?"}, 400))
    with pytest.raises(UpstreamRejected) as caught:
        lean_client.create_consent(**ARGUMENTS, government_identifier=identifier)
    assert "784" not in str(caught.value)


def test_a_consent_is_never_created_twice(lean_client, upstream):
    upstream.will_answer(Answer({"status": "DOWN"}, 503))
    with pytest.raises(UpstreamRejected):
        lean_client.create_consent(**ARGUMENTS)
    assert len(upstream.asked) == 1


def test_a_consent_that_is_authorised(lean_client, upstream):
    upstream.will_answer(AUTHORISED)
    consent = lean_client.consent(CONSENT)
    assert upstream.asked[0].path == f"/consents/v1/{CONSENT}"
    assert (consent.id, consent.status, consent.purpose) == (CONSENT, "AUTHORISED", "GDS")
    assert (consent.iban, consent.holder_name) == ("AE070331234567890123456", "Noura A")
    assert consent.consumption == {"cumulative_value_of_payments": Decimal("10.5")}
    assert consent.immediate_payment == {}
    for private in (CUSTOMER, "AE07", "Noura", "Order 7", "99.9"):
        assert private not in repr(consent)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"consent_id": DESTINATION}, "another consent"),
        ({"consent_id": "x"}, "not usable: id"),
        ({"status": 7.5}, "not usable: status"),
        ({"customer_id": None}, "not usable: customer_id"),
    ],
)
def test_an_answer_about_something_else_is_invalid(lean_client, upstream, changes, words):
    upstream.will_answer(AUTHORISED | changes)
    with pytest.raises(UpstreamInvalid, match=words):
        lean_client.consent(CONSENT)


def test_a_new_consent_of_somebody_else_is_invalid(lean_client, upstream):
    upstream.will_answer(CREATED | {"customer_id": DESTINATION})
    with pytest.raises(UpstreamInvalid, match="another customer's"):
        lean_client.create_consent(**ARGUMENTS)


def test_a_status_that_is_new_stays_as_it_is(lean_client, upstream):
    upstream.will_answer(AUTHORISED | {"status": "PAUSED_BY_BANK", "currency": "dirham"})
    consent = lean_client.consent(CONSENT)
    assert (consent.status, consent.currency) == ("PAUSED_BY_BANK", "")


def page(*ids, number=0, pages=1, **changes):
    records = [AUTHORISED | {"consent_id": id} | changes for id in ids]
    return {"data": records, "page": {"number": number, "size": 100, "total_pages": pages}}


IDS = [f"{number:08d}-e89b-12d3-a456-426655440000" for number in range(1, 6)]


def test_the_consents_of_all_pages(lean_client, upstream):
    upstream.will_answer(
        page(*IDS[:2], pages=3), page(IDS[1], IDS[2], number=1, pages=3), page(IDS[3], pages=3)
    )
    consents = lean_client.consents(CUSTOMER, "AUTHORISED")
    assert [consent.id for consent in consents] == IDS[:4]
    assert [asked.query["page_number"] for asked in upstream.asked] == [["0"], ["1"], ["2"]]
    assert upstream.asked[0].query | {"page_number": ["0"]} == {
        "customer_id": [CUSTOMER],
        "status": ["AUTHORISED"],
        "page_number": ["0"],
        "page_size": ["100"],
    }


def test_several_statuses_may_be_asked_for(lean_client, upstream):
    upstream.will_answer(page(*IDS[:2]) | {"page": None})
    assert lean_client.consents(CUSTOMER, ["EXPIRED", "REVOKED"]) == ()  # whatever Lean filters
    assert upstream.asked[0].query["status"] == ["EXPIRED", "REVOKED"]
    assert len(lean_client.consents(CUSTOMER)) == 2
    with pytest.raises(FlowError, match="status got what is none"):
        lean_client.consents(CUSTOMER, "authorised\n")


def test_pages_without_end_are_left_off(lean_client, upstream, caplog, monkeypatch):
    monkeypatch.setattr(calls, "MAX_PAGES", 3)
    upstream.will_answer(page(IDS[0], pages=10**9))
    assert len(lean_client.consents(CUSTOMER)) == 1
    assert len(upstream.asked) == 3
    assert "Left out what Lean lists after page 3: consents" in caplog.text


@pytest.mark.parametrize(
    "changes", [{"customer_id": DESTINATION}, {"consent_id": 7}, {"status": None}], ids=str
)
def test_a_consent_that_cannot_be_used_is_skipped(lean_client, upstream, changes, caplog):
    pages = page(*IDS[:2])
    pages["data"][0] |= changes
    upstream.will_answer(pages)
    assert [consent.id for consent in lean_client.consents(CUSTOMER)] == [IDS[1]]
    assert "Skipped consent number 1: " in caplog.text
    assert CUSTOMER not in caplog.text


@pytest.mark.parametrize("content", [7, "x", {}, {"data": {}}, None], ids=str)
def test_a_page_that_is_none_is_invalid(lean_client, upstream, content):
    upstream.will_answer(content)
    with pytest.raises(UpstreamInvalid, match="no data"):
        lean_client.consents(CUSTOMER)


@pytest.mark.parametrize("answer", [Answer({}), Answer(body=b""), Answer(status=204, body=b"")])
def test_a_consent_is_revoked(lean_client, upstream, answer):
    upstream.will_answer(answer)
    assert lean_client.revoke_consent(CONSENT) is None
    (asked,) = upstream.asked
    assert (asked.method, asked.path) == ("POST", f"/consents/v1/{CONSENT}/revocation")
    assert asked.json == {"reason": "END_USER_REQUESTED"}


def test_what_lean_says_of_a_revocation(lean_client, upstream):
    upstream.will_answer(Answer({"status": "INVALID_STATE", "message": f"{CONSENT} is over"}, 400))
    with pytest.raises(UpstreamRejected) as caught:
        lean_client.revoke_consent(CONSENT, reason="FRAUD_SUSPECTED")
    assert caught.value.code == "INVALID_STATE"
    assert CONSENT not in str(caught.value)
    with pytest.raises(FlowError, match="reason got what is none"):
        lean_client.revoke_consent(CONSENT, reason="because")
    with pytest.raises(FlowError, match="consent_id got a value of type int"):
        lean_client.revoke_consent(7)
    assert len(upstream.asked) == 1
