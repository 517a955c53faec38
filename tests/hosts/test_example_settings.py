"""The settings page of the example shop: linked banks and approvals, from the first to the last."""

from __future__ import annotations

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from example_texts import TEXTS
from support.browser import skip_pause
from support.redis_server import until

AXE = Axe().axe_script


@pytest.fixture
def shop(fake_lean, serve):
    from example_app import create_app

    url = serve(create_app(fake_lean, store_url="memory:"))
    fake_lean.webhook_url = f"{url}/lean/webhooks"
    return url


@pytest.fixture
def settings(shop, open_page):
    """Opens the page, and does on it what a customer does."""

    class Settings:
        def __init__(self, language):
            self.page = open_page()
            self.page.clock.install()
            self.page.goto(f"{shop}/settings?lang={language}")
            self.t = TEXTS[language]

        def press(self, action):
            self.page.locator(f"form[action^='/{action}'] button").click()

        def choose(self, bank):
            self.page.locator(f"#all .row[value={bank}]").click()

        def finish(self, end="SUCCESS"):
            frame = self.page.frame_locator("#lean-stand-in")
            frame.locator(f"[data-lean-end={end}]").first.click()
            skip_pause(self.page)
            self.page.wait_for_url("**/settings?**")

        def shows(self, text):
            expect(self.page.get_by_role("main")).to_contain_text(text)

        def is_accessible(self):
            self.page.evaluate(AXE)
            found = self.page.evaluate("async () => (await axe.run()).violations")
            assert [violation["id"] for violation in found] == []

    return Settings


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_connection_and_an_approval_from_the_first_day_to_the_last(
    settings, fake_lean, shop, language
):
    here = settings(language)
    t = here.t
    here.shows(t["no_banks"])
    here.is_accessible()

    here.press("settings/link")
    here.choose("RJHI_SAU")
    here.finish()
    here.shows(t["until"])

    here.press("settings/approve")
    here.choose("SNB_SAU")
    here.finish()
    here.shows(t["revoke"])
    here.is_accessible()

    here.press("settings/pay")
    here.page.wait_for_url("**/orders/**")
    order = here.page.url.partition("?")[0]
    until(lambda: httpx.get(f"{order}/status").json()["status"] == "paid", 10)

    here.page.goto(f"{shop}/settings?lang={language}")
    here.press("settings/consents")
    here.finish("CANCELLED")
    here.shows(t["came_back"])

    here.press("stand-in/expire")
    here.shows(t["ended"])
    here.is_accessible()
    here.press("settings/renew")
    here.finish()
    here.shows(t["until"])
    assert len(fake_lean.entities) == 1

    here.press("settings/revoke")
    here.shows(t["revoked"])
    here.page.locator("summary").click()
    here.press("settings/disconnect")
    here.shows(t["no_banks"])


def test_a_bank_is_disconnected_by_keyboard_after_a_question(settings, fake_lean):
    here = settings("en")
    here.press("settings/link")
    here.choose("RJHI_SAU")
    here.finish()
    here.page.get_by_role("button", name="Renew Al Rajhi Bank").focus()
    here.page.keyboard.press("Tab")
    expect(here.page.locator("summary")).to_be_focused()
    here.page.keyboard.press("Enter")
    expect(here.page.get_by_text(here.t["sure"])).to_be_visible()
    here.page.keyboard.press("Tab")
    here.page.keyboard.press("Enter")
    expect(here.page.get_by_role("status")).to_have_text("Al Rajhi Bank is disconnected.")
    here.shows(here.t["no_banks"])


def test_an_order_that_is_sent_twice_is_paid_once(settings, fake_lean):
    here = settings("en")
    here.press("settings/approve")
    here.choose("SNB_SAU")
    here.finish()
    form = here.page.locator("form[action='/settings/pay'] input").input_value()
    for _ in range(2):
        sent = here.page.request.post(
            here.page.url.replace("/settings", "/settings/pay"), form={"order": form}
        )
        assert sent.ok
    assert len(fake_lean.consent_payments) == 1


def test_while_lean_is_down_the_page_says_so(settings, fake_lean, shop):
    here = settings("en")
    fake_lean.stop()
    here.page.reload()
    here.shows(here.t["unknown"])
    here.press("settings/consents")
    expect(here.page.locator("html")).to_have_attribute("lang", "en")


def test_a_stranger_can_end_nothing(settings, fake_lean, shop):
    other = fake_lean.add_customer("somebody else")
    entity, _ = fake_lean.add_entity(other, "RJHI_SAU", ["accounts"])
    here = settings("en")
    sent = here.page.request.post(f"{shop}/settings/disconnect/{entity['id']}")
    assert sent.status == 404
    assert len(fake_lean.entities) == 1
