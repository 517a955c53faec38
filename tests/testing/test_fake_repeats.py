"""What a test does to the stand-in a second time, or far ahead, changes what it should alone."""

from __future__ import annotations

import logging
from threading import Thread

import pytest

from support import plain_http

FIELDS = {
    "destination_account_id": "911f30d8-8fc8-4fe9-86a1-3f9fea11a674",
    "currency": "SAR",
    "reference": "Rides",
    "purpose": "GDS",
    "control_parameters": {"type": "VariableOnDemand", "period_type": "Month"},
}


@pytest.fixture
def make_consent(fake_lean):
    def make(**fields):
        customer = fake_lean.add_customer("user-1")
        return fake_lean.add_consent(FIELDS | {"customer_id": customer} | fields)

    return make


def types(fake_lean):
    return [event["type"] for event in fake_lean.events]


def test_a_connection_ends_once(fake_lean):
    entity, _ = fake_lean.add_entity(fake_lean.add_customer("user-1"), "RJHI_SAU", ["accounts"])
    fake_lean.revoke_entity(entity["id"])
    fake_lean.revoke_entity(entity["id"])
    fake_lean.expire_entity(entity["id"])
    assert types(fake_lean) == ["entity.created", "entity.updated"]
    assert entity["consents"][0]["standard_consent_status"] == "REVOKED"


def test_a_consent_ends_once(fake_lean, make_consent):
    consent = make_consent()
    fake_lean.authorise_consent(consent["id"], "RJHI_SAU")
    fake_lean.set_consent_status(consent["id"], "CONSUMED")
    fake_lean.revoke_consent(consent["id"])
    assert consent["status"] == "CONSUMED"
    assert types(fake_lean) == ["consent.status.updated"] * 2
    with pytest.raises(KeyError):
        fake_lean.revoke_consent("unknown")


def test_a_consent_in_force_again_makes_no_second_payment_at_once(fake_lean, make_consent):
    consent = make_consent(immediate_payment={"amount": 20})
    for status in ("AUTHORISED", "SUSPENDED", "AUTHORISED"):
        fake_lean.set_consent_status(consent["id"], status)
    assert len(fake_lean.consent_payments) == 1


@pytest.mark.parametrize("seconds", [-1, 10**12, float("inf"), float("nan")], ids=str)
def test_a_clock_that_cannot_go_there_stays(fake_lean, seconds):
    before = fake_lean.now()
    with pytest.raises(ValueError, match="the clock"):
        fake_lean.advance(seconds)
    assert (fake_lean.now() - before).total_seconds() < 60


@pytest.mark.parametrize(
    ("country", "bank", "prefix", "length"),
    [("sa", "RJHI_SAU", "SA", 24), ("ae", "ENBD_UAE", "AE", 23)],
)
def test_a_consented_account_is_one_of_the_country(make_fake_lean, country, bank, prefix, length):
    fake = make_fake_lean(country=country)
    consent = fake.add_consent(FIELDS | {"customer_id": fake.add_customer("user-1")})
    fake.authorise_consent(consent["id"], bank)
    iban = consent["consented_account"]["iban"]
    assert (iban[:2], len(iban)) == (prefix, length)


def test_a_list_is_answered_while_something_is_added(fake_lean, make_consent, monkeypatch):
    monkeypatch.setattr(logging.getLogger("httpx"), "disabled", True)
    customer = make_consent()["customer_id"]
    fake_lean.authorise_consent(make_consent()["id"], "RJHI_SAU")
    adding = Thread(target=make_consent)

    def consumption(_consent):
        adding.start()
        adding.join(0.1)  # it waits for the answer
        return {}

    monkeypatch.setattr(fake_lean, "consumption", consumption)
    headers = {"lean-app-token": fake_lean.app_token}
    url = f"{fake_lean.url}/consents/v1"
    fake_lean.consents = dict(reversed(fake_lean.consents.items()))  # the one in force comes first
    listed = plain_http.get(url, params={"customer_id": customer}, headers=headers)
    adding.join(10)
    assert (listed.status_code, len(listed.json()["data"])) == (200, 2)
    assert len(fake_lean.consents) == 3
