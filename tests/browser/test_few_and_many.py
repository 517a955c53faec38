"""The list with few banks and with many, with long names, and on a phone on its side."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from lean_flask.testing.data.banks import many_banks
from support.picker_stage import BANK
from support.picker_states import STATES

LONG = "Saudi National Commercial and Agricultural Bank of all the Northern Regions " * 2

#: Counts how often an ``input`` event has the picker searched for an element.
COUNT_QUERIES = """() => {
  window.queries = 0;
  const root = document.querySelector("main"), ask = root.querySelector.bind(root);
  root.querySelector = (...given) => (queries += 1, ask(...given));
}"""


def keep(fake, count):
    personal = [bank for bank in fake.banks if bank["account_type"] == "PERSONAL"]
    fake.banks = [bank for bank in personal if bank["availability"]["active"]["data"]][:count]


@pytest.mark.parametrize("count", [1, 7])
def test_few_banks_need_no_search_and_no_heading(stage, fake_lean, count):
    keep(fake_lean, count)
    here = stage()
    here.open()
    here.wait("form[data-ready]")
    page = here.page
    expect(page.locator("#all .row")).to_have_count(count)
    expect(page.locator("#query")).to_have_count(0)
    expect(page.get_by_role("heading")).to_have_text(["Choose your bank"])
    expect(page.locator("#intro")).to_have_text(
        "Link your account to Qahwa. Nothing is shared before you approve it."
    )
    page.keyboard.press("Tab")
    rows = page.locator("#all .row")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(min(1, count - 1))).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(rows.first).to_be_focused()
    rows.first.click()
    here.dialog.locator("[data-lean-end=CANCELLED]").click()
    expect(rows.first).to_be_focused()


def test_eight_banks_have_one_which_says_what_it_is_for(stage, fake_lean):
    keep(fake_lean, 8)
    here = stage()
    here.open()
    box = here.page.get_by_role("searchbox")
    expect(box).to_have_accessible_description("Link your account to Qahwa.")
    promise = here.page.get_by_text("Nothing is shared before you approve it.")
    expect(promise).to_have_count(1)
    assert promise.bounding_box()["y"] > box.bounding_box()["y"]


def test_a_letter_asks_the_page_as_often_in_a_long_list_as_in_a_short_one(stage, fake_lean):
    asked = []
    for count in (50, 300):
        fake_lean.banks = many_banks(count, "sa", fake_lean.url)
        here = stage()
        here.open()
        here.search("bank")  # waits for the script of the search
        here.wait("mark")
        here.page.evaluate(COUNT_QUERIES)
        here.search("ban")
        asked.append(here.page.evaluate("queries"))
        expect(here.page.locator("#all .row")).to_have_count(count)
    assert asked[0] == asked[1] > 0


def test_a_result_is_no_button_that_submits_for_which_a_browser_goes_through_the_form(stage):
    here = stage()
    here.open()
    here.search("riyad")
    here.wait("mark")
    kinds = here.page.locator("form .row").evaluate_all(
        "rows => [...new Set(rows.map(row => `${!row.checkVisibility()} ${row.type}`))].sort()"
    )
    assert kinds == ["false button", "true submit"]


def test_a_search_that_many_banks_match_loads_no_logo_far_below_the_screen(stage, fake_lean):
    fake_lean.banks = many_banks(300, "sa", fake_lean.url)
    here = stage()
    here.open()
    here.search("bank")
    expect(here.page.locator("#all .row")).to_have_count(300)
    here.page.locator("#all img").first.evaluate("logo => logo.decode()")
    assert here.page.locator("#all img").evaluate_all(
        "logos => logos.filter(({ complete }) => complete).length < 100 && logos.length === 300"
    )


def test_while_a_choice_is_under_way_no_more_results_are_made(stage, fake_lean):
    fake_lean.banks = many_banks(300, "sa", fake_lean.url)
    here = stage(clock=True)
    here.open()
    here.page.locator("#all + ul").wait_for(state="attached")  # the script is there
    here.page.route("**/launch?**", lambda route: None)
    first = here.page.locator("#query").evaluate(
        """async box => {
          box.value = "bank";
          box.dispatchEvent(new Event("input", { bubbles: true }));
          while (!box.form.querySelector("mark")) await new Promise(requestAnimationFrame);
          const rows = box.form.querySelectorAll("#all .row");
          rows[0].click();
          return rows.length;
        }"""
    )
    rows = here.page.locator("#all .row")
    assert first < 300
    here.page.clock.run_for(6_000)
    assert rows.count() == first
    here.page.locator("[data-action=cancel]").click()
    here.page.clock.run_for(6_000)
    assert rows.count() == 300


def test_a_list_is_one_for_screen_readers_as_long_as_it_has_something(stage):
    here = stage()
    here.open()
    here.wait("form[data-ready]")
    # Safari takes a list without marks for none, unless it is told.
    assert here.page.locator("ul").evaluate_all(
        "lists => lists.filter(list => list.checkVisibility()).map(({ role }) => role)"
    ) == ["list", "list"]
    here.search("riyad")
    here.wait("mark")
    expect(here.page.locator(".promise")).to_be_hidden()  # more room above a phone's keyboard
    here.search("")
    expect(here.page.locator("#all:visible .row").first).to_be_visible()
    assert here.page.locator("#choice ul:empty:visible").count() == 0


def test_a_screen_is_said_once(stage):
    here = stage()
    STATES["failed"][0](here)
    expect(here.page.locator("#screen .title")).to_be_focused()
    expect(here.page.locator("#status")).to_be_empty()


def test_a_long_name_fills_three_lines_of_its_tile_at_most(stage, fake_lean):
    fake_lean.bank(BANK)["name"] = LONG
    here = stage(viewport={"width": 390, "height": 844})
    here.open()
    name = here.page.locator(f".popular [value={BANK}] .name")
    lines = "name => name.clientHeight / parseFloat(getComputedStyle(name).lineHeight)"
    assert round(name.evaluate(lines)) == 3
    expect(name).to_have_attribute("title", LONG.strip())
    assert here.page.locator("#all [title]").count() == 0


def test_a_bank_that_cannot_be_chosen_is_not_suggested(stage, fake_lean):
    fake_lean.set_availability(BANK, active={"data": False})
    here = stage()
    here.open()
    expect(here.page.locator(".popular .row")).to_have_count(2)
    expect(here.page.locator(f"#all [value={BANK}]")).to_have_attribute("aria-disabled", "true")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_phone_on_its_side_shows_banks_without_scrolling(stage, language):
    here = stage(language, viewport={"width": 844, "height": 390}, has_touch=True)
    here.open()
    here.wait("form[data-ready]")
    tile = here.page.locator(".popular .row").first.bounding_box()
    assert tile["y"] + tile["height"] < 390


@pytest.mark.parametrize("state", ["opening-preset", "redirected"])
def test_a_chosen_bank_is_shown_by_its_logo(stage, state):
    here = stage()
    STATES[state][0](here)
    logo = here.page.locator("#screen .tile img")
    assert logo.evaluate("logo => logo.decode().then(() => logo.naturalWidth > 0)")
