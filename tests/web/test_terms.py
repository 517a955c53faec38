"""What a flow asks for, in words, before the customer chooses."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from babel.dates import format_date as babel_date

from lean_flask.errors import FlowError
from lean_flask.flows.schemas import PERMISSIONS
from lean_flask.web.picker.formatting import format_date
from lean_flask.web.picker.terms import Terms, permission_words, terms_in_words
from support.flow_outcomes import other_method
from support.languages import ARABIC, ENGLISH, LANGUAGES
from support.picker_pages import opened
from support.picker_stage import make_host

CUSTOMER = "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01"
CONSENT = {"customer_id": CUSTOMER, "consent_id": CUSTOMER, "amount": "500", "currency": "SAR"}


@pytest.fixture
def shown(host):
    """Makes a flow, and returns what its page says under "What Qahwa asks for", as lines."""
    lean = host.blueprints["lean"]
    flows: list[Any] = []
    host.add_url_rule("/flow", "flow", lambda: ("", 302, {"Location": flows[-1]()}))

    def show(method, lang="en", **fields):
        flows.append(lambda: f"{getattr(lean, method)(**fields).url}&lang={lang}")
        client = host.test_client()
        page = client.get(client.get("/flow").location)
        return lines_of(page.text)

    return show


def lines_of(html):
    details = re.findall(r"<details.*?</details>", html)
    return re.findall(r"<(?:summary|li|p)>(.*?)</(?:summary|li|p)>", details[0]) if details else []


def plain(lines):
    return [re.sub(r"<[^>]+>|[\u2066-\u2069]", "", line) for line in lines]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_each_permission_has_words(language):
    words = permission_words(LANGUAGES[language])
    assert set(words) == set(PERMISSIONS)
    assert len(set(words.values())) == len(words)
    assert language == "en" or not any(re.search("[A-Za-z]", text) for text in words.values())


def test_a_permission_without_words_is_named():
    assert terms_in_words(Terms(permissions=("pensions",)), None, ARABIC).items == ("pensions",)


def test_a_link_says_what_is_shared_and_for_how_long(shown):
    fields = {
        "customer_id": CUSTOMER,
        "permissions": ["identity", "balance"],
        "access_from": "2026-01-05",
        "access_to": date(2027, 1, 31),
    }
    assert plain(shown("connect", **fields)) == [
        "What Qahwa asks for",
        "Your name and contact details",
        "Your balances",
        "From 5 January 2026 to 31 January 2027.",
        "You can end this at any time.",
    ]
    assert plain(shown("connect", "ar", **fields))[3] == "من 5 يناير 2026 إلى 31 يناير 2027."


def test_the_host_may_say_what_is_shared_in_its_own_words(shown):
    fields = {"customer_id": CUSTOMER, "permissions": ["identity", "balance"]}
    lines = "Your salary\n\nYour <b>rent</b>"
    assert shown("connect", **fields, permissions_text=lines)[1:3] == [
        "Your salary",
        "Your &lt;b&gt;rent&lt;/b&gt;",
    ]
    texts = {"ar": "راتبك"}
    assert plain(shown("connect", "ar", **fields, permissions_text=texts))[1] == "راتبك"
    english = plain(shown("connect", **fields, permissions_text=texts))
    assert english[1:3] == ["Your name and contact details", "Your balances"]


@pytest.mark.parametrize("text", [7, {}, {"en": " "}, {"en": ["x"]}, {1: "x"}, "x" * 501])
def test_words_of_the_host_that_are_none_are_refused(host, text):
    lean = host.blueprints["lean"]
    with host.test_request_context(), pytest.raises(FlowError, match="permissions_text"):
        lean.connect(customer_id=CUSTOMER, permissions=["identity"], permissions_text=text)


def test_a_consent_says_its_limits(shown):
    control = {
        "type": "VariableOnDemand",
        "period_type": "Month",
        "max_individual_amount": 1000,
        "max_cumulative_amount_per_period": "3000.5",
        "max_cumulative_amount": Decimal("10000.75"),
        "max_cumulative_number_of_payments_per_period": 3,
        "max_cumulative_number_of_payments": 1200,
    }
    more = {"control_parameters": control, "expiration_date_time": "2027-01-31T20:59:59Z"}
    lines = plain(shown("authorize_consent", **CONSENT | more))
    assert lines[1:] == [
        "Up to SAR 1,000 per payment",
        "Up to SAR 3,000.50 per month",
        "Up to SAR 10,000.75 in total",
        "Number of payments per month: 3 at most",
        "Number of payments in total: 1,200 at most",
        "Until 31 January 2027.",
        "You can end this at any time.",
    ]
    arabic = plain(shown("authorize_consent", "ar", **CONSENT | more))
    assert arabic[2] == "حتى 3,000.50 ريال شهريًا"
    assert arabic[4] == "الحد الأقصى لعدد عمليات الدفع شهريًا: 3"


def test_without_limits_the_amount_of_a_consent_is_that_of_one_payment(shown):
    assert "Up to SAR 500 per payment" in plain(shown("authorize_consent", **CONSENT))


@pytest.mark.parametrize(
    "value",
    [
        10**400,
        "1e999",
        1e300,
        -5,
        "-5",
        0,
        True,
        None,
        "",
        "<b>9</b>",
        "9" * 5000,
        [5],
        {"amount": {"amount": 5}},
    ],
)
def test_a_limit_that_is_no_amount_is_left_out(value):
    """The schema refuses these; the words hold for whatever a flow of an older version has."""
    names = ["max_cumulative_amount", "max_cumulative_number_of_payments"]
    control = {"period_type": ["Day"], **dict.fromkeys(names, value)}
    assert items_of(control) == ["Up to SAR 500 per payment"]


def test_part_of_a_payment_is_no_number_of_payments():
    control = {"max_cumulative_number_of_payments": "1.5", "period_type": "<b>"}
    assert len(items_of(control)) == 1


def items_of(control):
    flow = replace(
        other_method("authorizeConsent", consent_id=CUSTOMER),
        control_parameters=control,
        amount=Decimal(500),
    )
    return plain(terms_in_words(Terms.of(flow), "SAR", ENGLISH).items)


def test_an_amount_without_a_currency_is_not_said():
    limits = (("max_individual_amount", Decimal(5)),)
    assert not terms_in_words(Terms(limits=limits), None, ENGLISH)


def test_the_name_that_lean_shows_is_said_where_it_is_another(shown):
    link = {"customer_id": CUSTOMER, "permissions": ["accounts"]}
    lines = plain(shown("connect", **link, destination_alias="Qahwa & Sons <b>"))
    assert "In the secure window Qahwa is called Qahwa &amp; Sons &lt;b&gt;." in lines
    assert not any("is called" in line for line in shown("connect", **link))
    assert not any(
        "is called" in line for line in shown("connect", **link, destination_alias="Qahwa")
    )


def test_the_permissions_of_an_address_are_said(shown):
    fields = {"customer_id": CUSTOMER, "customer_name": "Amal", "permissions": ["identity"]}
    assert "Your name and contact details" in shown("verify_address", **fields)
    del fields["permissions"]
    assert shown("verify_address", **fields) == []


def test_where_a_name_is_all_there_is_to_say_nothing_is_called_asked(shown):
    fields = {"payment_intent_id": CUSTOMER, "destination_alias": "Qahwa LLC"}
    assert plain(shown("pay", **fields))[0] == "About this request"


def test_a_payment_has_said_it_all_in_its_first_line(host):
    page = opened(host, "pay").text
    assert "<details" not in page
    assert "SAR" in page


def test_flows_that_ask_for_something_else_have_pages_of_their_own(shown):
    link = {"customer_id": CUSTOMER, "permissions": ["accounts"]}
    ways = [
        {},
        {"permissions": ["balance"]},
        {"access_to": "2027-01-31"},
        {"access_to": "2027-02-28"},
        {"access_from": "2026-01-31"},
        {"destination_alias": "Q"},
    ]
    seen = {tuple(shown("connect", **link | more)) for more in ways * 2}
    assert len(seen) == len(ways)


def test_the_link_to_end_it_is_the_hosts(fake_lean):
    app = make_host(fake_lean, consent_url="/my/consents")
    link = '<a href="/my/consents" target="_blank" rel="noopener noreferrer">Manage your consents'
    for kind in ("connect", "preset", "embedded"):
        client = app.test_client()
        page = client.get(f"/{kind}/en")
        html = client.get(page.location).text if page.location else page.text
        assert link in lines_of(html)[-1]
        assert "opens in a new tab" in lines_of(html)[-1]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_dates_are_written_as_readers_of_the_language_do(language):
    for month in range(1, 13):
        day = date(2026, month, 9)
        locale = {"en": "en_GB", "ar": "ar_AE"}[language]
        expected = babel_date(day, "d MMMM y", locale)
        assert format_date(day, LANGUAGES[language]) == expected


def test_a_smaller_amount_for_the_banks_is_not_called_the_limit(start):
    limits = {"period_type": "Month", "max_individual_amount": "1000.50"}
    page = start(
        "authorize_consent",
        consent_id=CUSTOMER,
        control_parameters=limits,
        amount=70,
        currency="SAR",
    )
    text = re.sub(r"<[^>]+>|[\u2066-\u2069]", "", page.open().text)
    assert "of up to SAR 1,000.50 each" in text
    assert "SAR 70" not in text
    page.launch()
    assert page.report()["receipt"]["amount"] == "SAR 1,000.50"


def test_the_receipt_says_what_was_agreed_until_the_bank_says_no(app, start, fake_lean):
    page = start("connect", permissions=["identity", "balance"], access_to="2027-01-12")
    page.launch()
    agreed = plain(page.report()["receipt"]["agreed"])
    assert agreed == ["Your name and contact details", "Your balances", "Until 12 January 2027"]

    page = start("authorize_consent", consent_id=CUSTOMER, amount=70, currency="SAR")
    page.launch()
    assert plain(page.report()["receipt"]["agreed"]) == ["Up to SAR 70 per payment"]
    event = fake_lean.webhook_event(
        "consent.status.updated", {"id": CUSTOMER, "status": "REJECTED"}
    )
    body, headers = fake_lean.signed(event)
    app.test_client().post("/lean/webhooks", data=body, headers=headers)
    asked = page.client.get(f"/lean/flows/{page.flow.id}?flow={page.flow.token}").json
    assert (asked["status"], asked["receipt"]["agreed"]) == ("failed", [])
