"""What the host asks for, and the screen of a flow that asks nothing, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from support.picker_states import STATES


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_is_asked_opens_by_key_and_leaves_the_search_in_sight(stage, language):
    here = stage(language, viewport={"width": 390, "height": 664}, has_touch=True)
    here.open()
    page = here.page
    summary = page.locator("summary")
    inside = page.locator("details li").first
    expect(inside).to_be_hidden()
    search = page.locator("#query").bounding_box()
    assert search["y"] + search["height"] < 664 / 2
    assert summary.bounding_box()["height"] >= 44
    summary.focus()
    page.keyboard.press("Enter")
    expect(inside).to_be_visible()
    page.keyboard.press("Space")
    expect(inside).to_be_hidden()


def test_a_flow_that_asks_nothing_says_who_and_what_and_can_be_cancelled(stage):
    here = stage()
    STATES["opening-preset"][0](here)
    screen = here.page.locator("#screen")
    expect(screen.locator("h1")).to_have_text("Opening Al Rajhi Bank…")
    expect(screen).to_contain_text("Link your account to Qahwa.")
    expect(screen).to_contain_text("You continue in Lean’s secure window.")
    expect(screen.locator(".spinner")).to_be_visible()
    screen.locator("summary").click()
    expect(screen.get_by_text("Your accounts and their numbers")).to_be_visible()
    expect(here.page.locator("#opening")).to_be_hidden()
    screen.get_by_role("button", name="Cancel").click()
    expect(screen).to_be_hidden()
    expect(here.page.locator("#all .row").first).to_be_visible()


def test_while_it_opens_there_is_one_way_to_cancel(stage):
    here = stage(clock=True)
    STATES["opening-preset"][0](here)
    here.page.clock.run_for(6_000)
    expect(here.page.get_by_role("button", name="Cancel")).to_have_count(1)


def test_without_scripts_it_does_not_say_that_it_opens(stage):
    here = stage(java_script_enabled=False)
    here.open("preset")
    shown = here.page.locator("#screen h1:visible")
    expect(shown).to_have_text("The next step needs JavaScript")
    expect(here.page).to_have_title("Al Rajhi Bank – Qahwa")
    expect(here.page.locator("#screen .spinner")).to_be_hidden()
    expect(here.page.locator("#screen [data-action=cancel]")).to_be_hidden()
    expect(here.page.locator("#screen summary")).to_be_visible()
    # The page of a bank that the host has chosen would be this one again.
    expect(here.page.get_by_role("button", name="Back to the banks")).to_have_count(0)


@pytest.mark.parametrize("has_scripts", [True, False], ids=["blocked", "off"])
def test_a_choice_can_be_taken_back_without_our_script(stage, has_scripts):
    here = stage(java_script_enabled=has_scripts)
    here.page.route("**/picker*.js*", lambda route: route.abort())
    here.open()
    here.tap()
    name = "Cancel" if has_scripts else "Back to the banks"
    here.page.get_by_role("button", name=name).click()
    expect(here.page.locator("#all .row").first).to_be_visible()
