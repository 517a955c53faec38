"""What the search shows: marks, and a bank that is known but not in the list."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize(
    ("lang", "query", "said"),
    [
        ("en", "adcb", "Abu Dhabi Commercial Bank is not offered here"),
        ("ar", "بنك دبي الإسلامي", "بنك دبي الإسلامي غير متاح هنا"),
    ],
)
def test_a_bank_that_is_not_offered_is_named(stage, lang, query, said):
    here = stage(lang)
    here.open()
    here.search(query)
    expect(here.page.get_by_role("heading", name=said)).to_be_visible()
    expect(here.page.locator("#empty :visible[data-known='']")).to_have_count(0)
    expect(here.page.locator("#all .row")).to_have_count(0)
    here.search("zzzzzz")
    expect(here.page.locator("#empty :visible[data-known='1']")).to_have_count(0)
    expect(here.page.locator("#empty")).to_contain_text("zzzzzz")


def test_both_headings_of_an_empty_result_look_alike(stage):
    here = stage()
    here.open()
    looks = []
    for query in ("Bank of the Moon", "adcb"):
        here.search(query)
        shown = here.page.locator("#empty :is(h2, h3):visible")
        expect(shown).to_contain_text("No bank" if "Moon" in query else "not offered")
        looks.append(
            shown.evaluate("of => [getComputedStyle(of).color, getComputedStyle(of).fontSize]")
        )
    assert looks[0] == looks[1]


def test_generic_words_are_marked_only_where_nothing_else_was_typed(stage):
    here = stage()
    here.open()
    here.search("bank al bilad")
    expect(here.page.locator("#all mark")).to_have_text(["Albilad"])
    here.search("bank")
    expect(here.page.locator("#all mark").get_by_text("Bank", exact=True).first).to_be_visible()


def test_the_number_of_an_account_does_not_leave_the_page(stage):
    here = stage(settings={"report_queries": True}, clock=True)
    here.open()
    here.search("SA03 8000 0000 6080 1016 7519")
    with here.page.expect_request("**/lean/events?**") as sent:
        here.page.clock.run_for(600)
    assert "query" not in json.loads(sent.value.post_data)
