"""What is said about a choice: beside it, once, and gone with the next search."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from support.picker_stage import BANK


def cancelled(here):
    here.find("rajhi")
    here.tap()
    here.dialog.locator("[data-lean-end=CANCELLED]").click()
    expect(here.page.locator("#notice")).to_contain_text("You closed the secure window")


def not_available(here):
    here.find("rajhi")
    here.tap()
    expect(here.page.locator("#notice")).to_contain_text("Try again later")


def offline(here):
    here.page.route("**/launch?**", lambda route: route.abort(), times=1)
    here.find("rajhi")
    here.tap()
    expect(here.page.locator("#notice")).to_contain_text("Check your connection")


@pytest.mark.parametrize("words", [(offline, cancelled), (not_available,)])
def test_after_any_word_about_one_bank_another_can_be_searched_and_chosen(stage, words):
    here = stage()
    if not_available in words:
        here.fake.set_availability(BANK, active={"data": False})
    here.open()
    for word in words:
        word(here)
        here.find("riyad")
        expect(here.page.locator("#notice")).to_be_hidden()
        here.fake.launches.clear()
        here.page.locator("#all .row:visible").click()
        here.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
        [launch] = here.fake.launches
        assert launch["config"]["bank_identifier"] == "RIYAD_SAU"
        here.dialog.locator("[data-lean-end=CANCELLED]").click()


def test_a_word_in_the_full_list_is_not_copied_into_the_results(stage):
    here = stage()
    here.fake.set_availability(BANK, active={"data": False})
    here.open()
    here.tap()
    expect(here.page.locator("#notice")).to_be_visible()
    here.search("rajhi")
    expect(here.page.locator("#notice")).to_have_count(1)
    expect(here.page.locator("#notice")).to_be_hidden()


def test_what_went_wrong_is_said_where_it_is_seen(stage):
    here = stage(viewport={"width": 390, "height": 700})
    here.page.route("**/launch?**", lambda route: route.abort())
    for chosen in ("#all .row:not([aria-disabled]) >> nth=-1", ".unlisted button"):
        here.open()
        button = here.page.locator(chosen)
        button.evaluate("button => button.scrollIntoView({block: 'end'})")
        button.click()
        expect(here.page.locator("#notice")).to_be_in_viewport(ratio=0.9)
