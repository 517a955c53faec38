"""The script that searches the list comes after the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

SCRIPT = "**/bank-list.js?*"


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
