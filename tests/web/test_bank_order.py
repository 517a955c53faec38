"""The list stands in the order in which people look for a bank, in both languages, everywhere."""

from __future__ import annotations

import json
import re

import pytest

from support.picker_pages import opened
from support.picker_stage import make_host

ENGLISH = (
    "Al Rajhi Bank, Bank Albilad, Alinma Bank, Bank AlJazira, anb, Riyad Bank, "
    "The Saudi Investment Bank, Saudi National Bank"
)
ARABIC = "ألفا, مصرف الإنماء, البنك الأهلي السعودي, بنك الجزيرة, مصرف الراجحي, المصرف العربي, barq"


@pytest.fixture(name="named")
def _named(fake_lean):
    """Let Lean's list have these names, in an order that is none."""

    def name(field, names):
        first = fake_lean.bank("RJHI_SAU")
        fake_lean.banks[:] = [
            first
            | {"identifier": f"B{n}_SAU", "arabic_name": None, "commercial_name_arabic": None}
            | {"commercial_name": None, field: text}
            for n, text in enumerate(sorted(names, key=lambda text: text[::-1]))
        ]

    return name


def page_names(host, lang):
    rows = opened(host, lang=lang).text.partition(' id="all">')[2]
    return ", ".join(re.findall(r'<bdi class="name"[^>]*>(.*?)</bdi>', rows))


def json_names(host, lang, **query):
    banks = host.test_client().get("/lean/banks", query_string={"lang": lang, **query}).json
    return ", ".join(bank["display_name"] for bank in banks)


@pytest.mark.parametrize(
    ("lang", "field", "names"), [("en", "name", ENGLISH), ("ar", "arabic_name", ARABIC)]
)
def test_page_and_json_have_the_order_in_which_people_look_up(fake_lean, named, lang, field, names):
    texts = names.split(", ")
    named(field, [text for text in texts if text != "barq"])
    if "barq" in texts:  # Lean sends no Arabic name
        fake_lean.banks.insert(0, fake_lean.banks[0] | {"identifier": "X", "name": "barq"})
        fake_lean.banks[0]["arabic_name"] = None
    host = make_host(fake_lean)
    assert page_names(host, lang) == names
    assert json_names(host, lang) == names
    assert json_names(host, lang, purpose="data") == names


def test_banks_that_work_for_nothing_come_last_in_both(fake_lean):
    fake_lean.set_availability("RJHI_SAU", active={"data": False, "payments": False})
    host = make_host(fake_lean)
    shown = page_names(host, "en").split(", ")
    assert shown[0] == "Bank Albilad"
    assert {"Al Rajhi Bank", "BSF"} == set(shown[-2:])
    assert [name for name in json_names(host, "en").split(", ") if name in shown] == shown


def test_what_a_search_finds_alike_stays_in_that_order(fake_lean, named):
    named("name", ["Sarab Two", "Bank Sarab", "The Sarab One"])
    assert (
        json_names(make_host(fake_lean), "en", q="sara") == "Bank Sarab, The Sarab One, Sarab Two"
    )


def test_the_command_lists_them_as_the_english_page_does(fake_lean):
    fake_lean.banks.reverse()
    host = make_host(fake_lean)
    listed = host.test_cli_runner().invoke(args=["lean", "banks", "--json"]).output
    names = ", ".join(bank["display_name"] for bank in json.loads(listed))
    assert names == page_names(host, "en")
