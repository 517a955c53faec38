"""POST /launch with ``entity_id``: the customer renews a bank that is linked."""

from __future__ import annotations

import re

import pytest

from lean_flask import FlowError
from lean_flask.testing import faults
from support.flow_page import CONSENT

BANK = "RJHI_SAU"


@pytest.fixture
def customer(app):
    return app.config["CONNECT"]["customer_id"]


@pytest.fixture
def link(fake_lean, customer):
    """Links a bank for the customer; returns the entity's id."""

    def link(*permissions, bank=BANK, owner=customer):
        return fake_lean.add_entity(owner, bank, permissions)[0]["id"]

    return link


@pytest.fixture
def page(start):
    return start("connect", permissions=["identity", "accounts", "balance"])


def refused(response):
    assert (response.status_code, response.json["reason"]) == (409, "entity")
    return response.json


def test_it_asks_for_what_is_shared_already(page, link, customer, fake_lean):
    linked = link("balance", "identity")
    assert page.config(entity_id=linked.upper(), bank_identifier=BANK) == {
        "app_token": fake_lean.app_token,
        "customer_id": customer,
        "permissions": ["identity", "balance"],
        "bank_identifier": BANK,
        "account_type": "PERSONAL",
        "sandbox": True,
        "language": "en",
        "success_redirect_url": "http://localhost/lean/return/success",
        "fail_redirect_url": "http://localhost/lean/return/fail",
    }
    assert page.status["bank_identifier"] == BANK


def test_the_bank_follows_from_the_connection(page, link):
    assert page.config(entity_id=link("accounts"))["bank_identifier"] == BANK


def test_one_that_has_ended_is_renewed(page, link, fake_lean):
    linked = link("accounts")
    fake_lean.expire_entity(linked)
    assert page.config(entity_id=linked)["permissions"] == ["accounts"]


def test_one_that_shares_more_than_the_flow_asks_for_is_refused(page, link):
    said = refused(page.launch("?lang=ar", entity_id=link("accounts", "transactions")))
    assert said["detail"] == "That connection shares what the flow does not ask for"
    assert said["advice"].startswith("لا يمكن تجديد")


def test_one_at_another_bank_is_refused(start, page, link):
    linked = link("accounts")
    refused(page.launch(entity_id=linked, bank_identifier="SNB_SAU"))
    refused(start("connect", bank_identifier="SNB_SAU").launch(entity_id=linked))


def test_another_customers_is_refused(page, link, fake_lean):
    other = fake_lean.add_customer("user-2")
    said = refused(page.launch(entity_id=link("accounts", owner=other)))
    assert "choose the bank" in said["advice"]
    refused(page.launch(entity_id=CONSENT))


def test_a_bank_that_cannot_be_used_now_is_refused(page, link, fake_lean):
    linked = link("accounts")
    fake_lean.set_availability(BANK, active={"data": False})
    response = page.launch(entity_id=linked)
    assert (response.status_code, response.json["reason"]) == (409, "unavailable")


def test_what_the_renewal_does_not_ask_for_needs_no_bank(start, link, fake_lean):
    linked = link("accounts")
    fake_lean.set_availability(BANK, active={"payments": False})
    page = start("connect", permissions=["accounts", "payments"])
    assert page.launch(bank_identifier=BANK).json["reason"] == "unavailable"
    assert page.config(entity_id=linked)["permissions"] == ["accounts"]


def test_without_leans_word_none_is_renewed(page, link, fake_lean):
    linked = link("accounts")
    fake_lean.fault("entities", faults.Status(500))
    response = page.launch(entity_id=linked)
    assert (response.status_code, response.json["reason"]) == (503, "upstream")


@pytest.mark.parametrize("method", ["pay", "update_payment_source", "reconnect", "manage_consents"])
def test_other_methods_renew_nothing(start, link, method):
    response = start(method).launch(entity_id=link("accounts"))
    assert response.status_code == 400
    assert list(response.json["errors"]) == ["entity_id"]


@pytest.fixture
def renewal(start, link, customer):
    """Starts a flow of ``lean.renew`` for a connection of the customer."""
    return lambda **more: start("renew", entity_id=link("accounts"), **more)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bank_identifier", "SNB_SAU"),
        ("account_id", CONSENT),
        ("payment_source_id", CONSENT),
        ("entity_id", CONSENT),
    ],
)
def test_a_flow_that_renews_takes_no_choice(renewal, name, value):
    page = renewal()
    response = page.launch(**{name: value})
    assert response.status_code == 400
    assert list(response.json["errors"]) == [name]
    config = page.config()
    assert (config["bank_identifier"], config["permissions"]) == (BANK, ["accounts"])


@pytest.mark.parametrize("chosen", ["SNB_SAU", ""])
def test_the_page_of_a_renewal_has_no_list(renewal, chosen):
    page = renewal()
    text = page.open(f"&chosen={chosen}").text
    assert 'data-state="start"' in text
    assert 'data-preset="Al Rajhi Bank" data-chosen=""' in text
    assert "Renew your bank connection" in text
    assert "SNB_SAU" not in text
    assert not re.search("Choose|another bank|not listed", text)


def test_a_renewal_without_its_bank_names_no_other(renewal, fake_lean):
    page = renewal()
    fake_lean.set_availability(BANK, active={"data": False})
    said = page.launch().json
    assert said["reason"] == "unavailable"
    assert said["advice"] == "This bank cannot be used now. Please try again later."


def test_connect_cannot_be_told_to_renew(start):
    with pytest.raises(FlowError):
        start("connect", renews=True)
