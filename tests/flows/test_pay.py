"""pay and checkout: saved accounts, limits, and only what belongs to the customer."""

from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from lean_flask import FlowError
from lean_flask.testing import faults
from lean_flask.upstream.payment_sources import source_loader
from support.redis_server import until

INTENT = "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01"


@pytest.fixture
def customer(app):
    return app.config["PAY"]["customer_id"]


@pytest.fixture
def source(fake_lean, customer):
    return fake_lean.add_payment_source(customer, "RJHI_SAU")


def token_of(client, path):
    return parse_qs(urlsplit(client.get(path).location).query)["flow"][0]


def launch(client, path, **choice):
    return client.post("/lean/launch", json={"flow": token_of(client, path)} | choice)


def listed(page):
    return set(re.findall(r'name="bank_identifier" value="(\w+)"', page))


def account_id(source):
    return source["accounts"][0]["id"]


def test_saved_accounts_come_first_and_masked(client, source):
    page = client.get(client.get("/pay").location).text
    account = source["accounts"][0]
    assert account["iban"][-4:] in page
    assert account["iban"] not in page
    assert account["account_number"] not in page
    assert page.index(account["id"]) < page.index('name="bank_identifier"')


def test_the_sdk_gets_the_accounts_id_and_not_its_account_id(client, source):
    page = client.get(client.get("/pay").location).text
    assert source["accounts"][0]["account_id"] not in page
    config = launch(client, "/pay", account_id=account_id(source)).json["config"]
    assert config["account_id"] == source["accounts"][0]["id"]


def test_choosing_an_account_passes_it_with_its_bank(client, source, fake_lean):
    body = launch(client, "/pay", account_id=account_id(source)).json
    config = body["config"]
    assert body["method"] == "pay"
    assert config.pop("access_token").count(".") == 2
    assert config == {
        "app_token": fake_lean.app_token,
        "payment_intent_id": INTENT,
        "account_id": account_id(source),
        "bank_identifier": "RJHI_SAU",
        "sandbox": True,
        "language": "en",
        "success_redirect_url": "http://localhost/lean/return/success",
        "fail_redirect_url": "http://localhost/lean/return/fail",
    }


def test_another_customers_account_is_refused(client, fake_lean):
    other = fake_lean.add_customer(app_user_id="somebody else")
    stranger = fake_lean.add_payment_source(other, "RJHI_SAU")
    response = launch(client, "/pay", account_id=account_id(stranger))
    assert (response.status_code, response.json["reason"]) == (409, "account")


def test_an_account_that_lean_lists_under_another_customer_is_left_out(fake_lean, customer, caplog):
    other = fake_lean.add_customer(app_user_id="somebody else")
    stranger = fake_lean.add_payment_source(other, "RJHI_SAU")
    assert source_loader.load_many([stranger], customer) == ()
    assert "another customer's" in caplog.text
    assert other not in caplog.text


def test_without_a_customer_no_account_is_accepted(client, app, source):
    app.config["PAY"] = {"payment_intent_id": INTENT}
    response = launch(client, "/pay", account_id=account_id(source))
    assert (response.status_code, response.json["reason"]) == (409, "account")


def test_an_account_in_cool_off_is_shown_with_the_reason_and_refused(client, fake_lean, customer):
    source = fake_lean.add_payment_source(
        customer, "RJHI_SAU", beneficiary_status="AWAITING_BENEFICIARY_COOL_OFF"
    )
    page = client.get(client.get("/pay").location).text
    assert "Being set up by the bank" in page
    response = launch(client, "/pay", account_id=account_id(source))
    assert (response.status_code, response.json["reason"]) == (409, "account")


def test_an_account_at_an_offline_bank_is_refused(client, fake_lean, customer):
    source = fake_lean.add_payment_source(customer, "BSF_SAU")
    response = launch(client, "/pay", account_id=account_id(source))
    assert (response.status_code, response.json["reason"]) == (409, "unavailable")


def test_payment_sources_without_accounts_are_understood(fake_lean, customer):
    source = fake_lean.add_payment_source(customer, "RJHI_SAU")
    del source["accounts"]
    assert source_loader.load_many([source], customer)[0].accounts == ()


def test_an_account_number_may_be_a_number(fake_lean, customer):
    source = fake_lean.add_payment_source(customer, "RJHI_SAU")
    source["accounts"][0] |= {"iban": None, "account_number": 123456789}
    assert source_loader.load_many([source], customer)[0].accounts[0].last4 == "6789"


def test_without_the_saved_accounts_the_list_still_stands(client, fake_lean, source):
    fake_lean.fault("payment_sources", faults.Status(500))
    page = client.get(client.get("/pay").location)
    assert page.status_code == 200
    assert account_id(source) not in page.text
    assert "RJHI_SAU" in listed(page.text)


def test_a_bank_outside_its_limits_is_marked_and_refused(client, app, fake_lean):
    fake_lean.bank("SAIB_SAU")["transfer_limits"] = [{"currency": "SAR", "min": 1, "max": 20000}]
    app.config["PAY"]["amount"] = Decimal("50000")
    page = client.get(client.get("/pay").location).text
    assert "Limit per payment: \u2068SAR 20,000\u2069" in page
    response = launch(client, "/pay", bank_identifier="SAIB_SAU")
    assert (response.status_code, response.json["reason"]) == (409, "limit")


