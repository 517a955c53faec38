"""The banks used before: kept in the browser, shown without moving the list."""

from __future__ import annotations

from playwright.sync_api import expect

from support.picker_stage import BANK
from support.picker_states import STATES


def saved_flow(here):
    return here.page.evaluate("sessionStorage.getItem('lean-picker:flow')")


def test_a_bank_used_before_is_remembered_here_and_forgotten_on_request(stage):
    """The flow is forgotten once it has ended well, and not before.

    Nothing goes on with it, and the next user of this browser has no business with it.
    """
    here = stage()
    STATES["cancelled"][0](here)
    assert saved_flow(here) is not None
    here.tap()
    here.dialog.locator("[data-lean-end=SUCCESS]").first.click()
    here.screen("check")
    assert saved_flow(here) is None
    here.open()
    recent = here.page.locator("#recent")
    expect(recent.locator(".row")).to_have_count(1)
    expect(recent.locator(".row")).to_have_attribute("value", BANK)
    recent.get_by_role("button", name="Clear").click()
    expect(recent).to_be_hidden()
    expect(here.page.locator("#query")).to_be_focused()
    here.page.reload()
    expect(here.page.locator("#recent")).to_be_hidden()


def test_who_has_used_none_does_not_wait_for_the_styles_of_a_long_list(stage):
    here = stage()
    here.page.add_init_script(
        """window.asked = 0;
        const styleOf = window.getComputedStyle;
        window.getComputedStyle = (...what) => (window.asked++, styleOf(...what));"""
    )
    here.open()
    here.wait("form[data-ready]")
    assert here.page.evaluate("window.asked") == 0


def test_banks_used_before_are_shown_for_the_type_that_is_chosen(stage):
    here = stage(settings={"account_types": ["PERSONAL", "BUSINESS"]})
    here.open()
    here.page.evaluate("""localStorage['lean-picker:recent'] = '["RJHI_BUSINESS_SAU"]'""")
    here.page.reload()
    expect(here.page.locator("#recent")).to_be_hidden()
    here.page.get_by_label("Business").check(force=True)
    expect(here.page.locator("#recent .row")).to_be_visible()


def test_a_script_that_is_late_holds_nothing_up(held_script):
    """The list is there after a second; the banks used before would move it, so they stay out."""
    here = held_script
    here.page.goto(f"{here.site}/lean/health")
    here.page.evaluate("""localStorage['lean-picker:recent'] = '["RIYAD_SAU"]'""")
    here.page.goto(f"{here.site}/connect/en", wait_until="commit")
    expect(here.page.get_by_role("heading", level=1)).to_be_visible()
    # Before the first paint there are no styles, and so nothing is hidden.
    here.page.wait_for_function("() => performance.getEntriesByType('paint').length > 0")
    expect(here.page.locator("section.all")).to_have_css("clip-path", "none")
    here.let.set()
    here.wait("form[data-ready]")
    expect(here.page.locator("#recent")).to_be_hidden()
    here.page.reload()
    expect(here.page.locator("#recent .row")).to_be_visible()


def test_what_a_browser_remembers_may_be_anything(stage):
    here = stage()
    here.open()
    for memory in ('"]x"', '["\\"]"]', "7", "{}", "[[]]"):
        here.page.evaluate("memory => { localStorage['lean-picker:recent'] = memory; }", memory)
        here.page.reload()
        here.search("rajhi")
        expect(here.page.locator("#all .row:visible")).to_have_count(1)
        here.search("")


def test_a_flow_that_has_ended_well_after_the_way_to_the_bank_is_forgotten(stage):
    here = stage()
    STATES["back-from-the-bank"][0](here)
    assert saved_flow(here) is None
