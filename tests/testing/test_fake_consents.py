"""Consents to payments at the stand-in: approved, used up to their limits, ended."""

from __future__ import annotations

import uuid

import pytest

DAY = 86_400
LIMITS = {
    "type": "VariableOnDemand",
    "period_type": "Day",
    "max_individual_amount": 500,
    "max_cumulative_amount": 1500,
    "max_cumulative_amount_per_period": 700,
    "max_cumulative_number_of_payments_per_period": 3,
}


@pytest.fixture
def customer(fake_lean):
    return fake_lean.add_customer("user-1")


@pytest.fixture
def fields(customer):
    return {
        "customer_id": customer,
        "destination_account_id": str(uuid.uuid4()),
        "currency": "SAR",
        "reference": "Rides",
        "purpose": "GDS",
        "control_parameters": LIMITS,
    }


@pytest.fixture
def create(api, fields):
    def create(**changes):
        return api.post("/consents/v1/account-on-file", json=fields | changes)

    return create


@pytest.fixture
def consent(create, fake_lean):
    """A consent that the customer has approved."""
    consent_id = create().json()["id"]
    fake_lean.authorise_consent(consent_id, "RJHI_SAU")
    return consent_id


@pytest.fixture
def pay(api, consent):
    def pay(amount, key=None, **changes):
        body = {"consent_id": consent, "risk_details": {}} | changes | {"amount": amount}
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return api.post("/payments/v1/account-on-file", json=body, headers=headers)

    return pay


def test_a_consent_is_created_approved_and_read(api, create, receiver, end, fake_lean, customer):
    created = create().json()
    assert created["status"] == "AWAITING_AUTHORISATION"
    url = f"/consents/v1/{created['id']}"
    assert "consented_account" not in api.get(url).json()
    assert api.get(f"{url}/balance").status_code == 409
    account = fake_lean.add_payment_source(customer, "ANB_SAU")["accounts"][0]
    config = {"customer_id": customer, "consent_id": created["id"], "account_id": account["id"]}
    end("authorizeConsent", **config)
    (event,) = receiver.expect("consent.status.updated")
    assert event == {
        "id": created["id"],
        "customer_id": customer,
        "status": "AUTHORISED",
        "consent_type": "PAYMENT",
        "account_id": account["id"],
    }
    read = api.get(url).json()
    assert (read["consent_id"], read["bank_identifier"]) == (created["id"], "ANB_SAU")
    assert read["consented_account"]["iban"] == account["iban"]
    assert read["payment_purpose"]["code"] == "GDS"
    assert api.get(f"{url}/balance").json()["currency"] == "SAR"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"currency": "sar"}, "currency"),
        ({"reference": "x" * 65}, "reference"),
        ({"purpose": "FUN"}, "purpose"),
        ({"destination_account_id": "x"}, "destination_account_id"),
        ({"control_parameters": {"type": "Fixed"}}, "type"),
        ({"control_parameters": LIMITS | {"period_type": "Hour"}}, "period_type"),
        ({"control_parameters": LIMITS | {"max_individual_amount": 0}}, "max_individual_amount"),
        ({"control_parameters": LIMITS | {"maximum": 1}}, "maximum"),
        ({"control_parameters": dict(list(LIMITS.items())[:2])}, "max_individual_amount"),
        ({"immediate_payment": {"amount": 501}}, "immediate_payment"),
        ({"immediate_payment": {}}, "immediate_payment"),
        ({"expiration_date_time": "2020-01-01T00:00:00Z"}, "expiration_date_time"),
        ({"start_date_time": "soon"}, "start_date_time"),
        ({"government_identifier": {"type": "PASSPORT", "value": "1"}}, "government_identifier"),
    ],
    ids=str,
)
def test_a_consent_with_a_wrong_field_is_refused(create, fake_lean, changes, named):
    answer = create(**changes)
    assert (answer.status_code, answer.json()["status"]) == (400, "INVALID_PARAMETERS")
    assert named in answer.json()["message"]
    assert fake_lean.consents == {}


