"""The screens after the choice come after the page; an end is shown whatever becomes of them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from lean_flask.testing import faults
from support.picker_states import STATES

SCREENS = "**/screens?**"
UNLOADED = "This page did not load completely"
FAILURES = {
    "aborted": lambda route: route.abort(),
    "500": lambda route: route.fulfill(status=500),
    "a login": lambda route: route.fulfill(body="<h1>Log in</h1>", content_type="text/html"),
}


@pytest.fixture
def timed(stage):
    return stage(clock=True)


def heading(stage):
    return stage.page.locator("#screen h1")


def load_again(stage):
    stage.page.unroute(SCREENS)
    stage.page.get_by_role("button", name="Load again").click()


def test_screens_that_failed_are_asked_for_again_when_one_is_needed(timed):
    answers = iter([FAILURES["500"], FAILURES["aborted"]])
    timed.page.route(SCREENS, lambda route: next(answers, lambda other: other.continue_())(route))
    timed.end("SUCCESS")
    expect(heading(timed)).to_have_text("Your bank is connected")


def test_an_end_without_its_screen_has_a_plain_one_and_the_way_on(timed):
    for fail in FAILURES.values():
        timed.page.route(SCREENS, fail)
        timed.end("SUCCESS", "checkout")
        expect(heading(timed)).to_have_text(UNLOADED)
        expect(heading(timed)).to_be_focused()
        back = timed.page.locator("#screen").get_by_role("link", name="Back to Qahwa")
        expect(back).to_have_attribute("href", re.compile("lean_status=SUCCESS"))
        load_again(timed)
        expect(heading(timed)).to_have_text("Your payment has been submitted")
        expect(timed.page.locator("#screen dl")).to_contain_text("SAR 250.50")
        expect(timed.page.locator("#word")).to_have_attribute("data-word", "waiting")


def test_a_success_without_its_screen_goes_on_to_the_host(timed):
    timed.page.route(SCREENS, FAILURES["aborted"])
    timed.end("SUCCESS")
    expect(heading(timed)).to_have_text(UNLOADED)
    with timed.page.expect_request("**/done?lean_status=SUCCESS&**"):
        timed.page.clock.run_for(5_000)


def test_a_screen_that_comes_late_takes_the_place_of_the_plain_one(timed):
    held = []
    timed.page.route(SCREENS, lambda route: held.append(route))
    with timed.page.expect_response("**/callback?**"):
        timed.end("ERROR")
    timed.page.clock.run_for(2_000)  # the failure could still be followed by the way to the bank
    timed.page.clock.run_for(2_000)
    expect(heading(timed)).to_have_text(UNLOADED)
    assert len(held) == 1
    held[0].continue_()
    expect(heading(timed)).to_have_text("Check your details")


def test_the_plain_screen_has_the_way_to_the_bank(stage):
    here = stage()
    here.page.route(SCREENS, FAILURES["aborted"])
    STATES["redirected"][0](here)
    link = here.page.get_by_role("link", name="Open your bank")
    expect(link).to_have_attribute("href", "https://bank.example/approve")


def test_the_plain_screen_goes_once_the_network_is_back(stage):
    here = stage()
    here.page.route(SCREENS, FAILURES["aborted"])
    here.end("ERROR")
    expect(heading(here)).to_have_text(UNLOADED)
    here.page.unroute(SCREENS)
    here.page.evaluate("dispatchEvent(new Event('online'))")
    expect(heading(here)).to_have_text("Check your details")


def test_a_blocked_loader_is_said_once_the_screen_is_there(stage):
    here = stage()
    here.fake.fault("loader", faults.Status(403))
    here.page.route(SCREENS, FAILURES["500"])
    here.open()
    here.tap()
    expect(heading(here)).to_have_text(UNLOADED)
    load_again(here)
    expect(heading(here)).to_have_text("The secure window could not load")


def test_they_come_where_a_page_of_the_host_makes_no_html_of_a_text(stage):
    here = stage()
    policy = "require-trusted-types-for 'script'; trusted-types default"
    scripts_only = "trustedTypes.createPolicy('default', { createScriptURL: (url) => url })"

    @here.app.get("/strict")
    def strict():
        page = here.app.view_functions["embedded"]("en")
        strict_page = page.replace("<title>", f"<script>{scripts_only}</script><title>")
        return strict_page, {"Content-Security-Policy": policy}

    here.stay()
    here.page.goto(f"{here.site}/strict")
    here.tap()
    here.dialog.locator("[data-lean-end=SUCCESS]").click()
    expect(here.page.locator("#screen h2").first).to_have_text("Your bank is connected")
    expect(here.page.locator("#screen dl")).to_contain_text("Al Rajhi Bank")
