"""A success waits for the bank's word, says which it was, and then goes on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from support.browser import skip_pause
from support.picker_stage import BANK
from support.picker_states import STATES
from support.redis_server import until

STATUS = re.compile(r"/lean/flows/")
LISTEN = """window.heard = [];
addEventListener("lean:outcome_changed", ({ detail }) => heard.push(detail.status));"""


@pytest.fixture
def paid(stage):
    """A payment whose page waits for the bank's word."""
    here = stage(clock=True)
    here.page.add_init_script(LISTEN)
    here.end("SUCCESS", "pay")
    here.wait("[data-word=waiting]")
    return here


def word(page):
    return page.locator("#word")


def test_the_word_is_waited_for_said_and_passed_on(paid):
    page = paid.page
    expect(word(page)).to_have_attribute("role", "status")
    expect(word(page)).to_have_text("Waiting for your bank to confirm the payment…")
    expect(page.locator("#leaving")).to_be_hidden()
    expect(page.locator("#screen h1")).to_be_focused()
    paid.hear("ACCEPTED_BY_BANK", bank_transaction_reference="FT26330K7QX4")
    page.clock.run_for(1_100)
    expect(word(page)).to_have_text("Your bank has confirmed the payment.")
    receipt = page.locator("#screen dl")
    expect(receipt).to_contain_text("SAR 250.50")
    expect(receipt).to_contain_text("Al Rajhi Bank")
    expect(receipt).to_contain_text("FT26330K7QX4")
    expect(page.locator("#leaving")).to_be_visible()
    with page.expect_request("**/done?lean_status=SUCCESS&**lean_confirmed=true"):
        page.clock.run_for(4_100)
    assert page.evaluate("heard") == ["confirmed"]
    page.emulate_media(media="print", color_scheme="dark")  # on paper there is the receipt alone
    expect(receipt).to_be_visible()
    for part in (".toolbar", ".actions", "#screen dl button"):
        expect(page.locator(part).first).to_be_hidden()
    expect(page.locator(".card")).to_have_css("background-color", "rgb(255, 255, 255)")


def test_the_way_on_stays_under_the_pointer_that_presses_it(paid):
    page = paid.page
    paid.hear("ACCEPTED_BY_BANK")
    page.clock.run_for(1_100)
    expect(page.locator("#leaving")).to_be_visible()
    with page.expect_request("**/done?lean_status=SUCCESS&**lean_confirmed=true"):
        page.get_by_role("link", name="Continue").click()
    expect(page.locator("#leaving")).to_be_hidden()


def test_without_a_word_the_page_says_so_and_goes_on(paid):
    page = paid.page
    page.route(STATUS, lambda route: route.abort())  # nor does a network failure hold it up
    page.clock.run_for(8_000)
    expect(word(page)).to_contain_text("Waiting")
    page.clock.run_for(2_000)
    expect(word(page)).to_contain_text("Your bank has not confirmed the payment yet.")
    expect(word(page)).to_contain_text("Qahwa will confirm it as soon as the bank does.")
    with page.expect_request("**/done?lean_status=SUCCESS&**lean_confirmed=false"):
        page.clock.run_for(4_100)


def test_after_the_bank_a_word_that_was_faster_than_the_report_goes_on_as_well(stage):
    here = stage(clock=True)
    here.choose("pay")
    here.dialog.locator("[data-lean-end=REDIRECT]").click()
    here.page.locator("[data-bank-end=approve]").click()
    here.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    here.hear("ACCEPTED_BY_BANK")
    here.stay()
    here.dialog.locator("[data-lean-end=SUCCESS]").click()
    expect(word(here.page)).to_have_text("Your bank has confirmed the payment.")
    with here.page.expect_request("**/done?lean_status=SUCCESS&**lean_confirmed=true"):
        here.page.clock.run_for(4_100)


def test_a_page_that_is_used_stays_and_shows_the_word_whenever_it_comes(paid):
    page, left = paid.page, []
    page.on("request", lambda request: left.append(request.url))
    page.mouse.click(5, 5)
    page.clock.run_for(11_000)
    expect(word(page)).to_contain_text("has not confirmed")
    paid.hear("ACCEPTED_BY_BANK")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(word(page)).to_have_text("Your bank has confirmed the payment.")
    page.clock.run_for(5_000)
    href = page.get_by_role("link", name="Continue").get_attribute("href")
    assert "lean_confirmed=true" in href
    assert not [url for url in left if "/done" in url]


def test_a_refusal_is_no_success_and_can_be_tried_again(paid):
    page = paid.page
    paid.hear("REJECTED_BY_BANK")
    page.clock.run_for(1_100)
    heading = page.locator("#screen h1")
    expect(heading).to_have_text("Your bank did not accept the payment")
    expect(heading).to_be_focused()
    page.clock.run_for(10_000)  # it never leaves by itself
    expect(page.get_by_role("button", name="Choose another bank")).to_be_visible()
    expect(page.locator("#screen").get_by_role("link", name="Back to Qahwa")).to_be_visible()
    assert page.evaluate("heard") == ["failed"]
    page.get_by_role("button", name="Try again").click()
    paid.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    assert len(paid.fake.launches) == 2


def test_a_look_while_the_response_to_the_report_is_on_its_way_tells_nothing_twice(stage):
    here = stage(clock=True)
    here.page.add_init_script(LISTEN)
    held = []
    here.page.route("**/callback?**", lambda route: held.append((route, route.fetch())))
    here.end("SUCCESS", "pay")
    until(lambda: here.page.title() and held, 10)  # which lets the route be called
    with here.page.expect_response(STATUS):  # it knows of the report already
        here.page.evaluate("dispatchEvent(new Event('focus'))")
    [(route, response)] = held
    route.fulfill(response=response)
    here.wait("[data-word=waiting]")
    assert here.page.evaluate("heard") == []


