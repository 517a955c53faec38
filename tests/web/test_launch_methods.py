"""POST /launch of each method: the exact config, and which choices it takes."""

from __future__ import annotations

import pytest

from lean_flask.flows.methods import TRAITS
from lean_flask.testing import faults
from support.flow_page import CONSENT, DESTINATION, NEEDED, RECONNECT

LANDINGS = {
    "success_redirect_url": "http://localhost/lean/return/success",
    "fail_redirect_url": "http://localhost/lean/return/fail",
}
METHODS = {
    "connect": "connect",
    "pay": "pay",
    "checkout": "checkout",
    "authorize_consent": "authorizeConsent",
    "create_payment_source": "createPaymentSource",
    "update_payment_source": "updatePaymentSource",
    "create_beneficiary": "createBeneficiary",
    "reconnect": "reconnect",
    "manage_consents": "manageConsents",
    "verify_address": "verifyAddress",
}
WITHOUT_BANKS = {
    "updatePaymentSource",
    "createBeneficiary",
    "reconnect",
    "manageConsents",
    "verifyAddress",
}
LIMITS = {"period_type": "Month", "max_individual_amount": 250}
BANK = {"bank_identifier": "RJHI_SAU"}


@pytest.fixture
def customer(app):
    return app.config["CONNECT"]["customer_id"]


@pytest.fixture
def source(fake_lean, customer):
    return fake_lean.add_payment_source(customer, "RJHI_SAU")


@pytest.mark.parametrize(
    ("method", "choice", "config"),
    [
        ("authorize_consent", BANK, {"consent_id": CONSENT} | BANK | LANDINGS),
        ("create_payment_source", BANK, BANK | LANDINGS),
        ("update_payment_source", {}, {"payment_destination_id": DESTINATION} | LANDINGS),
        ("create_beneficiary", {}, {"payment_destination_id": DESTINATION} | LANDINGS),
        ("manage_consents", {}, {"consent_type": ["data"]}),
        ("verify_address", {}, {"customer_name": "A Customer"}),
    ],
)
def test_the_config_is_exactly_what_the_sdk_takes(
    start, fake_lean, customer, method, choice, config
):
    response = start(method).launch(**choice)
    assert response.json["method"] == METHODS[method]
    sent = response.json["config"]
    assert sent.pop("access_token").count(".") == 2
    assert sent == config | {
        "app_token": fake_lean.app_token,
        "customer_id": customer,
        "sandbox": True,
        "language": "en",
    }


def test_reconnect_names_no_customer(start, fake_lean):
    """The SDK takes none; the customer is for its token."""
    page = start("reconnect")
    assert page.launch().json["config"]["access_token"].count(".") == 2
    assert page.config() == {
        "app_token": fake_lean.app_token,
        "reconnect_id": RECONNECT,
        "sandbox": True,
        "language": "en",
    }


def test_a_saved_account_is_what_a_consent_is_for(start, source):
    account = source["accounts"][0]["id"]
    config = start("authorize_consent").config(account_id=account)
    assert (config["account_id"], config["bank_identifier"]) == (account, "RJHI_SAU")


@pytest.mark.parametrize("method", ["update_payment_source", "create_beneficiary"])
def test_a_source_that_the_customer_chose(start, source, fake_lean, customer, method, heard):
    page = start(method)
    assert page.config(payment_source_id=source["id"].upper()) == LANDINGS | {
        "app_token": fake_lean.app_token,
        "customer_id": customer,
        "payment_destination_id": DESTINATION,
        "payment_source_id": source["id"],
        "sandbox": True,
        "language": "en",
    }
    assert page.status["bank_identifier"] == "RJHI_SAU"
    assert heard[0][1]["bank"].identifier == "RJHI_SAU"


def test_another_source_replaces_a_preset_one(start, source):
    preset = {"payment_source_id": CONSENT, "entity_id": RECONNECT}
    page = start("update_payment_source", **preset)
    assert preset.items() <= page.config().items()
    config = page.config(payment_source_id=source["id"])
    assert config["payment_source_id"] == source["id"]
    assert "entity_id" not in config


