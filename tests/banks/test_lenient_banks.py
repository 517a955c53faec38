"""A field that only decorates a bank is repaired or left out by itself; the bank stays."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from lean_flask.banks.schema import load_banks
from lean_flask.testing import faults

BANK = "RIYAD_SAU"
MAX_LONG = 2**63 - 1


def limit(**changes):
    return {"currency": "SAR", "min": 1, "max": 50000} | changes


#: What Lean sends of one field, and what is served of it.
CASES = [
    ("main_color", "1beb75", "#1beb75"),
    ("main_color", "#1b7f", "#11bb77"),
    ("main_color", "green", "#008000"),
    ("main_color", "RGB(1, 2, 3)", "#010203"),
    ("main_color", " #16AD98 ", "#16AD98"),
    ("main_color", "transparent", ""),
    ("main_color", "red;background:url(x)", ""),
    ("main_color", "#12345", ""),
    ("main_color", ["#123456"], ""),
    ("main_color", "rgb(" + "1" * 5000, ""),
    ("background_color", "white", "#ffffff"),
    ("background_color", "expression(1)", ""),
    ("logo", "http://cdn.leantech.me/x.png", ""),
    ("logo", "/img/x.png", ""),
    ("logo", "//evil.example/x.png", ""),
    ("logo", "data:image/svg+xml,<svg/>", ""),
    ("logo", "javascript:alert(1)", ""),
    ("logo", "N/A", ""),
    ("logo", 7, ""),
    ("logo_alt", "https://user@evil.example/x.png", ""),
    ("logo_alt", 'https://x.example/"onerror=alert(1)', ""),
    ("logo_alt", "https://cdn.leantech.me/" + "x" * 3000, ""),
    ("theme", {"dark": True}, ""),
    ("theme", "d" * 500, ""),
    ("traits", [None, "auth-redirect", 7, {}], ["auth-redirect"]),
    ("traits", {"auth-redirect": True}, []),
    ("swift_code", "RIBLSARIXXXX", None),
    ("swift_code", 12345678, None),
    ("country_code", "Saudi Arabia", ""),
    ("bank_type", ["RETAIL"], None),
    ("connection_type", {"type": "OPEN_BANKING"}, None),
    ("relates_to", [None], []),
    ("relates_to", {"a": 1}, []),
    ("supported_account_types", [["CURRENT"]], []),
    ("active", "perhaps", True),
    ("mock", {}, False),
    ("name", "x" * 201, "x" * 200),
    ("name", {"en": "x"}, "بنك الرياض"),
    ("arabic_name", 7, None),
    ("commercial_name", ["Riyad"], None),
    ("transfer_limits", [limit(max=MAX_LONG)], [limit(max=None)]),
    ("transfer_limits", [limit(max=1e300)], [limit(max=None)]),
    ("transfer_limits", [limit(max=float("nan"))], [limit(max=None)]),
    ("transfer_limits", [limit(max="NaN")], [limit(max=None)]),
    ("transfer_limits", [limit(max="9" * 5000)], [limit(max=None)]),
    ("transfer_limits", [limit(max=True)], [limit(max=None)]),
    ("transfer_limits", [limit(min=-1)], [limit(min=None)]),
    ("transfer_limits", [limit(min=5, max=2)], []),
    ("transfer_limits", [limit(currency="Riyal"), None, limit()], [limit()]),
    ("transfer_limits", [{"min": 1}], []),
    ("transfer_limits", {"SAR": 1}, []),
    ("international_transfer_limits", ["none"], []),
    ("international_destinations", ["ARE", None], []),
    ("international_destinations", {"ARE": ["AED"]}, []),
    (
        "international_destinations",
        [{"country_iso_code": ["ARE"], "supported_currencies": [None, "AED"]}],
        [{"country_iso_code": None, "country_name": None, "supported_currencies": ["AED"]}],
    ),
]


@pytest.mark.parametrize(
    ("field", "sent", "served"),
    CASES,
    ids=[f"{field} {str(sent)[:30]}" for field, sent, _ in CASES],
)
def test_a_field_that_is_wrong_costs_itself_and_a_log_line(
    client, fake_lean, caplog, field, sent, served
):
    fake_lean.bank(BANK).update({"arabic_name": "بنك الرياض", field: sent})
    bank = client.get(f"/lean/banks/{BANK}").json
    assert bank[field] == served
    lines = [line for line in caplog.messages if "bank" in line and BANK in line]
    wanted = [] if sent == " #16AD98 " else [f"Repaired or left out fields of bank {BANK}: {field}"]
    assert lines == wanted


@pytest.mark.parametrize(
    "number", [b"1e99999999999999999999", b"9" * 5000, b"-Infinity", b"NaN"], ids=len
)
def test_a_number_that_no_number_holds_costs_its_field_alone(client, fake_lean, number):
    record = json.dumps(fake_lean.bank(BANK) | {"transfer_limits": [limit(max="HERE")]})
    body = b"[" + record.encode().replace(b'"HERE"', number) + b"]"
    fake_lean.fault("banks", faults.Status(200, body))
    (bank,) = client.get("/lean/banks").json
    assert bank["transfer_limits"] == [limit(max=None)]


def test_a_bank_wrong_in_every_field_is_one_line(client, fake_lean, caplog):
    record = fake_lean.bank(BANK)
    kept = {name: record[name] for name in ("identifier", "availability", "account_type")}
    record.update(dict.fromkeys(record, "x" * 3000) | kept)
    assert client.get(f"/lean/banks/{BANK}").json["display_name"] == "x" * 200
    assert sum(BANK in line for line in caplog.messages) == 1


def test_limits_that_are_left_out_allow_every_amount(client, app, fake_lean):
    fake_lean.bank(BANK)["transfer_limits"] = [limit(max=MAX_LONG)]
    app.config["PAY"]["amount"] = Decimal(10) ** 6
    page = client.get(client.get("/pay").location).text
    row = page[page.index(f'value="{BANK}"') :]
    assert "data-reason" not in row[: row.index("</button>")]


# --- names --------------------------------------------------------------------------------------

INVISIBLE = [
    "\u200d",
    "\u3164",
    "\u2800",
    "\u200d\u200c\u200d",
    "\u0301\u064e",
    " \u00a0",
    "\ue000",
]


@pytest.mark.parametrize(
    "name", [*INVISIBLE, "\ufffc", "\u115f\u1160", "\U000e0041", ""], ids=ascii
)
def test_a_name_that_shows_nothing_falls_back_to_another(client, fake_lean, name):
    bank = fake_lean.bank(BANK)
    names = dict.fromkeys(
        ("name", "arabic_name", "commercial_name", "commercial_name_arabic"), name
    )
    bank.update(names | {"arabic_name": "بنك الرياض"})
    assert client.get(f"/lean/banks/{BANK}?lang=en").json["names"] == {
        "en": "بنك الرياض",
        "ar": "بنك الرياض",
    }


@pytest.mark.parametrize("name", INVISIBLE, ids=ascii)
def test_a_bank_without_a_visible_name_is_called_by_its_identifier(client, fake_lean, name):
    names = ("name", "arabic_name", "commercial_name", "commercial_name_arabic")
    fake_lean.bank(BANK).update(dict.fromkeys(names, name))
    assert client.get(f"/lean/banks/{BANK}").json["display_name"] == BANK
    page = client.get(client.get("/link").location).text
    assert f'<bdi class="name">{BANK}</bdi>' in page


@pytest.mark.parametrize(
    "name",
    [
        "A",
        "Al",
        "of the",
        "🏦",
        "\u200fبنك",
        "\u200f🏦",
        "Bank",
        "!",
        "ﷺ",
        "👨\u200d👩\u200d👧 bank",
    ],
)
def test_any_name_has_a_row_with_initials(client, fake_lean, name):
    fake_lean.bank(BANK).update(dict.fromkeys(("name", "arabic_name", "commercial_name"), name))
    page = client.get(client.get("/link").location)
    assert page.status_code == 200
    row = page.text[page.text.index(f'value="{BANK}"') :]
    assert "></text>" not in row[: row.index("</button>")]


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"availability": None},
        {"availability": {}},
        {"availability": {"active": None, "enabled": None}},
        {"availability": {"active": {}, "enabled": {}}},
        {"availability": {"active": {"data": True}}},
    ],
    ids=str,
)
def test_a_bank_without_availability_is_hidden_with_a_log_line(caplog, record):
    (bank,) = load_banks([{"identifier": "RJHI_SAU", "name": "Al Rajhi Bank"} | record])
    assert not bank.is_enabled("data")
    assert caplog.messages == [
        "Hidden bank RJHI_SAU: Lean sent no availability, so it counts as disabled"
    ]
