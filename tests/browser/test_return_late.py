"""Back from the bank, what comes late still counts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from lean_flask import flow_closed

LOADER = "**/lean-link-loader*"
#: Appended to the loader: the window opens when the test says so.
HOLD = """;(() => {
  const open = Lean.captureRedirect;
  Lean.captureRedirect = (config) => { window.openLate = () => open(config); };
})()"""


@pytest.fixture
def at_the_bank(stage):
    def go(language="en"):
        here = stage(language)
        here.page.clock.install()
        here.page.route("**/done?**", lambda route: route.fulfill(status=204))  # stay
        here.choose()
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
            page.clock.run_for(5_000)
    assert closed == ["SUCCESS"]
