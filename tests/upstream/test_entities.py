"""Entities and payment sources as Lean sends them, in each of its spellings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lean_flask import Beneficiary, Entity, EntityConsent
from lean_flask.upstream.entities import entity_loader
from lean_flask.upstream.payment_sources import source_loader

ENTITY = "204fbd9e-5869-48f0-bb61-f6b572bdf340"
CUSTOMER = "0c339c21-6a88-41dc-a047-a5d1725b3ef7"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
RECORD = {
    "id": ENTITY,
    "customer_id": CUSTOMER,
    "bank_identifier": "MOCK_KSA",
    "permissions": {"identity": True, "accounts": True, "balance": False},
    "bank_type": "RETAIL",
    "created_at": "2025-08-05T16:57:41.644091234Z",
    "consents": [
        {
            "id": "7745b2f8-32ae-404c-b792-163f2205a83b",
            "bank_consent_id": "urn:a-bank:kac-1",
            "bank_identifier": None,
            "consent_type": "ACCOUNT_ACCESS",
            "consent_status": "ACTIVE",
            "standard_consent_status": "AUTHORISED",
            "permissions": {"accounts": True},
            "creation_date_time": "2025-08-05T16:56:49.802Z",
            "status_update_date_time": "2025-08-05T20:56:49+04:00",
            "expiration_date_time": "2026-08-31 11:28:16.667",
            "transaction_from_date_time": None,
            "accounts": [{"scheme_name": "IBAN", "identification": "SA4420000001234567891234"}],
        }
    ],
}


def load(**changes):
    return entity_loader.load_one(RECORD | changes, id=ENTITY, customer_id=CUSTOMER)


def test_an_entity_with_its_consent():
    entity = load()
    assert entity == Entity(
        id=ENTITY,
        customer_id=CUSTOMER,
        bank_identifier="MOCK_KSA",
        permissions=("identity", "accounts"),
        bank_type="RETAIL",
        created_at=datetime(2025, 8, 5, 16, 57, 41, 644091, UTC),
        consents=entity.consents,
    )
    (consent,) = entity.consents
    assert consent.bank_consent_id == "urn:a-bank:kac-1"
    assert consent.updated_at == datetime(2025, 8, 5, 16, 56, 49, tzinfo=UTC)
    assert consent.expires_at == datetime(2026, 8, 31, 11, 28, 16, 667000, UTC)
    assert (consent.bank_identifier, consent.transactions_from) == ("", None)
    for private in (CUSTOMER, "kac-1", "SA44"):
        assert private not in repr(entity)


def test_permissions_may_be_a_list_as_in_events():
    assert load(permissions=["identity", "identity", "balance"]).permissions == (
        "identity",
        "balance",
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"permissions": "all"},
        {"created_at": "yesterday"},
        {"created_at": 7},
        {"created_at": "0001-01-01T00:00:00Z"},
        {"consents": {"id": "x"}},
        {"consents": [{"consent_status": "ACTIVE"}]},
        {"bank_type": ["RETAIL"]},
    ],
    ids=str,
)
def test_a_wrong_field_costs_itself(changes):
    (name,) = changes
    assert not getattr(load(**changes), name)


def consent(**fields):
    return EntityConsent(id="c", **fields)


LATER, EARLIER = NOW + timedelta(days=1), NOW - timedelta(days=1)
LIVE = consent(status="ACTIVE", standard_status="AUTHORISED", expires_at=LATER)
PASSED = consent(status="ACTIVE", expires_at=EARLIER)
REVOKED = consent(status="REVOKED", standard_status="AUTHORISED", expires_at=LATER)
AWAITING = consent(standard_status="AWAITING_AUTHORISATION", expires_at=LATER)
ENDLESS = consent(status="ACTIVE")


@pytest.mark.parametrize(
    ("consents", "state", "expires_at"),
    [
        ([], "linked", None),
        ([LIVE], "linked", LATER),
        ([PASSED], "ended", EARLIER),
        ([REVOKED], "ended", None),
        ([AWAITING], "pending", None),
        ([PASSED, AWAITING], "pending", EARLIER),
        ([REVOKED, LIVE, PASSED], "linked", LATER),
        ([ENDLESS, LIVE], "linked", None),
        ([consent(status="REVOKED"), consent(standard_status="CONSUMED")], "ended", None),
        ([consent(status="SOMETHING_NEW", expires_at=LATER)], "linked", LATER),
    ],
    ids=str,
)
def test_the_state_of_a_connection(consents, state, expires_at):
    entity = Entity("e", "c", "A", consents=tuple(consents))
    assert (entity.connection_state(NOW), entity.expires_at) == (state, expires_at)


@pytest.mark.parametrize(
    "status",
    [
        *("REVOKED", "REJECTED", "EXPIRED", "SUSPENDED", "CONSUMED"),
        *("REJECTED_BY_BANK", "CONSENT_EXPIRED", "FAILED"),
    ],
)
def test_a_consent_that_is_over(status):
    assert consent(status=status).is_over
    assert consent(status="ACTIVE", standard_status=status).is_over


@pytest.mark.parametrize(
    ("status", "state"), [("ACTIVE", "linked"), ("DELETED", "ended"), ("DISABLED", "ended")]
)
def test_an_entity_that_is_gone_has_ended(status, state):
    assert load(status=status).connection_state(NOW) == state


def test_the_beneficiaries_of_a_source():
    source = {
        "id": ENTITY,
        "customer_id": CUSTOMER,
        "bank_identifier": "ENBD_UAE",
        "beneficiaries": [
            {
                "payment_destination_id": "d-1",
                "status": "AWAITING_BENEFICIARY_COOL_OFF",
                "beneficiary_cool_off_expiry": "2026-02-13T13:20:57.674299Z",
            },
            {"payment_destination_id": "d-2", "status": "ACTIVE"},
            {"payment_destination_id": "d-3", "status": "NEW", "beneficiary_cool_off_expiry": 1},
        ],
    }
    (loaded,) = source_loader.load_many([source], CUSTOMER)
    cool_off_ends = datetime(2026, 2, 13, 13, 20, 57, 674299, UTC)
    assert loaded.beneficiaries == (
        Beneficiary("d-1", "AWAITING_BENEFICIARY_COOL_OFF", cool_off_ends),
        Beneficiary("d-2", "ACTIVE"),
        Beneficiary("d-3", "NEW"),
    )
    assert loaded.active_destinations == ("d-2",)
