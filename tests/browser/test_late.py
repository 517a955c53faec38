"""Nothing stays on the page that a later event contradicts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from support.browser import wait_until_reported
from support.picker_stage import BANK
from support.picker_states import STATES
from support.redis_server import until

NO_WINDOW = (
    "() => { window.later = Lean.connect; Lean.connect = (config) => { window.config = config; } }"
)


@pytest.fixture
def timed(stage):
    return stage(clock=True)


def test_a_loader_that_comes_late_takes_the_place_of_the_blocked_screen(timed, fake_lean):
    held = []
    timed.page.route("**/lean-link-loader*", lambda route: held.append(route))
    timed.page.goto(f"{timed.site}/connect/en", wait_until="commit")
    timed.tap()
    timed.page.clock.run_for(8_500)
    expect(timed.page.locator("#screen h1")).to_have_text("The secure window could not load")
    for route in held:
        route.continue_()
    timed.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    assert [launch["config"]["bank_identifier"] for launch in fake_lean.launches] == [BANK]


def test_a_window_or_a_success_that_comes_late_takes_the_place_of_what_was_shown(timed):
    page = timed.page
    timed.open()
    page.wait_for_function("() => window.Lean")
    page.evaluate(NO_WINDOW)
    timed.tap()
    page.wait_for_function("() => window.config")
    page.clock.run_for(4_500)
    expect(page.locator("#screen h1")).to_have_text("The secure window did not open")
    page.evaluate("later(config)")
    timed.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    page.clock.run_for(500)
    expect(page.locator("#screen")).to_be_hidden()

    # On with another launch: a success after a failure is shown, a failure after a success is not.
    timed.stay()
    timed.dialog.locator("[data-lean-end=CANCELLED]").click()
    expect(page.locator("#notice")).to_be_visible()
    page.evaluate("delete window.config")
    timed.tap()
    page.wait_for_function("() => window.config")
    page.evaluate("config.callback({status: 'ERROR'})")
    page.clock.run_for(2_000)
    expect(page.locator("#screen h1")).to_have_text("We could not finish this")
    page.evaluate("config.callback({status: 'SUCCESS'})")
    expect(page.locator("#screen h1")).to_have_text("Your bank is connected")
    page.evaluate("config.callback({status: 'ERROR'})")
    page.clock.run_for(2_000)
    expect(page.locator("#screen h1")).to_have_text("Your bank is connected")


def test_the_word_about_the_connection_goes_when_it_is_back(stage):
    here = stage()
    STATES["offline"][0](here)
    here.page.evaluate("dispatchEvent(new Event('online'))")
    expect(here.page.locator("#notice")).to_be_hidden()


def test_the_page_behind_leans_window_is_quiet_and_out_of_reach(timed):
    timed.choose()
    timed.page.clock.run_for(6_000)
    expect(timed.page.locator("#opening")).to_be_hidden()
    expect(timed.page.locator("#status")).to_be_empty()
    expect(timed.page.locator("#lean-picker")).to_have_js_property("inert", True)
    timed.dialog.locator("[data-lean-end=CANCELLED]").click()
    expect(timed.page.locator(f"#all [value={BANK}]")).to_be_focused()
    expect(timed.page.locator("#lean-picker")).to_have_js_property("inert", False)


def test_a_window_that_vanishes_without_a_word_leaves_the_list(timed):
    timed.open()
    for open_for in (1_000, 3_500):  # in ms; after four seconds it would not have opened
        timed.tap()
        timed.dialog.locator("[data-lean-end=ERROR]").first.wait_for()
        timed.page.clock.run_for(open_for)
        timed.dialog.locator("[data-lean-end=SILENT]").click()
        timed.page.clock.run_for(1_000)
        expect(timed.page.locator("#screen")).to_be_hidden()
        timed.page.clock.run_for(1_500)
        expect(timed.page.locator("#lean-picker")).to_have_js_property("inert", False)
        expect(timed.page.locator(f"#all [value={BANK}]")).to_be_focused()


def test_a_window_whose_document_never_comes_can_be_cancelled(timed):
    page = timed.page
    held = []
    page.route("**/stand-in/dialog", lambda route: held.append(route))
    timed.open()
    timed.tap()
    page.locator("#lean-stand-in").wait_for()
    page.clock.run_for(6_000)
    expect(page.locator("#lean-picker")).to_have_js_property("inert", False)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#lean-stand-in")).to_have_count(0)
    expect(page.locator("#opening")).to_be_hidden()
    expect(page.locator(f"#all [value={BANK}]")).to_be_focused()
    page.unroute("**/stand-in/dialog")
    timed.tap()
    timed.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    page.clock.run_for(500)
    expect(page.locator("#opening")).to_be_hidden()
    expect(page.locator("#lean-picker")).to_have_js_property("inert", True)


def test_each_screen_names_the_tab_and_an_end_offers_no_other_language(timed):
    page = timed.page
    switch = page.get_by_role("button", name="العربية")
    timed.open()
    expect(page).to_have_title("Choose your bank – Qahwa")
    expect(switch).to_be_visible()
    with page.expect_response("**/callback?**"):
        timed.end("ERROR")
    wait_until_reported(page)
    page.clock.run_for(2_000)
    expect(page).to_have_title("Check your details – Qahwa")
    expect(switch).to_be_hidden()  # the page in another language would not show the end
    page.get_by_role("button", name="Choose another bank").click()
    expect(page).to_have_title("Choose your bank – Qahwa")
    expect(switch).to_be_visible()
    assert page.locator("link[rel=icon]").get_attribute("href") == "data:,"
    timed.tap()
    timed.dialog.locator("[data-lean-end=SUCCESS]").click()
    timed.wait("[data-state=success]")
    expect(switch).to_be_hidden()
    page.reload()
    expect(page.locator("h1")).to_have_text("This is already done")
    expect(page.locator(".screen > .icon-check")).to_be_visible()


# --- what happened in another tab -------------------------------------------------------------


@pytest.fixture
def two_tabs(timed):
    """The first tab is at the bank; a function that reports from the second."""
    STATES["redirected"][0](timed)
    token = timed.page.locator("[name=flow]").input_value()

    def report(**data):
        body = {"flow": token, "data": data}
        return timed.page.context.request.post(f"{timed.site}/lean/callback", data=body)

    return timed, report


def test_the_first_tab_learns_of_a_success_in_the_second(two_tabs):
    here, report = two_tabs
    here.stay()
    here.page.clock.run_for(3_500)
    expect(here.page.locator("#screen h1")).to_have_text("Continue at Al Rajhi Bank")
    assert report(status="SUCCESS").ok
    here.page.clock.run_for(3_500)
    expect(here.page.locator("#screen h1")).to_have_text("Your bank is connected")
    href = here.page.get_by_role("link", name="Continue").get_attribute("href")
    assert "/done?lean_status=SUCCESS&lean_flow=" in href


def test_the_first_tab_learns_of_a_failure_at_once_when_it_is_seen(two_tabs):
    here, report = two_tabs
    assert report(status="ERROR").ok
    here.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(here.page.locator("#screen h1")).to_have_text("We could not finish this")
    expect(here.page.get_by_role("button", name="Try again")).to_be_visible()


# --- leaving --------------------------------------------------------------------------------

USES = {
    "a pointer": lambda page: page.mouse.click(5, 5),
    "a key": lambda page: page.keyboard.press("Shift"),
    "the wheel": lambda page: page.mouse.wheel(0, 5),
    "focus": lambda page: page.get_by_role("link", name="Continue").focus(),
}
NOTE_USE = """for (const name of ["pointerdown", "keydown", "wheel", "focusin"])
  addEventListener(name, () => { window.wasUsed = true; }, true);"""


def test_a_success_that_is_read_does_not_leave(timed):
    asked = []
    timed.page.on("request", lambda request: asked.append(request.url))
    for use in USES.values():
        timed.end("SUCCESS")
        expect(timed.page.locator("#word")).to_be_visible()
        timed.page.mouse.move(5, 5)
        timed.page.evaluate(NOTE_USE)
        use(timed.page)
        until(lambda: timed.page.evaluate("window.wasUsed"), 10)  # a wheel turns some time later
        expect(timed.page.locator("#leaving")).to_be_hidden()
        asked.clear()
        timed.page.clock.run_for(11_000)
        timed.page.clock.run_for(5_000)
        timed.page.evaluate("fetch('/after').catch(() => {})")
        left = [url for url in asked if "/flows/" not in url]  # which is for the bank's word
        assert [url.rpartition("/")[2] for url in left] == ["after"]
