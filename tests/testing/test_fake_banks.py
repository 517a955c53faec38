"""The stand-in's bank lists and the marks drawn for them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from lean_flask.banks import schema
from lean_flask.testing.data import banks as fake
from lean_flask.testing.data.logos import logo_svg

ORIGIN = "http://127.0.0.1:9"
SVG = "{http://www.w3.org/2000/svg}"
FULL = ["RJHI_SAU", "SNB_SAU", "RIYAD_SAU", "FAB_UAE", "ENBD_UAE", "ADCB_UAE"]

Record = dict[str, Any]


def both() -> list[Record]:
    return fake.load_banks("sa", ORIGIN) + fake.load_banks("ae", ORIGIN)


def by_identifier() -> dict[str, Record]:
    return {record["identifier"]: record for record in both()}


def switch(record: Record, part: str, purpose: str) -> bool:
    return bool(record["availability"][part].get(purpose))


def works(record: Record, purpose: str) -> bool:
    return switch(record, "active", purpose) and switch(record, "enabled", purpose)


def all_off(record: Record, part: str) -> bool:
    return not switch(record, part, "data") and not switch(record, part, "payments")


def test_the_library_takes_every_record_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    for record in both():
        with caplog.at_level(logging.DEBUG):
            (bank,) = schema.load_banks([record])
        assert caplog.messages == [], record["identifier"]
        assert bank.identifier == record["identifier"]
        assert bank.names["en"]


def test_each_country_has_about_twenty_banks_and_its_own_only() -> None:
    saudi, emirati = fake.load_banks("sa", ORIGIN), fake.load_banks("ae", ORIGIN)
    assert 18 <= len(saudi) <= 25
    assert 20 <= len(emirati) <= 30
    assert {record["country_code"] for record in saudi} == {"SAU"}
    assert {record["country_code"] for record in emirati} == {"ARE"}
    with pytest.raises(KeyError):
        fake.load_banks("eg", ORIGIN)


def test_identifiers_are_unique() -> None:
    assert len(by_identifier()) == len(both())


def test_no_record_is_left_out_of_both_countries() -> None:
    file = Path(fake.__file__).with_name("banks.json")
    assert len(json.loads(file.read_text("utf-8"))) == len(both())


def test_a_bank_that_tests_rely_on_does_everything() -> None:
    for record in map(by_identifier().__getitem__, FULL):
        assert record["account_type"] == "PERSONAL"
        assert record["connection_type"] == "OPEN_BANKING"
        assert works(record, "data")
        assert works(record, "payments")


def test_logos_are_at_the_origin() -> None:
    record = by_identifier()["RJHI_SAU"]
    assert record["logo"] == f"{ORIGIN}/img/white/rjhi_sau.svg"
    assert record["logo_alt"] == f"{ORIGIN}/img/color/rjhi_sau.svg"
    assert "{origin}" not in json.dumps(both())


def test_lists_are_new_at_each_call() -> None:
    fake.load_banks("sa", ORIGIN)[0]["availability"]["active"]["data"] = "spoilt"
    assert "spoilt" not in json.dumps(both())


QUIRKS: dict[str, tuple[int, str, Callable[[Record], bool]]] = {
    "no Arabic name": (4, "", lambda bank: bank["arabic_name"] is None),
    "counterparts absent": (4, "", lambda bank: "relates_to" not in bank),
    "counterparts null": (2, "", lambda bank: bank.get("relates_to", 0) is None),
    "counterparts empty": (2, "", lambda bank: bank.get("relates_to") == []),
    "a string of types": (
        2,
        "SAU",
        lambda bank: isinstance(bank["supported_account_types"], str),
    ),
    "data flags only": (
        1,
        "SAU",
        lambda bank: (
            {*bank["availability"]["active"], *bank["availability"]["enabled"]} == {"data"}
        ),
    ),
    "no logo": (1, "SAU", lambda bank: bank["logo"] == ""),
    "no swift_code": (1, "SAU", lambda bank: "swift_code" not in bank),
    "no mock": (1, "SAU", lambda bank: "mock" not in bank),
    "no connection_type": (1, "SAU", lambda bank: "connection_type" not in bank),
    "a fraction in a limit": (
        1,
        "SAU",
        lambda bank: any(limit["min"] == 30.5 for limit in bank["transfer_limits"]),
    ),
    "offline in Saudi Arabia": (1, "SAU", lambda bank: all_off(bank, "active")),
    "offline in the UAE": (1, "ARE", lambda bank: all_off(bank, "active")),
    "disabled in Saudi Arabia": (1, "SAU", lambda bank: all_off(bank, "enabled")),
    "disabled in the UAE": (1, "ARE", lambda bank: all_off(bank, "enabled")),
    "payments only": (1, "", lambda bank: works(bank, "payments") and not works(bank, "data")),
    "data only": (1, "", lambda bank: works(bank, "data") and not works(bank, "payments")),
    "business": (2, "", lambda bank: bank.get("account_type") == "BUSINESS"),
    "credentials": (2, "ARE", lambda bank: bank["connection_type"] == "REVERSE_ENGINEERED"),
    "a light theme": (2, "", lambda bank: bank["theme"] == "light"),
    "abroad": (1, "ARE", lambda bank: bool(bank["international_destinations"])),
}


def test_the_lists_have_every_quirk_that_was_seen_live() -> None:
    missing = []
    for quirk, (least, country, has_it) in QUIRKS.items():
        candidates = [bank for bank in both() if bank["country_code"].startswith(country)]
        if sum(map(has_it, candidates)) < least:
            missing.append(quirk)
    assert missing == []


def test_counterparts_name_each_other_and_differ_in_the_connection() -> None:
    banks = by_identifier()
    pairs = [(bank, banks[other]) for bank in both() for other in bank.get("relates_to") or []]
    assert len(pairs) >= 4
    for bank, other in pairs:
        assert bank["identifier"] in other["relates_to"]
        assert {bank["connection_type"], other["connection_type"]} == {
            "OPEN_BANKING",
            "REVERSE_ENGINEERED",
        }


def test_one_institution_serves_businesses_alone() -> None:
    personal = {bank["name"] for bank in fake.matching(both(), ["PERSONAL"], [], [])}
    business = {bank["name"] for bank in fake.matching(both(), ["BUSINESS"], [], [])}
    assert "J.P. Morgan" in business - personal
    assert "Al Rajhi Bank" in business & personal


def test_mock_banks_say_so_and_one_belies_its_identifier() -> None:
    mocks = {bank["identifier"]: bank["country_code"] for bank in both() if bank.get("mock")}
    assert mocks == {"LEA1_SAMAOB_SAU": "SAU", "LEAN_OF_RETAIL_UAE": "ARE", "LEANMB1_SAU": "ARE"}


def test_the_filters_of_the_endpoint() -> None:
    banks = both()

    def found(*filters: list[str]) -> set[str]:
        return {bank["identifier"] for bank in fake.matching(banks, *filters)}

    assert found([], [], []) == found(["PERSONAL"], [], [])
    assert "RJHI_BUSINESS_SAU" in found(["BUSINESS"], [], [])
    assert found(["PERSONAL", "BUSINESS"], [], []) == set(by_identifier())
    assert "LEANMB1_SAU" in found([], ["ARE"], [])
    assert found([], ["ARE"], []).isdisjoint(found([], ["SAU"], []))
    assert "MASHREQ_UAE" not in found([], [], ["OPEN_BANKING"])
    assert found([], [], ["DIRECT_CONNECTION"]) == set()


@pytest.mark.parametrize("record", [{"identifier": "A"}, {"identifier": "A", "account_type": None}])
def test_a_record_without_account_type_counts_as_personal(record: Record) -> None:
    assert fake.matching([record], [], [], []) == [record]
    assert fake.matching([record], ["PERSONAL"], [], []) == [record]
    assert fake.matching([record], ["BUSINESS"], [], []) == []


@pytest.mark.parametrize("country", ["sa", "ae"])
def test_a_long_list_is_plausible_and_the_same_each_time(country: str) -> None:
    banks = fake.many_banks(500, country, ORIGIN)
    assert banks == fake.many_banks(500, country, ORIGIN)
    for field in ("identifier", "name", "arabic_name"):
        assert len({bank[field] for bank in banks}) == 500
    assert len(schema.load_banks(banks)) == 500
    assert fake.many_banks(0, country, ORIGIN) == []


def test_every_mark_is_well_formed_in_its_colour_and_needs_nothing_else() -> None:
    for record in both():
        for variant, colour in (("white", "#ffffff"), ("color", record["main_color"])):
            root = ElementTree.fromstring(logo_svg(record["identifier"], variant, [record]))
            assert (root.tag, root.get("viewBox")) == (f"{SVG}svg", "0 0 48 48")
            (mark,) = root
            assert set(mark.attrib) == {"fill", "d"}
            assert (mark.tag, mark.get("fill")) == (f"{SVG}path", colour)


def test_brands_have_marks_of_their_own_and_records_of_a_brand_share_one() -> None:
    marks = {bank["identifier"]: logo_svg(bank["identifier"], "white", []) for bank in both()}
    brands = {identifier.partition("_")[0] for identifier in marks}
    assert len(set(marks.values())) == len(brands)
    assert marks["ENBD_UAE"] == marks["ENBD_SAU"] == marks["ENBD_BUSINESS_UAE"]


def test_an_unknown_bank_has_a_mark_too_and_keeps_it() -> None:
    first = logo_svg("BANK7_UAE", "color", [])
    assert first == logo_svg("BANK7_UAE", "color", [])
    ElementTree.fromstring(first)
    assert len({logo_svg(f"BANK{n}_UAE", "white", []) for n in range(200)}) > 50