def test_a_consent_needs_all_its_fields_and_a_known_customer(create):
    assert create(purpose=None).json()["status"] == "MISSING_PARAMETERS"
    assert create(customer_id=str(uuid.uuid4())).status_code == 404


def test_a_customer_of_the_emirates_needs_an_identifier(api, create, fake_lean, customer):
    fake_lean.country = "ae"
    assert "government_identifier" in create().json()["message"]
    identifier = {"type": "EMIRATES_ID", "value": "784-1990-1234567-1"}
    assert create(government_identifier=identifier).status_code == 200
    assert create().status_code == 200  # Lean has kept it
    assert fake_lean.customers[customer]["government_identifiers"] == [identifier]


@pytest.mark.parametrize("status", ["SUCCESS", "ERROR", "CANCELLED"])
def test_what_came_of_it_at_the_bank_is_known_once_the_customer_is_back(
    create, end, fake_lean, customer, status
):
    consent = create().json()["id"]
    config = {"customer_id": customer, "consent_id": consent}
    end("authorizeConsent", "REDIRECT", **config)
    end("captureRedirect", status, customer_id=customer)
    expected = {
        "SUCCESS": "AUTHORISED",
        "ERROR": "REJECTED",
        "CANCELLED": "AWAITING_AUTHORISATION",
    }
    assert fake_lean.consents[consent]["status"] == expected[status]


def test_consents_are_listed_in_pages_by_status(api, create, fake_lean, customer, consent):
    waiting = [create().json()["id"] for _ in range(3)]
    about = {"customer_id": customer, "page_size": 2}
    first = api.get("/consents/v1", params=about).json()
    assert [one["consent_id"] for one in first["data"]] == [consent, waiting[0]]
    assert first["page"] == {"number": 0, "size": 2, "total_elements": 4, "total_pages": 2}
    some = api.get("/consents/v1", params=about | {"status": ["AUTHORISED", "REVOKED"]}).json()
    assert [one["consent_id"] for one in some["data"]] == [consent]
    assert api.get("/consents/v1").json()["status"] == "MISSING_PARAMETERS"


def test_a_consent_in_force_is_revoked_once(api, create, consent, receiver):
    url = f"/consents/v1/{consent}/revocation"
    reason = {"reason": "END_USER_REQUESTED"}
    assert api.post(url, json={"reason": "BORED"}).json()["status"] == "INVALID_PARAMETERS"
    assert api.post(url, json=reason).json() == {}
    assert receiver.expect("consent.status.updated")[0]["status"] == "REVOKED"
    again = api.post(url, json=reason)
    assert (again.status_code, again.json()["status"]) == (400, "INVALID_CONSENT_STATUS")
    waiting = create().json()["id"]
    assert api.post(f"/consents/v1/{waiting}/revocation", json=reason).status_code == 400
    assert api.post(f"/consents/v1/{uuid.uuid4()}/revocation", json=reason).status_code == 404


def test_the_customer_can_revoke_at_the_bank_and_time_ends_a_consent(
    pay, create, consent, fake_lean, receiver
):
    other = create().json()["id"]
    fake_lean.revoke_consent(consent)
    assert receiver.expect("consent.status.updated")[0]["status"] == "REVOKED"
    refused = pay(10)
    assert (refused.status_code, refused.json()["status"]) == (409, "INVALID_CONSENT_STATUS")
    fake_lean.advance(366 * DAY)
    (event,) = receiver.expect("consent.status.updated")
    assert (event["id"], event["status"]) == (other, "EXPIRED")
    assert fake_lean.consents[consent]["status"] == "REVOKED"


def test_a_payment_is_made_once_for_each_key(api, pay, consent, receiver):
    paid = pay(120.5, key="ride-1")
    assert paid.json()["status"] == "CREATED"
    assert paid.json()["amount"] == {"currency": "SAR", "amount": 120.5}
    (event,) = receiver.expect("payment.account-on-file.updated")
    assert (event["id"], event["status"]) == (paid.json()["id"], "PROCESSED")
    assert pay(120.5, key="ride-1").json() == paid.json()
    assert receiver.got.empty()
    made = api.get(f"/consents/v1/{consent}/payments").json()["data"]
    assert [one["id"] for one in made] == [paid.json()["id"]]
    used = api.get(f"/consents/v1/{consent}").json()["payment_consumption"]
    assert used["cumulative_value_of_payments"] == 120.5


