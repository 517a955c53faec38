"""The search box: a button to clear it, what Enter does, and what a phone is told."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from support.picker_stage import BANK

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def box(stage):
    """A page with the list, and its search box."""

    def make(**options):
        here = stage(**options)
        here.open()
        here.wait("form[data-ready]")
        return here, here.page.locator("#query")

    return make


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_box_is_cleared_by_a_button_of_its_own(box, language):
    here, query = box(language=language, **PHONE)
    clear = here.page.locator(".search-bar button")
    expect(clear).to_be_hidden()
    here.search("riyad")
    expect(here.page.locator("#all .row")).to_have_count(1)
    size, field = clear.bounding_box(), query.bounding_box()
    assert min(size["width"], size["height"]) >= 44
    assert field["x"] <= size["x"] <= field["x"] + field["width"] - size["width"]
    beside = size["x"] - 8 if language == "en" else size["x"] + size["width"] + 8
    here.page.mouse.click(
        beside, size["y"] + size["height"] / 2
    )  # where the browser's own would be
    expect(query).to_have_value("riyad")
    clear.tap()
    expect(query).to_be_focused()
    expect(query).to_have_value("")
    expect(clear).to_be_hidden()
    assert here.page.locator("#all .row:visible").count() > 10


def test_the_box_is_cleared_before_the_script_of_the_search_is_there(stage):
    here = stage()
    here.page.route("**/bank-list.js?*", lambda route: None)
    here.open()
    here.wait("form[data-ready]")
    here.search("riyad")
    here.page.get_by_role("button", name="Clear").click()
    expect(here.page.locator("#query")).to_have_value("")


def test_a_phone_leaves_the_short_names_of_banks_as_they_are(box):
    _, query = box(**PHONE)
    for name, value in {
        "autocapitalize": "none",
        "autocomplete": "off",
        "autocorrect": "off",
        "enterkeyhint": "search",
        "spellcheck": "false",
    }.items():
        expect(query).to_have_attribute(name, value)


def test_enter_goes_to_the_first_of_several_banks_and_presses_none(box):
    here, _ = box()
    here.search("bank")
    here.page.keyboard.down("Enter")
    expect(here.page.locator("#all .row").first).to_be_focused()
    here.page.keyboard.down("Enter")  # held, so it repeats
    expect(here.page.locator("[aria-busy=true]")).to_have_count(0)
    here.page.keyboard.up("Enter")
    here.page.keyboard.press("Enter")
    here.dialog.locator("[data-lean-end=SUCCESS]").wait_for()


def test_enter_says_why_the_one_bank_cannot_be_used(box, fake_lean):
    fake_lean.set_availability(BANK, active={"data": False})
    here, query = box()
    here.search("rajhi")
    query.press("Enter")
    expect(here.page.locator("#notice")).to_contain_text("Try again later")
    expect(here.page.locator("#status")).to_contain_text("Try again later")


def test_enter_says_again_that_no_bank_was_found(box):
    here, query = box(clock=True)
    here.search("qqqq")
    here.page.clock.run_for(600)
    status = here.page.locator("#status")
    expect(status).to_contain_text("No bank matches")
    status.evaluate("status => { status.textContent = '' }")
    query.press("Enter")
    expect(status).to_contain_text("No bank matches")


@pytest.mark.parametrize("typed", ["bank", "qqqq", "rajhi", ""])
def test_enter_puts_the_keyboard_of_a_phone_away(box, typed):
    here, query = box(**PHONE)
    query.tap()
    query.fill(typed)
    query.press("Enter")
    expect(query).not_to_be_focused()
    if typed != "rajhi":
        expect(here.page.locator("body")).to_be_focused()
