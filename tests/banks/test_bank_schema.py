"""The gate between Lean's JSON and Bank: lenient about what Lean sends, strict about what hurts."""

from decimal import Decimal

import pytest

from lean_flask.banks.schema import BankSchema, load_banks
from lean_flask.common.text import sanitize_text


def record(**changes):
    return {
        "identifier": "RIYAD_SAU",
        "name": "Riyad Bank",
        "arabic_name": "بنك الرياض",
        "logo": "https://cdn.leantech.me/white.png",
        "logo_alt": "https://cdn.leantech.me/color.png",
        "main_color": "#16AD98",
        "background_color": "#ffffff",
        "theme": "dark",
        "country_code": "SAU",
        "active": True,
        "traits": ["auth-redirect"],
        "supported_account_types": ["CURRENT"],
        "transfer_limits": [{"currency": "SAR", "min": 10, "max": Decimal("100000.5")}],
        "international_transfer_limits": [],
        "international_destinations": [],
        "availability": {
            "active": {"data": True, "payments": True},
            "enabled": {"data": True, "payments": True},
        },
    } | changes


def load(**changes):
    banks = load_banks([record(**changes)])
    assert len(banks) == 1
    return banks[0]


@pytest.mark.parametrize(
    "field",
    [key for key in record() if key not in {"identifier", "name"}],
)
def test_null_for_any_field_but_the_identifier_is_accepted(field):
    assert load(**{field: None}).identifier == "RIYAD_SAU"


@pytest.mark.parametrize("field", [key for key in record() if key != "identifier"])
def test_any_field_but_the_identifier_may_be_missing(field):
    partial = record()
    del partial[field]
    assert len(load_banks([partial])) == 1


def test_a_field_that_is_new_to_us_costs_nothing():
    assert load(sponsor={"deep": [1]}).identifier == "RIYAD_SAU"


def test_unknown_enum_values_are_kept():
    bank = load(connection_type="TELEPATHY", theme="sepia", account_type="FAMILY")
    assert (bank.connection_type, bank.theme, bank.account_type) == ("TELEPATHY", "sepia", "FAMILY")


def test_account_types_may_be_one_string():
    assert load(supported_account_types="CURRENT").supported_account_types == ("CURRENT",)


def test_limits_are_exact_decimals():
    assert load().transfer_limits[0].max == Decimal("100000.5")


def test_availability_with_data_alone_is_off_for_payments():
    bank = load(availability={"active": {"data": True}, "enabled": {"data": True}})
    assert bank.is_available("data")
    assert not bank.is_available("payments")


@pytest.mark.parametrize(
    "changes",
    [
        {"identifier": None},
        {"identifier": ""},
        {"identifier": "A B"},
        {"identifier": "../customers"},
        {"identifier": "X" * 65},
        {"identifier": "RIYAD_SAU\n"},
        {"identifier": 7},
        {"availability": "yes"},
        {"availability": {"active": {"data": "perhaps"}}},
        {"availability": {"enabled": [True]}},
    ],
    ids=str,
)
def test_what_would_hurt_costs_that_bank_and_a_log_line(changes, caplog):
    good = record(identifier="SNB_SAU")
    assert [bank.identifier for bank in load_banks([record(**changes), good])] == ["SNB_SAU"]
    assert "Skipped bank" in caplog.text


@pytest.mark.parametrize("junk", [None, 7, "bank", [], True])
def test_a_record_that_is_no_object_is_left_out(junk):
    assert load_banks([junk]) == ()


def test_a_repeated_identifier_is_left_out(caplog):
    assert len(load_banks([record(), record(name="Again")])) == 1
    assert "repeated identifier" in caplog.text


def test_control_and_bidi_characters_leave_a_name():
    assert load(name="Riyad\u202e\u2066 \x00Bank\n").name == "Riyad Bank"


@pytest.mark.parametrize("hidden", ["\u200b", "\ufeff", "\u00ad", "\U000e0041", "\u061c", "\ud800"])
def test_what_cannot_be_seen_leaves_every_text(hidden):
    bank = load(name=f"Riyad{hidden} Bank", traits=[f"auth{hidden}"], theme=f"{hidden}dark")
    assert (bank.name, bank.traits, bank.theme) == ("Riyad Bank", ("auth",), "dark")


@pytest.mark.parametrize(
    "logo",
    [
        "https://cdn.leantech.me/x.png",
        "https://LEANTECH.me/x.png",
        "https://images.sa.leantech.me:443/x.svg?v=1",
        "http://127.0.0.1:5001/img/x.svg",
    ],
)
def test_a_logo_at_lean_or_at_a_stand_in_is_kept(logo):
    assert load(logo=logo).logo == logo


@pytest.mark.parametrize(
    "logo",
    [
        "https://tracker.example/x.png",
        "https://leantech.me.evil.example/x.png",
        "https://notleantech.me/x.png",
        "https://cdn.leantech.me@evil.example/x.png",
        "https://[::ffff:1.2.3.4]/x.png",
    ],
)
def test_a_logo_elsewhere_counts_as_none(logo):
    banks = load_banks([record(logo=logo)])
    assert [bank.logo for bank in banks if "@" not in logo] == ([""] if "@" not in logo else [])


def test_a_foreign_host_is_logged_once(caplog):
    load_banks([record(logo=f"https://once.example/{number}.png") for number in range(3)])
    assert caplog.text.count("once.example") == 1


def test_plain_text_keeps_arabic_joiners():
    assert sanitize_text("می\u200cخواهم") == "می\u200cخواهم"


def test_an_unnamed_bank_is_called_by_its_identifier():
    assert load(name=None, arabic_name=None).name == "RIYAD_SAU"


def test_arabic_falls_back_to_english_and_branded_names_come_first():
    assert load(arabic_name=None).names == {"en": "Riyad Bank", "ar": "Riyad Bank"}
    branded = load(commercial_name="Riyad", commercial_name_arabic="الرياض")
    assert branded.names == {"en": "Riyad", "ar": "الرياض"}


def test_what_is_dumped_loads_to_the_same_bank():
    bank = load()
    assert load_banks([BankSchema().dump(bank)]) == (bank,)
