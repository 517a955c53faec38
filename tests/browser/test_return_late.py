"""Back from the bank, what comes late still counts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from lean_flask import flow_closed
from support.browser import skip_pause

LOADER = "**/lean-link-loader*"
#: Appended to the loader: the window opens when the test says so.
HOLD = """;(() => {
  const open = Lean.captureRedirect;
  Lean.captureRedirect = (config) => { window.openLate = () => open(config); };
})()"""
#: In the loader's place: no window comes at all.
SILENT = "window.Lean = { captureRedirect() { window.isAsked = true; } }"


@pytest.fixture
def at_the_bank(stage):
    def go(kind="connect", here=None):
        here = here or stage()
        here.use_clock()
        here.stay()
        here.choose(kind)
        here.dialog.locator("[data-lean-end=REDIRECT]").click()
        here.page.locator("[data-bank-end=approve]").wait_for()
        return here

    return go


def hold_window(route):
    response = route.fetch()
    route.fulfill(response=response, body=response.text() + HOLD)


def test_the_outcome_of_a_window_that_opens_late_is_reported_and_shown(at_the_bank):
    closed = []

    def listen(sender, flow, data):
        closed.append(data.status)

    here = at_the_bank()
    page, heading = here.page, here.page.locator("#screen h1")
    page.route(LOADER, hold_window)
    with flow_closed.connected_to(listen, here.app):
        page.locator("[data-bank-end=approve]").click()
        page.wait_for_function("() => window.openLate")
        page.clock.run_for(4_500)
        expect(page.locator("#screen").get_by_role("link", name="Back to")).to_be_visible()
        page.evaluate("openLate()")
        here.dialog.locator("[data-lean-end=SUCCESS]").click()
        expect(heading).to_have_text("Your bank is connected")
        with page.expect_request("**/done?lean_status=SUCCESS&**"):
            skip_pause(page)
    assert closed == ["SUCCESS"]


def test_a_loader_that_comes_late_or_is_tried_again_asks_lean_after_all(at_the_bank):
    here, held = at_the_bank(), []
    page, heading = here.page, here.page.locator("#screen h1")
    page.route(LOADER, lambda route: held.append(route))
    with page.expect_request(LOADER), page.expect_response("**/lean/return?**"):
        page.locator("[data-bank-end=approve]").click(no_wait_after=True)
    page.clock.run_for(8_500)
    expect(heading).to_have_text("The secure window could not load")
    for route in held:
        route.continue_()
    success = here.dialog.locator("[data-lean-end=SUCCESS]")
    success.wait_for()
    expect(heading).to_have_text("Checking the result")
    page.unroute(LOADER)
    page.route(LOADER, lambda route: route.abort())
    page.reload()
    expect(heading).to_have_text("The secure window could not load")
    expect(page.get_by_role("link", name="Back to Qahwa")).to_be_visible()
    page.unroute(LOADER)
    page.get_by_role("button", name="Try again").click()
    success.click()
    expect(heading).to_have_text("Your bank is connected")


def test_without_a_window_the_page_promises_only_what_comes(at_the_bank):
    here = None
    for kind, words in (
        ("connect", "Go back to Qahwa to see the result."),
        ("pay", "Qahwa will confirm it as soon as the bank does."),
    ):
        here = at_the_bank(kind, here)
        page = here.page
        page.route(LOADER, lambda route: route.fulfill(body=SILENT, content_type="text/javascript"))
        page.locator("[data-bank-end=approve]").click()
        page.wait_for_function("() => window.isAsked")
        page.clock.run_for(4_500)
        expect(page.locator("#screen h1")).to_have_text("We could not see the result here")
        expect(page.locator("#screen p").first).to_have_text(words)
        page.unroute(LOADER)
        page.context.clear_cookies()  # the server knows of one flow under way, as a rule
