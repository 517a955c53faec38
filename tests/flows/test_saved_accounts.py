"""Saved accounts are shown, and can be paid from, whatever their banks and names are."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from lean_flask.testing import faults


@pytest.fixture
def customer(app):
    return app.config["PAY"]["customer_id"]


def page_of(client):
    response = client.get(client.get("/pay").location)
    assert response.status_code == 200
    return response.text


def accounts_in(page):
    """The ids of the accounts on a page, and the text of each row."""
    found = re.findall(r'name="account_id" value="([\w-]+)"(.*?)</li>', page)
    return {account_id: re.sub(r"<[^>]*>", " ", f"<{text}") for account_id, text in found}


def launch(client, account_id):
    flow = parse_qs(urlsplit(client.get("/pay").location).query)["flow"][0]
    return client.post("/lean/launch", json={"flow": flow, "account_id": account_id})


def add(fake_lean, customer, bank="RJHI_SAU", **changes):
    source = fake_lean.add_payment_source(customer, bank)
    source["accounts"][0] |= changes
    return source, source["accounts"][0]["id"]


NAMES = [None, "", "\u200d", "\u3164", 7, {"en": "x"}, "A", "\u200f🏦"]


@pytest.mark.parametrize("down", [False, True])
def test_an_account_of_any_name_at_any_bank_has_a_row(client, fake_lean, customer, down):
    added = {
        add(fake_lean, customer, bank, account_name=name)[1]: bank
        for name in NAMES
        for bank in ("RJHI_SAU", "GONE_SAU")
    }
    if down:
        fake_lean.fault("banks", faults.Status(500))
    rows = accounts_in(page_of(client))
    assert rows.keys() == added.keys()
    for account_id, bank in added.items():
        assert bank in rows[account_id] or (bank, down) == ("RJHI_SAU", False)
        assert ("Al Rajhi Bank" in rows[account_id]) == ((bank, down) == ("RJHI_SAU", False))


def test_saved_accounts_are_shown_and_launched_while_the_list_is_down(client, fake_lean, customer):
    source, account_id = add(fake_lean, customer)
    fake_lean.fault("banks", faults.Status(500))
    page = page_of(client)
    assert account_id in accounts_in(page)
    assert source["accounts"][0]["iban"][-4:] in page
    assert "data-reason" not in page
    assert 'data-action="continue"' in page
    config = launch(client, account_id).json["config"]
    assert config["account_id"] == account_id


def test_an_account_whose_bank_is_in_no_list_says_so_as_the_launch_does(
    client, fake_lean, customer
):
    _, account_id = add(fake_lean, customer, "GONE_SAU")
    assert "Not available right now" in accounts_in(page_of(client))[account_id]
    assert launch(client, account_id).json["reason"] == "unknown"


def test_an_account_in_two_sources_is_shown_once_and_can_be_paid_from(client, fake_lean, customer):
    source, account_id = add(fake_lean, customer)
    waiting, _ = add(fake_lean, customer)
    waiting["beneficiaries"][0]["status"] = "AWAITING_BENEFICIARY_COOL_OFF"
    waiting["accounts"] = source["accounts"] * 2
    fake_lean.payment_sources[customer].reverse()
    page = page_of(client)
    assert page.count(f'value="{account_id}"') == 1
    assert "Being set up" not in page
    assert launch(client, account_id).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"beneficiaries": {"a": 1}},
        {"beneficiaries": [None, 7]},
        {"beneficiaries": [{"status": ["ACTIVE"]}]},
        {"accounts": [None, "x", {}, {"id": "no id"}]},
        {"accounts": {"id": 1}},
    ],
    ids=str,
)
def test_an_odd_part_of_a_source_costs_itself(client, fake_lean, customer, caplog, changes):
    _, good = add(fake_lean, customer)
    odd, _ = add(fake_lean, customer, "SNB_SAU")
    odd.update(changes)
    assert good in accounts_in(page_of(client))
    lines = [line for line in caplog.messages if "payment source" in line]
    assert lines == [f"Left out fields of payment source number 2: {next(iter(changes))}"]
    assert customer not in caplog.text


def test_an_odd_account_is_left_out_beside_good_ones(client, fake_lean, customer):
    source, good = add(fake_lean, customer)
    source["accounts"] = [None, {"id": "no id"}, *source["accounts"]]
    source["beneficiaries"].append({"status": 7})
    assert list(accounts_in(page_of(client))) == [good]
    assert launch(client, good).status_code == 200