def test_a_preset_account_skips_the_choice(client, app, source):
    app.config["PAY"]["account_id"] = account_id(source)
    assert "data-preset" in client.get(client.get("/pay").location).text
    assert launch(client, "/pay").json["config"]["account_id"] == account_id(source)


def test_another_bank_replaces_a_preset_account(client, app, source):
    app.config["PAY"]["account_id"] = account_id(source)
    config = launch(client, "/pay", bank_identifier="SNB_SAU").json["config"]
    assert "account_id" not in config
    assert config["bank_identifier"] == "SNB_SAU"


def test_connect_takes_no_account(client, source):
    response = launch(client, "/link", account_id=account_id(source))
    assert response.status_code == 400
    assert response.json["errors"] == {"account_id": ["connect takes none."]}


# --- checkout ---------------------------------------------------------------------------------


def test_checkout_as_a_guest(client, fake_lean):
    body = launch(client, "/checkout", bank_identifier="RJHI_SAU").json
    config = body["config"]
    config.pop("access_token")
    assert body["method"] == "checkout"
    assert config == {
        "app_token": fake_lean.app_token,
        "payment_intent_id": INTENT,
        "customer_name": "A Guest",
        "bank_identifier": "RJHI_SAU",
        "sandbox": True,
        "language": "en",
        "success_redirect_url": "http://localhost/lean/return/success",
        "fail_redirect_url": "http://localhost/lean/return/fail",
    }


def test_the_hosts_own_redirects_win(client, app):
    app.config["CHECKOUT"] |= {
        "success_redirect_url": "https://shop.example/ok",
        "fail_redirect_url": "myshop://lean/failed",
    }
    config = launch(client, "/checkout").json["config"]
    assert config["success_redirect_url"] == "https://shop.example/ok"
    assert config["fail_redirect_url"] == "myshop://lean/failed"


def test_checkout_never_offers_banks_out_of_open_finances_reach(client, fake_lean):
    fake_lean.bank("SNB_SAU")["connection_type"] = "REVERSE_ENGINEERED"
    page = client.get(client.get("/checkout").location).text
    assert "SNB_SAU" not in listed(page)
    assert "SNB_SAU" in listed(client.get(client.get("/pay").location).text)
    response = launch(client, "/checkout", bank_identifier="SNB_SAU")
    assert (response.status_code, response.json["reason"]) == (409, "unavailable")


# --- arguments --------------------------------------------------------------------------------


@pytest.fixture
def lean(app):
    with app.test_request_context():
        yield app.blueprints["lean"]


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({}, "payment_intent_id"),
        ({"payment_intent_id": INTENT, "bulk_payment_intent_id": INTENT}, "payment_intent_id"),
        ({"payment_intent_id": "x"}, "payment_intent_id"),
        ({"payment_intent_id": INTENT, "account_id": "x"}, "account_id"),
        ({"payment_intent_id": INTENT, "amount": 5}, "currency"),
        ({"payment_intent_id": INTENT, "currency": "SAR"}, "amount"),
        ({"payment_intent_id": INTENT, "amount": -1, "currency": "SAR"}, "amount"),
        ({"payment_intent_id": INTENT, "amount": 1, "currency": "riyal"}, "currency"),
        ({"payment_intent_id": INTENT, "show_balances": "true"}, "show_balances"),
        ({"payment_intent_id": INTENT, "permissions": ["identity"]}, "permissions"),
        (
            {
                "payment_intent_id": INTENT,
                "risk_details": {"transaction_indicators": {"channel": "FAX"}},
            },
            "risk_details",
        ),
        ({"payment_intent_id": INTENT, "risk_details": {"mood": {}}}, "risk_details"),
    ],
    ids=str,
)
def test_a_bad_argument_of_pay_is_named(lean, arguments, field):
    with pytest.raises(FlowError) as caught:
        lean.pay(**arguments)
    assert set(caught.value.fields) == {field}


def test_risk_details_pass_through_unchanged(client, app):
    details = {
        "debtor_indicators": {"user_name": {"en": "A", "ar": "أ"}},
        "transaction_indicators": {"channel": "WEB", "sub_channel_type": "Whatever"},
    }
    app.config["PAY"]["risk_details"] = details
    assert launch(client, "/pay").json["config"]["risk_details"] == details


def test_checkout_needs_an_intent(lean):
    with pytest.raises(FlowError, match="payment_intent_id is missing"):
        lean.checkout(customer_name="x")


def test_amounts_stay_exact_in_a_flow(lean):
    flow = lean.pay(payment_intent_id=INTENT, amount="0.1", currency="SAR")
    assert flow.amount == Decimal("0.1")


# --- the backend calls that a flow needs first --------------------------------------------------


def test_the_customers_token_is_minted_when_the_page_is_shown(client, fake_lean, app):
    client.get(client.get("/link").location)
    scope = f"customer.{app.config['CONNECT']['customer_id']}"

    def minted():
        return [r for r in fake_lean.requests if r.endpoint == "token" and r.form["scope"] == scope]

    until(minted)
    launch(client, "/link", bank_identifier="RJHI_SAU")
    assert len(minted()) == 1


@pytest.mark.parametrize(
    "intents", [{}, {"payment_intent_id": INTENT, "bulk_payment_intent_id": INTENT}]
)
def test_pay_says_that_it_takes_one_intent(app, intents):
    lean = app.blueprints["lean"]
    with (
        app.test_request_context(),
        pytest.raises(FlowError, match="exactly one of payment_intent"),
    ):
        lean.pay(**intents)