def test_a_payment_that_waits_is_settled_later(pay, fake_lean, receiver):
    fake_lean.payment_status = "PENDING_WITH_BANK"
    payment = pay(10).json()["id"]
    assert receiver.expect("payment.account-on-file.updated")[0]["status"] == "PROCESSING"
    fake_lean.settle_consent_payment(payment, "FAILED")
    assert receiver.expect("payment.account-on-file.updated")[0]["status"] == "FAILED"
    with pytest.raises(LookupError):
        fake_lean.settle_consent_payment("another")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": None}, "MISSING_PARAMETERS"),
        ({"amount": 1, "risk_details": None}, "MISSING_PARAMETERS"),
        ({"amount": -1}, "INVALID_PARAMETERS"),
        ({"amount": 1, "consent_id": "another"}, "NOT_FOUND"),
    ],
    ids=str,
)
def test_a_payment_that_is_incomplete_is_refused(pay, fake_lean, changes, code):
    assert pay(**changes).json()["status"] == code
    assert fake_lean.consent_payments == []


def test_a_payment_without_a_key_is_refused(api, consent):
    body = {"consent_id": consent, "amount": 1, "risk_details": {}}
    answer = api.post("/payments/v1/account-on-file", json=body)
    assert "Idempotency-Key" in answer.json()["message"]


@pytest.mark.parametrize(
    ("paid", "limit"),
    [
        ([501], "max_individual_amount"),
        ([400, 301], "max_cumulative_amount_per_period"),
        ([1, 1, 1, 1], "max_cumulative_number_of_payments_per_period"),
    ],
    ids=str,
)
def test_a_payment_beyond_a_limit_is_refused(pay, paid, limit):
    *fine, beyond = paid
    assert [pay(amount).status_code for amount in fine] == [200] * len(fine)
    refused = pay(beyond)
    assert (refused.status_code, refused.json()["status"]) == (400, "CONSENT_LIMIT_EXCEEDED")
    assert refused.json()["message"] == f"the consent's {limit} is exceeded"


def test_the_next_period_has_its_own_limits_until_the_consent_is_used_up(pay, fake_lean, consent):
    for amounts in ((500, 200), (500, 200)):
        assert [pay(amount).status_code for amount in amounts] == [200, 200]
        assert pay(1).status_code == 400
        fake_lean.advance(DAY)
    assert "max_cumulative_amount " in pay(101).json()["message"]
    assert pay(100).status_code == 200
    assert fake_lean.consents[consent]["status"] == "CONSUMED"
    assert pay(1).status_code == 409


@pytest.mark.parametrize(("period", "days"), [("Week", 7), ("Month", 31), ("Year", 366)])
def test_the_limits_of_a_longer_period_begin_anew(create, fake_lean, period, days):
    consent = create(control_parameters=LIMITS | {"period_type": period}).json()["id"]
    fake_lean.authorise_consent(consent, "RJHI_SAU")
    fake_lean.pay_by_consent(consent, {"amount": 500}, "1")

    def used():
        consumption = fake_lean.consumption(fake_lean.consents[consent])
        return consumption["cumulative_value_of_payments_in_current_period"]

    assert used() == 500
    fake_lean.advance(days * DAY)
    assert used() == 0


def test_a_payment_at_once_is_made_when_the_consent_is_approved(create, end, receiver, customer):
    consent = create(immediate_payment={"amount": 50, "reference": "First"}).json()["id"]
    end("authorizeConsent", customer_id=customer, consent_id=consent, bank_identifier="RJHI_SAU")
    status, payment = receiver.expect("consent.status.updated", "payment.account-on-file.updated")
    assert status["status"] == "AUTHORISED"
    assert payment["amount"] == {"currency": "SAR", "amount": 50}