def test_a_hidden_page_does_not_ask_and_one_that_is_seen_again_does_at_once(paid):
    page, asked = paid.page, []
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, writable: true })")
    page.clock.run_for(20_000)
    assert asked == []
    paid.hear("ACCEPTED_BY_BANK")
    page.evaluate("document.hidden = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect(word(page)).to_have_text("Your bank has confirmed the payment.")


def test_leans_window_stays_open_whatever_the_bank_says_meanwhile(stage):
    here = stage(clock=True)
    page = here.page
    here.stay()
    here.open("pay")
    for status, heading in (
        ("REJECTED_BY_BANK", "Choose the bank to pay from"),
        ("ACCEPTED_BY_BANK", "Your payment has been submitted"),
    ):
        here.tap()
        here.dialog.locator("[data-lean-end=CANCELLED]").wait_for()
        here.hear(status)
        with page.expect_response(STATUS):
            page.clock.run_for(3_000)
        here.dialog.locator("[data-lean-end=CANCELLED]").click()
        expect(page.locator("h1:visible")).to_have_text(heading)


def test_the_landing_page_waits_too_and_knows_what_was_chosen(stage):
    here = stage("ar", clock=True)
    page = here.page
    here.stay()
    customer = here.fake.add_customer("user-1")
    here.fake.add_payment_source(customer, BANK)
    here.open("pay")
    page.locator("[name=account_id]").click()
    here.dialog.locator("[data-lean-end=REDIRECT]").click()
    page.locator("[data-bank-end=approve]").click()
    here.dialog.locator("[data-lean-end=SUCCESS]").click()
    expect(word(page)).to_have_attribute("data-word", "waiting")
    for text in ("••", "مصرف الراجحي", "250.50 ريال"):
        expect(page.locator("#screen dl")).to_contain_text(text)
    here.hear("ACCEPTED_BY_BANK")
    page.clock.run_for(1_100)
    expect(word(page)).to_have_attribute("data-word", "confirmed")
    with page.expect_request("**/done?lean_status=SUCCESS&**lean_confirmed=true"):
        page.clock.run_for(4_100)
    assert page.evaluate("sessionStorage.length") == 0


def test_a_landing_page_that_saw_no_result_shows_the_banks_word(stage):
    here = stage()
    page = here.page
    here.choose("pay")
    here.dialog.locator("[data-lean-end=REDIRECT]").click()
    page.route(
        "**/lean-link-loader*",
        lambda route: route.fulfill(body="window.Lean = {}", content_type="text/javascript"),
    )
    page.locator("[data-bank-end=approve]").click()
    expect(page.locator("#screen h1")).to_have_text("We could not see the result here")
    here.hear("REJECTED_BY_BANK")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("#screen h1")).to_have_text("Your bank did not accept the payment")
    assert "chosen=RJHI_SAU" in page.get_by_role("link", name="Try again").get_attribute("href")


def test_where_webhooks_are_off_nothing_is_waited_for(stage):
    here = stage(settings={"webhook_secret": None}, clock=True)
    here.end("SUCCESS", "pay")
    expect(here.page.locator("#screen")).to_contain_text("Qahwa will confirm it as soon as")
    expect(word(here.page)).to_have_count(0)
    here.stay(False)
    skip_pause(here.page)
    here.page.wait_for_url("**/done?lean_status=SUCCESS**")


def test_a_connection_says_what_was_agreed_to(stage):
    here = stage(clock=True)
    here.end("SUCCESS")
    agreed = here.page.locator("#screen dl > div", has_text="You agreed to")
    expect(agreed.locator("dd")).to_have_text(
        "Your name and contact details\nYour accounts and their numbers"
    )


def test_the_reference_is_copied_and_the_button_says_so(stage):
    here = stage(permissions=["clipboard-read", "clipboard-write"], clock=True)
    STATES["refused-by-the-bank"][0](here)
    button = here.page.get_by_role("button", name="Copy")
    button.click()
    expect(here.page.get_by_role("button", name="Copied")).to_be_visible()
    expect(here.page.locator("#status")).to_have_text("Copied")
    copied = here.page.evaluate("navigator.clipboard.readText()")
    assert copied == here.page.locator("dd [data-slot=reference]").text_content()
    here.page.clock.run_for(3_100)
    expect(button).to_be_visible()


@pytest.mark.parametrize("state", ["refused-by-the-bank", "declined-at-the-bank"])
def test_where_nothing_may_be_copied_the_reference_is_selected_and_the_button_says_so(stage, state):
    """In the picker and on the return page."""
    here = stage(clock=True)
    STATES[state][0](here)
    here.page.evaluate(
        """() => { Clipboard.prototype.writeText = () => Promise.reject(new Error("no"));
        document.execCommand = () => false; }"""
    )
    button = here.page.get_by_role("button", name="Copy", exact=True)
    number = button.locator("xpath=preceding-sibling::bdi[1]").text_content()
    button.click()
    expect(here.page.get_by_role("button", name="Selected, now copy it")).to_be_visible()
    expect(here.page.locator("#status")).to_have_text("Selected, now copy it")
    assert here.page.evaluate("`${getSelection()}`") == number
    here.page.clock.run_for(3_100)
    expect(button).to_be_visible()
    assert here.page.evaluate("`${getSelection()}`") == number
