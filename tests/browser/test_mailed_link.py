"""A link that was made in a script and mailed: on whatever device, its user alone can follow it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from support.browser import skip_pause
from support.user_host import BANK, USER, UserHost

WORDS = {
    "en": (
        "This link is for another user",
        "Sign in to go on",
        "We cannot tell who you are right now",
    ),
    "ar": ("هذا الرابط لمستخدم آخر", "سجّل الدخول للمتابعة", "تعذّر التحقق من هويتك الآن"),
}
AGAIN = {"en": "Try again", "ar": "إعادة المحاولة"}
AXE = Axe().axe_script
RUN = "() => axe.run().then(({ violations }) => violations.map(({ id }) => id))"


class Customer:
    """Somebody with a browser, in which different users sign in."""

    def __init__(self, users, site, page):
        self.users, self.site, self.page = users, site, page
        self.title = page.locator("h1:visible")
        self.dialog = page.frame_locator("#lean-stand-in")

    def is_now(self, user):
        """In another tab, that user signs in."""
        self.page.request.post(f"{self.site}/login", form={"user": user})

    def signs_in(self, user=USER):
        """On the login page to which the host has led them."""
        self.page.wait_for_url(f"{self.site}/login?next=**")
        self.page.locator("[name=user]").fill(user)
        self.page.get_by_role("button").click()

    def chooses(self):
        self.page.locator(f"#all .row[value={BANK}]").click()

    def ends(self, status):
        self.dialog.locator(f"[data-lean-end={status}]").first.click()

    def reads(self, title):
        """A notice in which axe finds nothing, in either colour scheme."""
        expect(self.title).to_have_text(title)
        self.page.evaluate(AXE)
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            assert self.page.evaluate(RUN) == []

    def is_back(self):
        skip_pause(self.page)
        self.page.wait_for_url(re.compile(r"/done\?lean_status=SUCCESS&lean_flow="))


@pytest.fixture
def customer(fake_lean, serve, open_page):
    users = UserHost(fake_lean, webhook_secret=None)
    users.identify = users.user_or_login
    site = serve(users.app)
    users.app.config["SERVER_NAME"] = urlsplit(site).netloc
    page = open_page()
    page.clock.install()
    return Customer(users, site, page)


def mailed(users, language):
    with users.app.app_context():
        return users.lean.connect(**users.given, bound_to=USER, language=language, max_age=86_400)


def no_database():
    raise ConnectionError


def config_of(launch, method):
    assert launch["method"] == method
    config = dict(launch["config"])
    assert config.pop("access_token").count(".") == 2
    return config


@pytest.mark.parametrize("language", ["en", "ar"])
def test_from_a_mail_to_success_past_the_wrong_users(customer, fake_lean, language):
    users, page, site = customer.users, customer.page, customer.site
    flow = mailed(users, language)
    of_another, signed_out, unknown = WORDS[language]

    customer.is_now("user-2")
    page.goto(flow.url)
    customer.reads(of_another)

    page.context.clear_cookies()  # as a logout, or another device
    users.identify = users.user
    page.goto(flow.url)
    customer.reads(signed_out)

    users.identify = no_database
    page.goto(flow.url)
    customer.reads(unknown)
    users.identify = users.user_or_login
    page.get_by_role("link", name=AGAIN[language]).click()
    customer.signs_in()
    expect(page.locator(f"html[lang={language}] #choice[data-ready]")).to_be_attached()

    customer.is_now("user-2")
    customer.chooses()
    expect(customer.title).to_have_text(of_another)
    assert fake_lean.launches == []

    customer.is_now(USER)
    page.goto(flow.url)
    customer.chooses()
    customer.ends("SUCCESS")
    customer.is_back()
    [launch] = fake_lean.launches
    assert config_of(launch, "connect") == {
        "account_type": "PERSONAL",
        "app_token": fake_lean.app_token,
        "bank_identifier": BANK,
        "customer_id": users.customer,
        "fail_redirect_url": f"{site}/lean/return/fail",
        "language": language,
        "permissions": ["identity", "accounts"],
        "sandbox": True,
        "success_redirect_url": f"{site}/lean/return/success",
    }
    page.goto(flow.url)
    expect(page.locator(".icon-check")).to_be_visible()  # this is already done


def test_what_the_server_did_not_take_of_a_signed_out_customer_it_hears_later(customer):
    """Their session ended while they were in Lean's window; else they could link, or pay, twice."""
    users, page = customer.users, customer.page
    flow = mailed(users, "en")
    customer.is_now(USER)
    page.goto(flow.url)
    customer.chooses()
    expect(customer.dialog.locator("[data-lean-end=SUCCESS]").first).to_be_visible()
    users.identify = lambda: None
    with page.expect_response("**/lean/callback?*") as refused:
        customer.ends("SUCCESS")
    assert refused.value.status == 403
    users.identify = users.user
    with page.expect_response("**/lean/callback?*") as taken:
        page.goto(flow.url)
    assert taken.value.json()["status"] == "reported"
    expect(customer.title).to_have_text("Your bank is connected")
    assert page.evaluate("sessionStorage['lean-picker:report']") is None


def test_the_bank_leads_to_another_browser_which_signs_in(customer, fake_lean):
    page = customer.page
    customer.is_now(USER)
    page.goto(mailed(customer.users, "ar").url)
    customer.chooses()
    customer.ends("REDIRECT")
    page.wait_for_url("**/stand-in/bank?**")
    page.context.clear_cookies()
    page.evaluate("sessionStorage.clear()")
    page.locator("[data-bank-end=approve]").click()
    customer.signs_in()
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    customer.ends("SUCCESS")
    config = config_of(fake_lean.launches[-1], "captureRedirect")
    assert re.fullmatch(r"[0-9a-f-]{36}", config.pop("consent_attempt_id"))
    assert config == {
        "app_token": fake_lean.app_token,
        "bank_identifier": BANK,
        "customer_id": customer.users.customer,
        "granular_status_code": "SUCCESS",
        "language": "ar",
        "sandbox": True,
    }
    customer.is_back()
