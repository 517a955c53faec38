"""Keys, screen readers, sizes and what the visitor's system asks for."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from lean_flask.testing.data.banks import many_banks
from support.picker_stage import BANK
from support.picker_states import STATES


def focused(page):
    return page.evaluate("document.activeElement.value ?? document.activeElement.id")


def test_the_list_is_walked_by_arrows_and_the_box_by_escape(stage):
    here = stage()
    here.open()
    page = here.page
    press = page.keyboard.press
    first, *_, last = page.locator(".row:visible").evaluate_all("rows => rows.map(r => r.value)")
    expect(page.locator("#query")).to_be_focused()
    press("ArrowDown")
    assert focused(page) == first
    press("End")
    assert focused(page) == last
    press("ArrowDown")
    assert focused(page) == last
    press("Home")
    assert focused(page) == first
    press("ArrowUp")
    expect(page.locator("#query")).to_be_focused()
    page.keyboard.type("rajhi")
    press("Home")  # still moves in the box
    press("Escape")
    assert page.locator("#query").input_value() == ""
    assert page.locator("#all .row:visible").count() > 10


def test_the_count_is_announced_once_typing_pauses(stage):
    here = stage("ar", clock=True)
    here.open()
    here.search("السعودي")
    expect(here.page.locator("#status")).to_be_empty()
    here.page.clock.run_for(600)
    expect(here.page.locator("#status")).to_have_text("4 نتائج")
    here.search("قققق")
    here.page.clock.run_for(600)
    expect(here.page.locator("#status")).to_contain_text("لم نجد بنكًا باسم «قققق»")


def test_enter_launches_only_the_only_one(stage, fake_lean):
    here = stage()
    here.open()
    here.search("bank")
    here.page.keyboard.press("Enter")
    assert here.page.locator("#all .row:visible").count() > 1
    assert fake_lean.launches == []
    here.search("rajhi")
    here.page.keyboard.press("Enter")
    here.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    assert fake_lean.launches[-1]["config"]["bank_identifier"] == BANK


def test_every_bank_is_found_and_is_there_again_when_the_box_is_cleared(stage, fake_lean):
    fake_lean.banks = many_banks(120, "sa", fake_lean.url)
    here = stage(clock=True)
    here.open()
    before = here.page.locator("#all .name").all_text_contents()
    here.search("bank")
    here.page.clock.run_for(600)
    assert sorted(here.page.locator("#all .name").all_text_contents()) == sorted(before)
    here.search("")
    assert here.page.locator("#all .name").all_text_contents() == before


def test_rows_are_large_enough_and_nothing_shifts(stage):
    names = {"host_name": "Qahwa Specialty Coffee Roasters International"}
    here = stage(viewport={"width": 320, "height": 640}, has_touch=True, settings=names)
    here.page.add_init_script(
        """window.shifted = 0; new PerformanceObserver((list) => list.getEntries().forEach(
           (entry) => { window.shifted += entry.value; }))
           .observe({type: "layout-shift", buffered: true})"""
    )
    STATES["used-before"][0](here)
    heights = here.page.locator(".row:visible").evaluate_all(
        "rows => rows.map(row => row.getBoundingClientRect().height)"
    )
    assert min(heights) >= 48
    assert here.page.evaluate("window.shifted") == 0
    lines = here.page.locator("[name=lang]").evaluate(
        "link => { const text = document.createRange(); text.selectNodeContents(link);"
        " return text.getClientRects().length; }"
    )
    assert lines == 1  # one word, beside however long a name


def test_forced_colours_and_reduced_motion_are_heard(stage):
    here = stage(forced_colors="active", reduced_motion="reduce")
    here.open()
    style = here.page.locator("#all .row").first.evaluate(
        "row => getComputedStyle(row).borderTopWidth"
    )
    spin = here.page.locator(".spinner").evaluate(
        "part => getComputedStyle(part).animationDuration"
    )
    assert (style, spin) == ("1px", "3s")


def test_a_broken_logo_gives_way_to_initials(stage, fake_lean):
    for bank in fake_lean.banks:
        bank["logo"] = bank["logo_alt"] = f"{fake_lean.url}/no-such-logo.png"
    here = stage()
    here.open()
    tile = here.page.locator(f"#all [value={BANK}] .tile")
    expect(tile.locator("img")).to_have_count(0)
    assert tile.locator("text").evaluate("text => getComputedStyle(text).visibility") == "visible"


def test_what_is_announced_of_a_bank_begins_with_its_name(stage, fake_lean):
    fake_lean.set_availability("ALJAZIRA_SAU", active={"data": False})  # it has no logo
    here = stage()
    here.open()
    here.page.locator("#all [value=ALJAZIRA_SAU]").click(force=True)
    expect(here.page.locator("#status")).to_have_text(re.compile("^Bank AlJazira"))


def test_no_row_is_under_the_search_box_when_it_has_the_focus(stage):
    here = stage(viewport={"width": 390, "height": 844})
    here.open()
    press = here.page.keyboard.press
    press("ArrowDown")
    press("End")
    bar = here.page.locator(".search-bar").bounding_box()
    tops = []
    for _ in range(12):
        press("ArrowUp")
        tops.append(here.page.evaluate("document.activeElement.getBoundingClientRect().top"))
    assert min(tops) >= bar["height"]