@pytest.mark.parametrize("status", ["ACTIVE", "AWAITING_BENEFICIARY_COOL_OFF"])
def test_a_source_that_has_the_destination_is_refused(start, fake_lean, customer, status):
    source = fake_lean.add_payment_source(
        customer, "RJHI_SAU", beneficiary_status=status, payment_destination_id=DESTINATION.upper()
    )
    response = start("create_beneficiary").launch("?lang=ar", payment_source_id=source["id"])
    assert (response.status_code, response.json["reason"]) == (409, "source")
    assert response.json["advice"] == "لا يمكن اختيار هذا الحساب. يُرجى اختيار حساب آخر."


def test_a_status_that_is_new_refuses_nothing(start, fake_lean, customer):
    source = fake_lean.add_payment_source(
        customer, "RJHI_SAU", beneficiary_status="NEW", payment_destination_id=DESTINATION
    )
    assert start("create_beneficiary").launch(payment_source_id=source["id"]).status_code == 200


def test_another_customers_source_is_refused(start, fake_lean):
    other = fake_lean.add_customer("user-2")
    source = fake_lean.add_payment_source(other, "RJHI_SAU")
    response = start("create_beneficiary").launch(payment_source_id=source["id"])
    assert (response.status_code, response.json["reason"]) == (409, "source")
    assert "one of the customer's" in response.json["detail"]
    assert "choose another one" in response.json["advice"]


def test_a_source_whose_bank_cannot_pay_now_is_refused(start, source, fake_lean):
    fake_lean.set_availability("RJHI_SAU", active={"payments": False})
    response = start("create_beneficiary").launch(payment_source_id=source["id"])
    assert (response.status_code, response.json["reason"]) == (409, "unavailable")


def test_without_a_list_a_source_is_used_and_without_lean_none_is(start, source, fake_lean):
    fake_lean.fault("banks", faults.Status(500))
    page = start("create_beneficiary")
    assert page.config(payment_source_id=source["id"])["payment_source_id"] == source["id"]
    fake_lean.fault("payment_sources", faults.Status(500))
    response = page.launch(payment_source_id=source["id"])
    assert (response.status_code, response.json["reason"]) == (503, "upstream")


@pytest.mark.parametrize("method", NEEDED)
@pytest.mark.parametrize("name", ["bank_identifier", "account_id", "payment_source_id"])
def test_a_choice_that_the_method_does_not_take_is_refused(start, method, name, caplog):
    taken = {
        "bank_identifier": set(METHODS.values()) - WITHOUT_BANKS,
        "account_id": {"pay", "checkout", "authorizeConsent"},
        "payment_source_id": {"updatePaymentSource", "createBeneficiary"},
    }[name]
    value = "RJHI_SAU" if name == "bank_identifier" else CONSENT
    response = start(method).launch(**{name: value})
    if METHODS[method] in taken:
        assert response.status_code in {200, 409}
        return
    assert response.status_code == 400
    assert response.json["errors"] == {name: [f"{METHODS[method]} takes none."]}
    assert f"{METHODS[method]} takes no {name}" in caplog.text


def test_every_method_is_here():
    assert set(METHODS.values()) == TRAITS.keys()
    assert METHODS.keys() == NEEDED.keys()


def test_banks_that_cannot_pay_as_much_at_once_are_marked_and_refused(start, fake_lean):
    fake_lean.bank("SAIB_SAU")["transfer_limits"] = [{"currency": "SAR", "min": 1, "max": 200}]
    page = start("authorize_consent", currency="SAR", control_parameters=LIMITS)
    assert "Limit per payment" in page.open().text
    assert page.launch(bank_identifier="SAIB_SAU").json["reason"] == "limit"
    assert page.launch(bank_identifier="RJHI_SAU").status_code == 200


def test_banks_that_open_finance_does_not_reach_are_left_out(start, fake_lean):
    fake_lean.bank("SAIB_SAU")["connection_type"] = "REVERSE_ENGINEERED"
    page = start("authorize_consent")
    assert 'value="SAIB_SAU"' not in page.open().text
    assert page.launch(bank_identifier="SAIB_SAU").json["reason"] == "unavailable"
