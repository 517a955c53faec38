"""The account type that was chosen stays chosen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

BUSINESS = "[name=type][value=BUSINESS]"
TYPE_IS_KEPT = re.compile("type=BUSINESS")


@pytest.fixture
def here(stage):
    return stage(settings={"account_types": ["PERSONAL", "BUSINESS"]})


def is_business(here, language):
    here.wait(f"html[lang={language}] form[data-ready]")
    expect(here.page.locator(BUSINESS)).to_be_checked()
    expect(here.page.locator("#all [data-type=BUSINESS]").first).to_be_visible()
    expect(here.page.locator("#all [data-type=PERSONAL]").first).to_be_hidden()


def test_in_the_other_language_by_the_way_back_and_in_a_new_page(here):
    here.open()
    page = here.page
    page.locator(".switch label").nth(1).click()
    is_business(here, "en")
    expect(page).to_have_url(TYPE_IS_KEPT)
    page.get_by_role("button", name="العربية").click()
    is_business(here, "ar")
    page.go_back()
    is_business(here, "en")
    page.goto(page.url)  # as Firefox, which keeps no page that must not be stored
    is_business(here, "en")


def test_what_was_chosen_before_the_script_of_the_list_is_there_stays_chosen(here):
    held = []
    here.page.route("**/bank-list.js?*", lambda route: held.append(route))
    here.open()
    here.page.locator(".switch label").nth(1).click()
    here.wait("form[data-ready]")
    held[0].continue_()
    expect(here.page).to_have_url(TYPE_IS_KEPT)


def test_a_page_of_the_host_keeps_its_own_address(here):
    here.open("embedded")
    here.wait("form[data-ready]")
    before = here.page.url
    here.page.locator(".switch label").nth(1).click()
    expect(here.page.locator("#all [data-type=BUSINESS]").first).to_be_visible()
    assert here.page.url == before
