"""The settings page of the example shop: linked banks and approvals, from the first to the last."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from example_texts import TEXTS
from support import plain_http
from support.browser import skip_pause
from support.redis_server import until

AXE = Axe().axe_script


@pytest.fixture
def settings(shop, open_warm_page):
    """Opens the page, and does on it what a customer does."""

    class Settings:
        def __init__(self, language):
            self.page = open_warm_page(clock=True)
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
            options = "{ preload: false, resultTypes: ['violations'] }"
            found = self.page.evaluate(f"async () => (await axe.run({options})).violations")
            assert [violation["id"] for violation in found] == []

        def disconnects_by_keyboard(self, bank):
            press = self.page.keyboard.press
            self.page.get_by_role("button", name=self.t["renew_name"].format(bank=bank)).focus()
            press("Tab")
            expect(self.page.locator("summary")).to_be_focused()
            press("Enter")
            expect(self.page.get_by_text(self.t["sure"])).to_be_visible()
            press("Tab")
            press("Enter")
            said = self.t["disconnected"].format(bank=bank)
            expect(self.page.get_by_role("status")).to_have_text(said)

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

    form = here.page.locator("form[action='/settings/pay'] input").input_value()
    here.press("settings/pay")
    here.page.wait_for_url("**/orders/**")
    order = here.page.url.partition("?")[0]
    until(lambda: plain_http.get(f"{order}/status").json()["status"] == "paid", 10)
    assert here.page.request.post(f"{shop}/settings/pay", form={"order": form}).ok
    assert len(fake_lean.consent_payments) == 1  # however often its form is sent

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
    here.disconnects_by_keyboard({"en": "Al Rajhi Bank", "ar": "مصرف الراجحي"}[language])
    here.shows(t["no_banks"])


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
