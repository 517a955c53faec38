"""The example shop, as a visitor of the demo uses it."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

from support.browser import skip_pause
from support.redis_server import until


@pytest.fixture
def shop(fake_lean, serve):
    from example_app import create_app

    app = create_app(fake_lean, store_url="memory:")
    url = serve(app)
    fake_lean.webhook_url = f"{url}/lean/webhooks"
    return url


def finish(page, end="SUCCESS"):
    page.frame_locator("#lean-stand-in").locator(f"[data-lean-end={end}]").click()


@pytest.mark.parametrize(
    ("language", "thanks", "paid"),
    [("en", "Your bank is linked", "Paid"), ("ar", "تم ربط حسابك البنكي", "تم الدفع")],
)
def test_link_then_pay_from_the_saved_account(shop, open_page, language, thanks, paid):
    page = open_page()
    page.clock.install()
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


def test_link_on_a_page_of_the_shop(shop, open_page):
    page = open_page()
    page.clock.install()
    page.goto(f"{shop}/?lang=ar")
    page.get_by_role("link", name="أو اختر بنكك").click()
    page.locator("lean-picker #query").fill("الراجحي")
    page.locator("lean-picker #all .row:visible").click()
    finish(page)
    skip_pause(page)
    page.wait_for_url("**/?lang=ar&lean_status=SUCCESS**")


def test_the_shop_has_its_own_head_on_the_page(shop, open_page):
    page = open_page()
    page.goto(f"{shop}/?lang=en")
    page.locator("form[action='/link'] button").click()
    expect(page.locator(".toolbar strong")).to_have_text("Date & Palm")


def test_pay_as_a_guest_by_way_of_the_bank(shop, open_page):
    page = open_page()
    page.clock.install()
    page.goto(f"{shop}/?lang=en")
    page.locator("form[action='/checkout'] button").click()
    page.locator("#all .row[value=RJHI_SAU]").click()
    finish(page, "REDIRECT")
    page.locator("[data-bank-end=approve]").click()
    finish(page)
    skip_pause(page)
    page.wait_for_url("**/orders/**")


@pytest.mark.parametrize(
    ("status", "words"), [("ACCEPTED_BY_BANK", "Paid"), ("FAILED", "did not accept")]
)
def test_the_order_learns_of_the_payment_by_event(shop, open_page, fake_lean, status, words):
    fake_lean.payment_status = "PENDING_WITH_BANK"
    page = open_page()
    page.goto(f"{shop}/?lang=en")
    page.locator("form[action='/checkout'] button").click()
    page.locator("#all .row[value=RJHI_SAU]").click()
    finish(page)
    until(lambda: fake_lean.payments, 10)
    [intent] = fake_lean.payments
    page.clock.install()
    page.goto(f"{shop}/orders/{intent}?lang=en")
    expect(page.get_by_role("status")).to_contain_text("waiting for your bank")
    fake_lean.settle_payment(intent, status)
    order = f"{shop}/orders/{intent}"
    until(lambda: httpx.get(f"{order}/status").json()["status"] != "pending", 10)
    page.clock.run_for(2_000)
    expect(page.get_by_role("status")).to_contain_text(words)  # with the browser open
    assert words in httpx.get(f"{order}?lang=en").text  # and with it closed


def test_a_page_that_claims_success_is_not_believed(shop, open_page):
    page = open_page()
    page.goto(f"{shop}/?lang=en")
    page.locator("form[action='/checkout'] button").click()
    page.wait_for_selector("#all .row")
    order = page.locator(".back").get_attribute("href")
    page.goto(f"{shop}{order}?lean_status=SUCCESS" if "?" not in order else f"{shop}{order}")
    expect(page.get_by_role("status")).to_contain_text("waiting for your bank")


def test_stopping_the_stand_in_changes_nothing_that_a_customer_sees(shop, open_page, fake_lean):
    page = open_page()
    page.goto(f"{shop}/?lang=en")
    page.locator("form[action='/link'] button").click()
    page.wait_for_url("**/picker?*")
    names = page.locator("#all .name").all_text_contents()
    page.goto(f"{shop}/")
    page.get_by_role("button", name="Stop it").click()
    page.get_by_role("button", name="Start it").wait_for()
    assert not fake_lean.running
    page.locator("form[action='/link'] button").click()
    page.wait_for_url("**/picker?*")
    assert page.locator("#all .name").all_text_contents() == names != []
