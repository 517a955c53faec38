"""The picker of the customer's payment sources: which one gets the payee."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from lean_flask import list_missing
from lean_flask.testing import faults
from support.flow_page import CONSENT, DESTINATION

METHODS = ["update_payment_source", "create_beneficiary"]


@pytest.fixture
def customer(app):
    return app.config["CONNECT"]["customer_id"]


@pytest.fixture
def add(fake_lean, customer):
    def add(bank="RJHI_SAU", status="ACTIVE", destination=None, **options):
        return fake_lean.add_payment_source(
            customer,
            bank,
            beneficiary_status=status,
            payment_destination_id=destination,
            **options,
        )

    return add


def rows_in(page):
    """The ids of the sources on a page, and the text of each row."""
    found = re.findall(r'name="payment_source_id" value="([\w-]+)"(.*?)</li>', page)
    return {id: " ".join(re.sub(r"<[^>]*>", " ", f"<{text}").split()) for id, text in found}


@pytest.mark.parametrize("method", METHODS)
def test_each_source_has_a_row_with_its_bank_and_the_ends_of_its_numbers(start, add, method):
    source = add(iban="SA0380000000608010167519")
    source["accounts"].append(source["accounts"][0] | {"id": CONSENT, "iban": "SA03 1234"})
    page = start(method).open().text
    assert rows_in(page) == {source["id"]: "R Al Rajhi Bank •• 7519 •• 1234"}
    assert source["accounts"][0]["iban"] not in page
    assert page.count("<img") == 1  # its logo; the letter is for where that does not load
    assert 'data-state="list"' in page
    assert 'id="query"' not in page
    assert "My account is not listed" in page


@pytest.mark.parametrize(
    ("status", "language", "note"),
    [
        ("ACTIVE", "en", "Set up already"),
        ("ACTIVE", "ar", "سبق إعداده"),
        (
            "AWAITING_BENEFICIARY_COOL_OFF",
            "en",
            "Being set up by the bank, for up to 24 hours",
        ),
    ],
)
def test_a_source_that_has_the_payee_says_so_and_comes_last(start, add, status, language, note):
    taken = add(status=status, destination=DESTINATION)
    free = add("SNB_SAU")
    page = start("create_beneficiary", language=language).open().text
    assert list(rows_in(page)) == [free["id"], taken["id"]]
    assert note in rows_in(page)[taken["id"]]
    assert note not in rows_in(page)[free["id"]]
    assert page.count("aria-disabled") == 1


def test_a_source_whose_bank_cannot_pay_now_says_so(start, add, fake_lean):
    source = add()
    fake_lean.set_availability("RJHI_SAU", active={"payments": False})
    assert "Not available" in rows_in(start("create_beneficiary").open().text)[source["id"]]


@pytest.mark.parametrize("lost", ["none", "payment_sources"])
def test_without_sources_the_sdk_has_its_own_selection(start, app, fake_lean, lost):
    told = []
    if lost != "none":
        fake_lean.fault(lost, faults.Status(500))
    with list_missing.connected_to(lambda *_, **__: told.append(1), app):
        page = start("update_payment_source")
        text = page.open().text
    # True of both: that they cannot be shown would not be, where the customer has none.
    assert "There are no accounts to show right now." in text
    assert 'name="continue" data-action="continue"' in text
    assert rows_in(text) == {}
    assert told == []  # that is about the list of banks
    assert "payment_source_id" not in page.config()


def test_sources_are_shown_while_the_bank_list_is_down(start, add, fake_lean):
    source = add()
    fake_lean.fault("banks", faults.Status(500))
    text = start("create_beneficiary").open().text
    assert source["id"] in rows_in(text)
    assert "aria-disabled" not in text


def test_a_source_that_the_host_has_chosen_is_not_asked_for(start, add, fake_lean):
    source = add()
    text = start("create_beneficiary", payment_source_id=source["id"]).open().text
    assert "data-preset" in text
    assert rows_in(text) == {}
    assert fake_lean.count("payment_sources") == 0


def test_sources_are_shown_to_their_customer_alone(start, add, fake_lean):
    source = add()
    assert source["id"] in start("create_beneficiary").open().text
    other = fake_lean.add_customer("user-2")
    assert source["id"] not in start("create_beneficiary", customer_id=other).open().text


def test_a_tap_before_the_script_is_kept(start, add):
    source = add()
    page = start("create_beneficiary")
    form = {"flow": page.flow.token, "payment_source_id": source["id"]}
    location = page.client.post("/lean/launch", data=form).location
    assert f"chosen={source['id']}" in urlsplit(location).query
    text = page.client.get(location).text
    assert f'data-chosen="{source["id"]}"' in text
    assert source["id"] in rows_in(text)


def test_a_source_in_the_url_that_is_not_theirs_is_no_choice(start, add):
    add()
    text = start("create_beneficiary").open(f"&chosen={CONSENT}").text
    assert "data-preset" not in text
    assert "data-preset" in start("create_beneficiary").open("&chosen=").text


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("manage_consents", {}),
        ("reconnect", {}),
        ("create_beneficiary", {"payment_source_id": CONSENT}),
    ],
)
def test_where_nothing_is_asked_a_choice_in_the_url_is_none(start, method, fields):
    page = start(method, **fields)
    assert 'data-chosen=""' in page.open("&chosen=RJHI_SAU").text
    assert page.launch().status_code == 200
