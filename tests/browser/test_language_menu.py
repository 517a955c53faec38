"""A third language in the browser: the menu, what stays after a change, and Urdu's lines."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from support.paths import ROOT
from support.picker_states import STATES

THREE = {
    "languages": ("en", "ar", "ur"),
    "translations": ROOT / "tests" / "support" / "translations",
    "account_types": ["PERSONAL", "BUSINESS"],
}
SMALL = {"width": 320, "height": 640}


def test_the_menu_is_used_by_keys_and_what_was_typed_stays(stage):
    here = stage(settings=THREE, viewport=SMALL)
    here.open()
    page, press = here.page, here.page.keyboard.press
    page.locator("[value=BUSINESS]").check()
    here.search("rajhi")
    menu, opener = page.locator("#language"), page.locator("#language summary")
    expect(opener).to_have_accessible_name("Language: English")
    opener.focus()
    press("Enter")
    expect(menu).to_have_attribute("open", "")
    press("Tab")
    press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(opener).to_be_focused()
    press("Enter")
    press("Tab")
    press("Tab")
    expect(page.get_by_role("button", name="اردو")).to_be_focused()
    press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "ur")
    expect(page.locator("#query")).to_have_value("rajhi")
    expect(page.locator("#all mark").first).to_have_text("Rajhi")
    expect(page.locator("[value=BUSINESS]")).to_be_checked()
    assert "rajhi" not in page.url
    page.reload()
    expect(page.locator("#query")).to_have_value("")


def test_a_click_elsewhere_closes_the_menu(stage):
    here = stage(settings=THREE)
    here.open()
    here.page.locator("#language summary").click()
    here.page.locator("h1").click()
    expect(here.page.locator("#language")).not_to_have_attribute("open", "")


def test_the_menu_works_without_script(stage):
    here = stage(settings=THREE, java_script_enabled=False)
    here.open()
    here.page.locator("#language summary").click()
    here.page.get_by_role("button", name="اردو").click()
    expect(here.page.locator("html")).to_have_attribute("dir", "rtl")


@pytest.mark.parametrize("state", ["list", "no-result", "refused-at-the-tap", "nothing-opened"])
def test_urdu_has_room_for_its_lines_and_none_beside_the_page(stage, state):
    here = stage("ur", settings=THREE, viewport=SMALL)
    STATES[state][0](here)
    measures = here.page.locator(".title:visible, .intro:visible, .link:visible").evaluate_all(
        "parts => parts.map(part => { const style = getComputedStyle(part);"
        " return parseFloat(style.lineHeight) / parseFloat(style.fontSize); })"
    )
    assert min(measures) >= 1.9
    assert here.page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
