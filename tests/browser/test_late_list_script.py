"""The script that searches the list comes after the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

SCRIPT = "**/bank-list.js?*"
#: A clock by which each look at it is a millisecond later: a slice has few steps.
SLICES_OF_FEW_STEPS = "let now = 0; performance.now = () => (now += 1);"


@pytest.fixture
def here(stage):
    return stage()


def test_what_was_typed_before_it_is_searched_for_once_it_is_there(here):
    held = []
    here.page.route(SCRIPT, lambda route: held.append(route))
    here.open()
    here.wait("form[data-ready]")
    here.search("rajhi")
    here.page.keyboard.press("Enter")
    expect(here.page.locator("#all [value=SNB_SAU]")).to_be_visible()
    held[0].continue_()
    here.dialog.locator("[data-lean-end=ERROR]").first.wait_for()  # of the one bank that is left


def test_it_is_asked_for_again_when_something_is_typed(here):
    here.page.route(SCRIPT, lambda route: route.abort())
    here.open()
    here.wait("form[data-ready]")
    here.search("rajhi")
    expect(here.page.locator("#notice")).to_contain_text("Check your connection")
    here.page.unroute(SCRIPT)
    here.search("riyad")
    expect(here.page.locator("#all [value=RIYAD_SAU]")).to_be_visible()
    expect(here.page.locator("#all [value=SNB_SAU]")).to_have_count(0)
    expect(here.page.locator("#notice")).to_be_hidden()


def test_without_it_a_bank_is_chosen_all_the_same(here):
    here.page.route(SCRIPT, lambda route: route.abort())
    here.choose()
    expect(here.page.locator("#notice")).to_be_hidden()


def test_a_letter_is_shown_before_the_names_of_a_long_list_are_prepared(here):
    here.page.add_init_script(SLICES_OF_FEW_STEPS)
    here.open()
    here.page.locator("#all + ul").wait_for(state="attached")  # the script is there
    marked_at_once = here.page.locator("#query").evaluate(
        """box => {
          box.value = "rajhi";
          box.dispatchEvent(new Event("input", { bubbles: true }));
          return document.querySelectorAll("mark").length;
        }"""
    )
    assert marked_at_once == 0
    expect(here.page.locator("#all .row")).to_have_count(1)
    expect(here.page.locator("#all [value=RJHI_SAU] mark")).to_have_text(["Rajhi"])


def test_enter_does_not_wait_for_that(here):
    here.page.add_init_script(SLICES_OF_FEW_STEPS)
    here.open()
    here.page.locator("#all + ul").wait_for(state="attached")
    here.page.locator("#query").evaluate(
        """box => {
          box.value = "rajhi";
          box.dispatchEvent(new Event("input", { bubbles: true }));
          box.form.requestSubmit(document.querySelector("#enter"));
        }"""
    )
    here.dialog.locator("[data-lean-end=ERROR]").first.wait_for()  # of the one bank that is left
