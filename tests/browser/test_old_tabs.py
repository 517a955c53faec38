"""A page that is shown again: from the cache, in an old tab, after its link expired."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from support.picker_stage import BANK
from support.picker_states import STATES


def test_a_page_from_the_browsers_cache_is_a_list_again(stage):
    here = stage()
    STATES["redirected"][0](here)
    here.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(here.page.locator(f"#all [value={BANK}]")).to_be_focused()


def test_a_tab_left_open_shows_what_is_true_now(stage, fake_lean):
    here = stage(clock=True)
    here.open()
    event = fake_lean.set_availability(BANK, active={"data": False})
    fake_lean.send_webhook(f"{here.site}/lean/webhooks", event)
    row = here.page.locator(f"#all [value={BANK}]")
    expect(row).not_to_have_attribute("aria-disabled", "true")
    here.page.clock.run_for(301_000)
    here.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(row).to_have_attribute("aria-disabled", "true")


def test_a_tab_in_which_something_was_typed_is_left_alone(stage):
    here = stage(clock=True)
    here.open()
    here.search("rajhi")
    here.page.clock.run_for(301_000)
    here.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    here.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(here.page.locator("#query")).to_have_value("rajhi")


def test_a_link_that_expired_meanwhile_says_so_at_the_tap(stage):
    here = stage()
    STATES["expired"][0](here)
    expect(here.page.locator("h1")).to_have_text("This link has expired")
    back = here.page.get_by_role("link", name="Back to Qahwa")
    assert re.fullmatch(r"/done\?lean_status=ERROR&lean_flow=.+", back.get_attribute("href"))


REDIRECTED = """() => {
  const flow = new URLSearchParams(location.search).get("flow");
  const data = {status: "REDIRECT", open_banking_redirect_url: "https://bank.example/"};
  sessionStorage["lean-picker:report"] = JSON.stringify({flow, data});
}"""


def test_a_tab_that_was_loaded_again_learns_what_became_of_the_flow(stage):
    here = stage(clock=True)
    here.page.add_init_script(f"({REDIRECTED})()")  # as the page before has left it
    with here.page.expect_response("**/callback?**"):
        here.open("pay")
    expect(here.page.get_by_role("link", name="Open your bank")).to_be_visible()
    here.hear("ACCEPTED_BY_BANK")
    here.page.clock.run_for(3_100)
    expect(here.page.locator("#word")).to_have_text("Your bank has confirmed the payment.")


SHOW = """isShown => {
  Object.defineProperty(document, "hidden", { get: () => !isShown, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_tab_that_was_left_before_leans_window_came_has_a_way_on(stage):
    here = stage(clock=True)
    page = here.page
    here.open()
    page.wait_for_function("() => window.Lean")
    page.evaluate("() => { Lean.connect = (config) => { window.config = config; }; }")
    here.tap()
    page.wait_for_function("() => window.config")
    page.clock.run_for(1_000)
    page.evaluate(SHOW, False)
    page.clock.run_for(60_000)
    page.evaluate(SHOW, True)
    page.clock.run_for(1_000)
    expect(page.locator("#screen")).to_be_hidden()  # it may only be about to come
    page.clock.run_for(3_000)
    expect(page.locator("#screen h1")).to_have_text("The secure window did not open")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
