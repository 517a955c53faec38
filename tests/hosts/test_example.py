"""The example shop, as a visitor of the demo uses it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from support import plain_http
from support.browser import skip_pause
from support.redis_server import until


@pytest.fixture
def visitor(shop):
    """One with neither scripts nor a picture of the page."""
    with plain_http.Client(base_url=shop, params={"lang": "en"}, follow_redirects=True) as client:
        yield client


def finish(page, end="SUCCESS"):
    page.frame_locator("#lean-stand-in").locator(f"[data-lean-end={end}]").click()


@pytest.mark.parametrize(
    ("language", "thanks", "paid"),
    [("en", "Your bank is linked", "Paid"), ("ar", "تم ربط حسابك البنكي", "تم الدفع")],
)
def test_link_then_pay_from_the_saved_account(shop, open_warm_page, language, thanks, paid):
    page = open_warm_page(clock=True)
    page.goto(f"{shop}/?lang={language}")
    page.locator("form[action='/link'] button").click()
    page.locator("#all .row[value=RJHI_SAU]").click()
    finish(page)
    skip_pause(page)
    expect(page.get_by_role("status")).to_contain_text(thanks)
    page.locator("form[action='/pay'] button").click()
    page.locator(".row[name=account_id]").first.click()
    finish(page)
    skip_pause(page)
    page.wait_for_url("**/orders/**")
    for _ in range(50):
        if paid in page.get_by_role("status").inner_text():
            return
        page.reload()
    raise AssertionError("The webhook did not reach the order")


@pytest.mark.parametrize(
    ("language", "price", "suggested"),
    [("en", "SAR 120", "Suggested banks"), ("ar", "120 ريال", "بنوك مقترحة")],
)
def test_the_shop_and_the_picker_write_the_price_alike(visitor, language, price, suggested):
    visitor.params = {"lang": language}
    assert price in visitor.get("/").text
    picker = visitor.post("/pay").text
    assert price in picker
    assert suggested in picker


def test_link_on_a_page_of_the_shop(shop, open_warm_page):
    page = open_warm_page(clock=True)
    page.goto(f"{shop}/?lang=ar")
    page.get_by_role("link", name="أو اختر بنكك").click()
    page.locator("lean-picker #query").fill("الراجحي")
    found = page.locator("lean-picker #all .row:visible")
    expect(found).to_have_count(1)
    found.click()
    finish(page)
    skip_pause(page)
    page.wait_for_url("**/?lang=ar&lean_status=SUCCESS**")


def test_the_shop_has_its_own_head_on_the_page(visitor):
    assert "<strong>Date &amp; Palm</strong>" in visitor.post("/link").text


def test_pay_as_a_guest_by_way_of_the_bank(shop, open_warm_page):
    page = open_warm_page(clock=True)
    page.goto(f"{shop}/?lang=en")
    page.locator("form[action='/checkout'] button").click()
    page.locator("#all .row[value=RJHI_SAU]").click()
    finish(page, "REDIRECT")
    page.locator("[data-bank-end=approve]").click()
    finish(page)
    skip_pause(page)
    page.wait_for_url("**/orders/**")


def test_the_order_learns_of_the_payment_by_event(shop, open_warm_page, fake_lean):
    fake_lean.payment_status = "PENDING_WITH_BANK"
    page = open_warm_page(clock=True)
    for status, words in (("ACCEPTED_BY_BANK", "Paid"), ("FAILED", "did not accept")):
        before = set(fake_lean.payments)
        page.goto(f"{shop}/?lang=en")
        page.locator("form[action='/checkout'] button").click()
        page.locator("#all .row[value=RJHI_SAU]").click()
        finish(page)
        until(lambda before=before: set(fake_lean.payments) - before, 10)
        [intent] = set(fake_lean.payments) - before
        order = f"{shop}/orders/{intent}"
        page.goto(f"{order}?lang=en")
        expect(page.get_by_role("status")).to_contain_text("waiting for your bank")
        fake_lean.settle_payment(intent, status)
        until(lambda at=order: plain_http.get(f"{at}/status").json()["status"] != "pending", 10)
        page.clock.run_for(2_000)
        expect(page.get_by_role("status")).to_contain_text(words)  # with the browser open
        assert words in plain_http.get(f"{order}?lang=en").text  # and with it closed


def test_a_page_that_claims_success_is_not_believed(visitor):
    [back] = re.findall(r'class="back" data-return href="([^"?]+)', visitor.post("/checkout").text)
    order = visitor.get(back, params={"lean_status": "SUCCESS"}).text
    assert "waiting for your bank" in order


def test_stopping_the_stand_in_changes_nothing_that_a_customer_sees(visitor, fake_lean):
    def names():
        return re.findall(r'class="name"[^>]*>([^<]+)', visitor.post("/link").text)

    before = names()
    [switch] = re.findall(
        r'action="([^"]+)">[^<]+<button[^>]*>Stop it</button>', visitor.get("/").text
    )
    assert ">Start it</button>" in visitor.post(switch).text
    assert not fake_lean.running
    assert names() == before != []


def test_the_page_for_operators_is_there_to_be_seen(visitor):
    [page] = re.findall(r'href="([^"]+/operations[^"]*)"', visitor.get("/?lang=en").text)
    assert "you are <bdi>Demo</bdi>" in visitor.get(page).text
