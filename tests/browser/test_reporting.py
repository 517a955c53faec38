"""The server learns how a flow ended, whatever the network does meanwhile."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from lean_flask import flow_closed
from support.browser import pass_time_until_reported, skip_pause
from support.redis_server import until

CALLBACK = "**/callback?**"


@pytest.fixture
def told(stage):
    """A stage with a clock of its own, and what its host is told."""
    here = stage(clock=True)
    statuses = []

    def listen(sender, flow, data):
        statuses.append(data.status)

    with flow_closed.connected_to(listen, here.app):
        yield here, statuses


FAILURES = {
    "offline": lambda route: route.abort(),
    "server error": lambda route: route.fulfill(status=502, body="bad gateway"),
}


def test_a_success_that_could_not_be_reported_is_reported_again(told):
    here, statuses = told
    page = here.page
    for fail in FAILURES.values():
        statuses.clear()
        page.route(CALLBACK, fail, times=3)
        here.end("SUCCESS")
        screen = page.locator("#screen")
        expect(screen.locator("h1")).to_have_text("Your bank is connected")
        expect(screen).to_contain_text("The result has not reached")
        href = page.get_by_role("link", name="Continue").get_attribute("href")
        assert "/done?lean_status=SUCCESS&lean_flow=" in href
        pass_time_until_reported(page)
        assert statuses == ["SUCCESS"]
        here.stay(False)
        skip_pause(page)
        page.wait_for_url("**/done?lean_status=SUCCESS&lean_flow=*")


def test_a_reload_before_the_server_knows_goes_on_with_the_report(told):
    here, statuses = told
    page, serve, is_down = here.page, here.app.wsgi_app, False

    def serve_or_fail(environ, start_response):  # beacons, too, which no route of the page meets
        if is_down and environ["PATH_INFO"].endswith("/callback"):
            start_response("502 Bad Gateway", [])
            return []
        return serve(environ, start_response)

    here.app.wsgi_app = serve_or_fail
    for status in ("SUCCESS", "ERROR"):
        is_down = True
        here.end(status)
        expect(page.locator("#pending")).to_be_visible()
        page.reload()
        expect(page.locator("#pending")).to_be_visible()  # not the list
        assert statuses == []
        is_down = False
        pass_time_until_reported(page)
        assert statuses == [status]
        assert page.evaluate("sessionStorage['lean-picker:report']") is None
        statuses.clear()


def test_a_report_without_an_answer_is_given_up_and_made_again(told):
    here, statuses = told
    held = []
    here.page.route(CALLBACK, lambda route: held.append(route), times=1)
    here.end("SUCCESS")
    here.page.clock.run_for(2_000)
    expect(here.page.locator("#pending")).to_be_visible()
    with here.page.expect_response(CALLBACK):
        here.page.clock.run_for(10_500)
    expect(here.page.locator("#pending")).to_have_count(0)
    assert statuses == ["SUCCESS"]


def test_a_sign_of_the_network_is_not_waited_out(told):
    here, statuses = told

    def is_report(request):
        return "/callback?" in request.url

    here.choose()
    for sign in ("online", "focus", "pageshow", "visibilitychange"):
        statuses.clear()
        here.page.route(CALLBACK, lambda route: route.abort(), times=2)
        with here.page.expect_event("requestfailed", is_report):
            here.dialog.locator("[data-lean-end=ERROR]").first.click()
        with here.page.expect_event("requestfailed", is_report):
            here.page.clock.run_for(2_000)
        expect(here.page.locator("#pending")).to_be_visible()
        with here.page.expect_response(CALLBACK):
            here.page.evaluate(f"window.dispatchEvent(new Event('{sign}'))")
            here.page.evaluate(f"document.dispatchEvent(new Event('{sign}'))")
        expect(here.page.locator("#pending")).to_have_count(0)
        assert statuses == ["ERROR"]
        here.page.get_by_role("button", name="Try again").click()


def test_a_success_with_a_very_long_text_is_reported(told):
    here, statuses = told
    page = here.page
    here.stay()
    here.open()
    page.wait_for_function("() => window.Lean")
    page.evaluate("Lean.connect = (config) => { window.config = config; }")
    here.tap()
    page.wait_for_function("() => window.config")
    page.evaluate("config.callback({ status: 'SUCCESS', last_api_response: 'x'.repeat(70_000) })")
    expect(page.locator("#screen h1")).to_have_text("Your bank is connected")
    until(lambda: statuses == ["SUCCESS"])


def test_what_the_server_refuses_for_good_still_has_a_way_back(told):
    here, statuses = told
    problem = {"status": 410, "reason": "expired"}
    here.page.route(CALLBACK, lambda route: route.fulfill(status=410, json=problem))
    here.end("SUCCESS")
    expect(here.page.locator("#pending")).to_have_count(0)
    href = here.page.get_by_role("link", name="Continue").get_attribute("href")
    assert "/done?lean_status=SUCCESS&lean_flow=" in href
    assert statuses == []


def test_a_cancelled_flow_is_reported_again_in_the_background(told):
    here, statuses = told
    here.page.route(CALLBACK, lambda route: route.abort(), times=1)
    here.end("CANCELLED")
    expect(here.page.locator("#notice")).to_be_visible()
    with here.page.expect_response(CALLBACK):
        here.page.clock.run_for(1_500)
    assert statuses == ["CANCELLED"]


def test_the_landing_page_reports_again_too(told):
    here, statuses = told
    page = here.page
    here.stay()
    here.choose()
    here.dialog.locator("[data-lean-end=REDIRECT]").click()
    page.locator("[data-bank-end=approve]").click()
    page.route(CALLBACK, lambda route: route.abort(), times=3)
    here.dialog.locator("[data-lean-end=SUCCESS]").click()
    expect(page.locator("#pending")).to_be_visible()
    pass_time_until_reported(page)
    assert statuses == ["REDIRECT", "SUCCESS"]


def test_going_back_to_the_host_is_reported_once(told):
    here, statuses = told
    here.open()
    here.page.wait_for_load_state("networkidle")  # the script of the endings is there
    link = here.page.get_by_role("link", name="Back to Qahwa")
    # The browser shows what it sends with its last breath only to who may hold it back.
    here.page.route("**/done?**", lambda route: route.fulfill(status=204))
    with here.page.expect_request(CALLBACK) as sent:
        link.click(no_wait_after=True)
    assert json.loads(sent.value.post_data)["data"]["status"] == "CANCELLED"
    with here.page.expect_response("**/done?lean_status=CANCELLED&lean_flow=*"):
        link.click(no_wait_after=True)
    until(lambda: statuses == ["CANCELLED"])


def test_going_back_after_a_failure_says_the_failure_and_nothing_more(told):
    here, statuses = told
    here.end("ERROR")
    here.page.clock.run_for(2_000)
    link = here.page.locator("#screen").get_by_role("link", name="Back to Qahwa")
    assert "lean_status=ERROR&lean_flow=" in link.get_attribute("href")
    here.stay(False)
    link.click()
    here.page.wait_for_url("**/done?lean_status=ERROR&lean_flow=*")
    assert statuses == ["ERROR"]
