"""A bank is its identifier and the list that it is in: none hides another, and each is launched."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from lean_flask.testing import faults

BANK = "RIYAD_SAU"
TYPES = ["PERSONAL", "BUSINESS"]
OFF = {"active": {"data": False, "payments": False}, "enabled": {"data": True, "payments": True}}


@pytest.fixture
def both(make_app, fake_lean):
    """An app with both lists, and one identifier in both."""
    fake_lean.banks.append(fake_lean.bank(BANK) | {"account_type": "BUSINESS"})
    return make_app(account_types=TYPES)


def types_of(banks, identifier=BANK):
    return [bank["account_type"] for bank in banks if bank["identifier"] == identifier]


def rows(page, identifier):
    """The account types and texts of the rows of a bank in the list of all."""
    items = re.findall(r"<li(?: data-type=\"(\w+)\")?><button[^>]* value=\"(\w+)\"(.*?)</li>", page)
    return [(type_, text) for type_, value, text in items if value == identifier]


def launch(app, path="/link", **choice):
    client = app.test_client()
    flow = parse_qs(urlsplit(client.get(path).location).query)["flow"][0]
    return client.post("/lean/launch", json={"flow": flow} | choice)


def test_an_identifier_in_both_lists_is_in_the_json_twice(both):
    client = both.test_client()
    assert sorted(types_of(client.get("/lean/banks").json)) == ["BUSINESS", "PERSONAL"]
    for name in TYPES:
        assert types_of(client.get(f"/lean/banks?account_type={name}").json) == [name]
        one = client.get(f"/lean/banks/{BANK}?account_type={name}").json
        assert one["account_type"] == name
    assert sorted(types_of(client.get("/lean/banks?q=riyad").json)) == ["BUSINESS", "PERSONAL"]


def test_an_identifier_in_both_lists_is_under_both_switches(both):
    client = both.test_client()
    page = client.get(client.get("/link").location).text
    assert {type_ for type_, _ in rows(page, BANK)} == set(TYPES)
    assert all('secondary-name" dir' not in text for _, text in rows(page, BANK))


@pytest.mark.parametrize("name", TYPES)
def test_it_is_launched_as_what_was_chosen(both, name):
    config = launch(both, bank_identifier=BANK, account_type=name).json["config"]
    assert (config["bank_identifier"], config["account_type"]) == (BANK, name)


@pytest.mark.parametrize("name", TYPES)
def test_a_flow_of_one_type_launches_that_type(both, name):
    both.config["CONNECT"]["account_type"] = name
    assert launch(both, bank_identifier=BANK).json["config"]["account_type"] == name


def test_a_page_that_names_no_type_gets_the_first_list(both):
    assert launch(both, bank_identifier=BANK).json["config"]["account_type"] == "PERSONAL"


def test_each_record_has_an_availability_of_its_own(both, fake_lean):
    fake_lean.bank(BANK)["availability"] = OFF
    assert launch(both, bank_identifier=BANK).json["config"]["account_type"] == "BUSINESS"
    refused = launch(both, bank_identifier=BANK, account_type="PERSONAL")
    assert (refused.status_code, refused.json["reason"]) == (409, "unavailable")
    chosen = launch(both, bank_identifier=BANK, account_type="BUSINESS")
    assert chosen.json["config"]["account_type"] == "BUSINESS"


def test_a_type_that_is_none_is_refused(both):
    assert launch(both, bank_identifier=BANK, account_type="FAMILY").status_code == 400


def test_a_popular_bank_is_popular_for_both_types(make_app, fake_lean):
    fake_lean.banks.append(fake_lean.bank(BANK) | {"account_type": "BUSINESS"})
    app = make_app(account_types=TYPES, popular_banks=[BANK])
    client = app.test_client()
    page = client.get(client.get("/link").location).text
    popular = page[page.index('class="shortcut popular"') : page.index('id="all"')]
    assert sorted(type_ for type_, _ in rows(popular, BANK)) == ["BUSINESS", "PERSONAL"]


@pytest.mark.parametrize("sent", [None, "FAMILY", "personal", 7, ["PERSONAL"]])
def test_what_came_in_a_list_is_of_that_type(app, fake_lean, sent):
    record = fake_lean.bank(BANK) | {"account_type": sent}
    fake_lean.fault("banks", faults.Status(200, json.dumps([record]).encode()))
    client = app.test_client()
    assert types_of(client.get("/lean/banks").json) == ["PERSONAL"]
    assert rows(client.get(client.get("/link").location).text, BANK)
    assert launch(app, bank_identifier=BANK).json["config"]["account_type"] == "PERSONAL"


# --- one name -----------------------------------------------------------------------------------


def add(fake_lean, identifier, **changes):
    """Add a bank with the name of another one."""
    record = fake_lean.bank(BANK) | {"identifier": identifier, "relates_to": None} | changes
    fake_lean.banks.append(record)


def shown(app):
    client = app.test_client()
    page = client.get(client.get("/link").location).text
    return {value: rows(page, value)[0][1] for value in re.findall(r'value="(RIYAD\w*)"', page)}


@pytest.fixture(autouse=True)
def connection(fake_lean):
    fake_lean.bank(BANK)["connection_type"] = "OPEN_BANKING"


@pytest.mark.parametrize(
    "changes",
    [
        {"connection_type": "OPEN_BANKING"},
        {"connection_type": None},
        {"connection_type": "TELEPATHY"},
        {"connection_type": "REVERSE_ENGINEERED", "country_code": "ARE"},
        {"connection_type": "REVERSE_ENGINEERED", "country_code": None},
        {"connection_type": "REVERSE_ENGINEERED", "arabic_name": "بنك آخر"},
        {"connection_type": "OPEN_BANKING", "relates_to": ["NOBODY_SAU"]},
    ],
    ids=str,
)
def test_two_banks_of_one_name_can_both_be_chosen(app, fake_lean, changes):
    add(fake_lean, "RIYAD_TWO_SAU", **changes)
    assert set(shown(app)) == {BANK, "RIYAD_TWO_SAU"}
    for identifier in (BANK, "RIYAD_TWO_SAU"):
        config = launch(app, bank_identifier=identifier).json["config"]
        assert config["bank_identifier"] == identifier


def test_counterparts_on_two_connections_are_one_row(app, fake_lean):
    add(fake_lean, "RIYAD_TWO_SAU", connection_type="REVERSE_ENGINEERED")
    assert set(shown(app)) == {BANK}


def test_a_counterpart_of_two_banks_hides_neither(app, fake_lean):
    add(fake_lean, "RIYAD_TWO_SAU", connection_type="OPEN_BANKING")
    add(fake_lean, "RIYAD_THREE_SAU", connection_type="REVERSE_ENGINEERED")
    assert len(shown(app)) == 3


def test_records_that_lean_relates_are_one_row_in_any_order(app, fake_lean):
    add(fake_lean, "RIYAD_TWO_SAU")
    add(fake_lean, "RIYAD_THREE_SAU", relates_to=[BANK, "RIYAD_TWO_SAU"])
    assert len(shown(app)) == 1


@pytest.mark.parametrize(
    ("first", "second", "details"),
    [
        ("RIBLSARI", "OTHRSARI", ["RIBLSARI", "OTHRSARI"]),
        ("RIBLSARI", "RIBLSARI", [BANK, "RIYAD_TWO_SAU"]),
        ("RIBLSARI", None, [BANK, "RIYAD_TWO_SAU"]),
    ],
)
def test_rows_of_one_name_are_told_apart(app, fake_lean, first, second, details):
    fake_lean.bank(BANK)["swift_code"] = first
    add(fake_lean, "RIYAD_TWO_SAU", swift_code=second, name="RIYAD  bank")
    texts = shown(app)
    assert f'dir="ltr">{details[0]}</bdi>' in texts[BANK]
    assert f'dir="ltr">{details[1]}</bdi>' in texts["RIYAD_TWO_SAU"]
