"""The loader knows every method of the SDK, and its dialog fits each of them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

SHARED = {"app_token", "access_token", "sandbox", "language", "customization", "callback"}
LANDINGS = {"success_redirect_url", "fail_redirect_url"}
DESTINATION = {"destination_alias", "destination_avatar"}
SOURCE = {"payment_source_id", "entity_id"} | LANDINGS | DESTINATION
BENEFICIARY = {"customer_id", "payment_destination_id"}

#: Method to the fields that it requires, and those that it takes beside the shared ones.
FIELDS = {
    "authorizeConsent": (
        {"customer_id", "consent_id"} | LANDINGS,
        {"bank_identifier", "account_id", "allow_payment_source_change", "risk_details"}
        | DESTINATION,
    ),
    "createPaymentSource": (
        {"customer_id"},
        {"bank_identifier", "payment_destination_id"} | LANDINGS | DESTINATION,
    ),
    "updatePaymentSource": (BENEFICIARY, SOURCE | {"end_user_id"}),
    "createBeneficiary": (BENEFICIARY, SOURCE),
    "reconnect": ({"reconnect_id"}, {"customer_metadata"} | DESTINATION),
    "manageConsents": ({"customer_id"}, {"consent_id", "consent_type"}),
    "verifyAddress": ({"customer_id", "customer_name"}, {"permissions"} | DESTINATION),
    "captureRedirect": (
        {"customer_id"},
        {
            "bank_identifier",
            "consent_attempt_id",
            "consent_id",
            "granular_status_code",
            "status_additional_info",
        },
    ),
}
ID = "3f1c9a52-7a0e-4d63-9b1f-5c2d8e6a4b10"
GOOD = {
    "customer_id": ID,
    "consent_id": ID,
    "reconnect_id": ID,
    "payment_destination_id": ID,
    "customer_name": "Sara Ali",
    "success_redirect_url": "https://shop.example/success",
    "fail_redirect_url": "https://shop.example/fail",
}


@pytest.fixture(scope="module")
def emirates(make_fake_lean):
    return make_fake_lean(country="ae")


@pytest.fixture
def lean_page(emirates, open_page):
    page = open_page()
    page.goto(f"{emirates.url}/stand-in/banks")  # any page of an allowed origin
    page.add_script_tag(url=emirates.settings()["loader_url"])
    return page


def call(page, method, **config):
    page.evaluate(
        "([method, config]) =>"
        " Lean[method]({...config, callback: (data) => { window.outcome = data; }})",
        [method, {"app_token": "token", "sandbox": True} | config],
    )
    return page.frame_locator("#lean-stand-in")


def close(page):
    page.evaluate("document.querySelector('#lean-stand-in').remove()")


def end(page, dialog, kind):
    dialog.locator(f"[data-lean-end={kind}]").click()
    page.wait_for_function("() => window.outcome")
    return page.evaluate("window.outcome")


def test_each_method_takes_exactly_the_fields_of_the_sdk(lean_page):
    fields = lean_page.evaluate("Lean.fields")
    found = {name: (set(of["required"]), set(of["known"])) for name, of in fields.items()}
    for method, (required, optional) in FIELDS.items():
        assert found[method] == (required, required | optional | SHARED), method
    assert set(found) - set(FIELDS) == {"connect", "pay", "checkout"}


#: Method, a change of a good config, and the field that the dialog names.
WRONG = [
    ("authorizeConsent", {"fail_redirect_url": None}, "fail_redirect_url"),
    ("authorizeConsent", {"permissions": ["accounts"]}, "permissions"),
    ("reconnect", {"customer_id": ID}, "customer_id"),
    ("manageConsents", {"consent_type": ["data", "cards"]}, "consent_type"),
    ("manageConsents", {"consent_type": []}, "consent_type"),
    ("createBeneficiary", {"end_user_id": "x"}, "end_user_id"),
    ("verifyAddress", {"bank_identifier": "FAB_UAE"}, "bank_identifier"),
    ("captureRedirect", {"payment_intent_id": ID}, "payment_intent_id"),
]


def test_a_config_with_a_wrong_field_is_refused(lean_page):
    for method, changes, named in WRONG:
        config = {name: GOOD[name] for name in FIELDS[method][0]} | changes
        given = {name: value for name, value in config.items() if value is not None}
        problems = call(lean_page, method, **given).locator("#problems")
        expect(problems, f"{method} {changes}").to_contain_text(f"{named}: ")
        close(lean_page)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_dialog_of_each_method_ends(lean_page, language):
    for method in FIELDS:
        lean_page.evaluate("delete window.outcome")
        config = {name: GOOD[name] for name in FIELDS[method][0]}
        chosen = {"bank_identifier": "FAB_UAE", "payment_source_id": ID}
        choice = {name: value for name, value in chosen.items() if name in FIELDS[method][1]}
        dialog = call(lean_page, method, **config, **choice, language=language)
        expect(dialog.locator("h1")).not_to_be_empty()
        expect(dialog.locator("#problems")).to_be_hidden()
        assert end(lean_page, dialog, "SUCCESS")["status"] == "SUCCESS"


def test_a_consent_is_offered_to_banks_of_open_finance_alone(lean_page, emirates):
    required = {name: GOOD[name] for name in FIELDS["authorizeConsent"][0]}
    dialog = call(lean_page, "authorizeConsent", **required)
    expect(dialog.locator("[data-bank=FAB_UAE]")).to_be_visible()
    offered = dialog.locator("[data-bank]").evaluate_all("all => all.map(({dataset: d}) => d.bank)")
    kinds = {emirates.bank(identifier)["connection_type"] for identifier in offered}
    assert kinds == {"OPEN_BANKING"}


def test_a_beneficiary_is_added_to_one_of_the_customers_sources(lean_page, emirates):
    customer = emirates.add_customer("chooses a source")
    source = emirates.add_payment_source(customer, "FAB_UAE")
    dialog = call(lean_page, "updatePaymentSource", customer_id=customer, payment_destination_id=ID)
    dialog.locator(f"[data-source='{source['id']}']").click()
    assert end(lean_page, dialog, "SUCCESS")["bank"]["bank_identifier"] == "FAB_UAE"


def test_a_customer_revokes_what_the_dialog_shows(lean_page, emirates):
    customer = emirates.add_customer("revokes")
    entity = emirates.add_entity(customer, "FAB_UAE", ["accounts"])[0]["id"]
    consent = add_consent(emirates, customer)
    emirates.authorise_consent(consent, "FAB_UAE")
    dialog = call(
        lean_page,
        "manageConsents",
        customer_id=customer,
        consent_type=["data", "payment", "payment_history"],
        consent_id=consent,
    )
    tabs = dialog.get_by_role("tab")
    expect(tabs).to_have_text(["Accounts", "Payments", "History"])
    expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")  # the consent's own
    for record, tab in ((consent, "Payments"), (entity, "Accounts")):
        dialog.get_by_role("tab", name=tab).click()
        dialog.locator(f"[data-revoke='{record}']").click()
        expect(dialog.locator(f"[data-revoke='{record}']")).to_have_count(0)
    assert emirates.consents[consent]["status"] == "REVOKED"
    assert not emirates.is_live(emirates.entity(entity))
    assert end(lean_page, dialog, "CANCELLED")["status"] == "CANCELLED"


def test_an_attempt_that_failed_is_refused_the_second_time(lean_page, emirates):
    customer = emirates.add_customer("fails")
    config = GOOD | {"customer_id": customer, "consent_id": add_consent(emirates, customer)}
    config = {name: config[name] for name in FIELDS["authorizeConsent"][0]}
    dialog = call(lean_page, "authorizeConsent", **config, bank_identifier="FAB_UAE")
    assert end(lean_page, dialog, "ERROR")["status"] == "ERROR"
    lean_page.evaluate("delete window.outcome")
    dialog = call(lean_page, "authorizeConsent", **config, bank_identifier="FAB_UAE")
    expect(dialog.locator("#problems")).to_contain_text("REJECTED")
    outcome = end(lean_page, dialog, "REFUSED")
    assert (outcome["status"], outcome["message"]) == ("ERROR", "409: the consent is REJECTED")


def add_consent(emirates, customer):
    fields = {
        "customer_id": customer,
        "destination_account_id": ID,
        "currency": "AED",
        "reference": "Rides",
        "purpose": "GDS",
        "control_parameters": {"type": "VariableOnDemand", "period_type": "Month"},
    }
    return emirates.add_consent(fields)["id"]
