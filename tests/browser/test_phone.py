"""Continue on your phone: the code on a desktop, the flow on a phone, and what comes of it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from support.qr import read_shown
from support.redis_server import until
from support.user_host import BANK, USER, UserHost

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
AXE = Axe().axe_script
RUN = "() => axe.run().then(({ violations }) => violations.map(({ id }) => id))"


class Desk:
    """A desktop on which the code of a flow is shown. Its time passes as a test lets it."""

    def __init__(self, page, site, language):
        self.page, self.site, self.language = page, site, language
        page.clock.install()

    def open(self, address):
        self.page.goto(address)
        self.offer.wait_for()

    @property
    def offer(self):
        return self.page.locator(".toolbar .phone")

    @property
    def code(self):
        return self.page.locator("#screen img.qr")

    def show(self):
        self.offer.press("Enter")
        expect(self.page.locator("#screen h1")).to_be_focused()
        return read_shown(self.code)

    def says(self, name):
        self.page.clock.run_for(3_000)
        expect(self.page.locator("#phone [data-line]:visible")).to_have_attribute("data-line", name)

    def still_says(self, name):
        with self.page.expect_response("**/flows/*"):
            self.says(name)

    def shows(self, icon):
        """Little time passes at once, so that a success is not left before a test has seen it."""
        screen = self.page.locator(f"#screen > .icon-{icon}")

        def is_shown():
            self.page.clock.run_for(500)
            return screen.count() == 1

        until(is_shown, 10)
        expect(self.page.locator("#screen h1")).to_be_focused()


def sign_in(page):
    page.locator("[name=user]").fill(USER)
    page.get_by_role("button", name="Sign in").click()


class Phone:
    def __init__(self, page):
        self.page = page

    @property
    def dialog(self):
        return self.page.frame_locator("#lean-stand-in")

    def sign_in_at(self, address):
        """Open a link, and follow the host's login."""
        self.page.goto(address)
        sign_in(self.page)
        self.page.locator("#choice[data-ready]").wait_for()

    def choose(self):
        self.page.locator(f"#all [value={BANK}]").click()
        self.dialog.locator("[data-lean-end=SUCCESS]").first.wait_for()

    def end(self, status):
        self.dialog.locator(f"[data-lean-end={status}]").first.click()


@pytest.fixture
def host(fake_lean):
    host = UserHost(fake_lean, webhook_secret=None)
    host.identify = host.user_or_login
    return host


@pytest.fixture
def site(host, serve):
    return serve(host.app)


@pytest.fixture
def phone(open_page):
    return Phone(open_page(**PHONE))


@pytest.fixture
def desk(open_page, site):
    def at(language, **options):
        page = open_page(**DESKTOP, **options)
        page.goto(f"{site}/login")
        sign_in(page)
        return Desk(page, site, language)

    return at


def exact_config(fake_lean, site, language="en"):
    (launch,) = fake_lean.launches[-1:]
    config = dict(launch["config"])
    assert config.pop("access_token").count(".") == 2
    assert (launch["method"], config.pop("bank_identifier")) == ("connect", BANK)
    assert config == {
        "app_token": fake_lean.app_token,
        "sandbox": True,
        "language": language,
        "customer_id": fake_lean.add_customer(USER),
        "account_type": "PERSONAL",
        "permissions": ["identity", "accounts"],
        "success_redirect_url": f"{site}/lean/return/success",
        "fail_redirect_url": f"{site}/lean/return/fail",
    }


def test_the_desktop_follows_what_becomes_of_it_on_the_phone(desk, phone, site, host, fake_lean):
    here = desk("en")
    page = here.page
    here.open(f"{site}{host.flow().url}&lang=en")
    page.route("**/qr?**", lambda route: route.abort(), times=1)
    here.offer.press("Enter")
    expect(page.locator("[data-line=missing]")).to_be_visible()
    page.get_by_role("button", name="Load again").press("Enter")
    expect(page.locator("#screen h1")).to_be_focused()
    scanned = read_shown(here.code)
    assert scanned == page.url.removesuffix("&lang=en")
    page.keyboard.press("Escape")
    expect(page.locator("#choice > .title")).to_be_visible()
    expect(here.offer).to_be_focused()
    assert here.show() == scanned
    here.says("waiting")

    phone.sign_in_at(scanned)
    phone.page.locator("#screen-success").wait_for(state="attached")  # what comes late is there
    expect(phone.page.locator(".phone")).to_have_count(0)
    phone.choose()
    exact_config(fake_lean, site)
    here.says("open")
    phone.end("CANCELLED")
    phone.page.locator("#notice:not([hidden])").wait_for()
    here.says("cancelled")
    phone.choose()
    here.says("open")
    phone.end("ERROR")
    phone.page.locator("#screen .icon-alert").wait_for()
    here.shows("alert")
    page.get_by_role("button", name="Try again").click()  # on this device nothing was chosen
    expect(page.locator("#choice > .title")).to_be_visible()
    here.show()
    here.still_says("waiting")  # the failure is no news
    phone.page.get_by_role("button", name="Try again").click()
    phone.end("SUCCESS")
    phone.page.locator("#screen .icon-check").wait_for()
    here.shows("check")
    expect(page.locator("h1:visible")).to_have_text("Your bank is connected")
    page.clock.run_for(5_000)
    page.wait_for_url("**/done?lean_status=SUCCESS**")
    assert len(fake_lean.launches) == 3


def test_a_mailed_link_goes_by_the_code_to_the_bank_and_back(desk, phone, site, host, fake_lean):
    host.app.config["SERVER_NAME"] = site.removeprefix("http://")
    with host.app.app_context():
        mailed = host.lean.connect(**host.given, bound_to=USER, language="ar")
        address = mailed.absolute_url
    here = desk("ar", color_scheme="dark")
    here.open(address)
    page = here.page
    scanned = here.show()
    assert scanned == address
    page.evaluate(AXE)
    assert page.evaluate(RUN) == []
    page.emulate_media(color_scheme="light")
    assert page.evaluate(RUN) == []
    page.set_viewport_size({"width": 320, "height": 640})  # as at a zoom of 400 %
    assert page.evaluate(RUN) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert read_shown(here.code) == address

    phone.sign_in_at(scanned)
    phone.choose()
    exact_config(fake_lean, site, "ar")
    phone.end("REDIRECT")
    phone.page.locator("[data-bank-end=approve]").click()
    here.says("open")
    phone.end("SUCCESS")
    assert fake_lean.launches[-1]["method"] == "captureRedirect"
    here.shows("check")
    expect(page.locator("h1:visible")).to_have_text("تم ربط حسابك البنكي")
    expect(phone.page.locator("#screen .icon-check")).to_be_visible()


#: What the server says one after the other, and the line that the customer then reads.
ANSWERS = [
    ({"status": "failed", "updated_at": "1"}, "waiting"),  # an attempt from before
    ({}, "waiting"),  # as from a login page
    ({"status": "failed", "updated_at": "2"}, "open"),
    ({"status": "at_bank", "sdk_status": "REDIRECT", "updated_at": "3"}, "open"),
    ({"status": "reported", "sdk_status": "LINK_CLOSED", "updated_at": "4"}, "cancelled"),
    ({"status": "launched", "updated_at": "5"}, "open"),
]


def test_each_state_on_the_phone_has_its_line_and_the_banks_word_its_screen(desk, site, host):
    here = desk("en")
    page, now = here.page, {}
    page.route("**/flows/*", lambda route: route.fulfill(json=now))
    page.route("**/qr?**", lambda route: route.abort(), times=1)
    here.open(f"{site}{host.flow().url}&lang=en")
    now = {"status": "open", "updated_at": "0"}
    here.offer.press("Enter")
    here.still_says("missing")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Load again")).to_be_focused()
    now = {"status": "launched", "updated_at": "1"}  # by a link that was mailed
    here.says("open")
    expect(page.locator("#screen h1")).to_be_focused()
    page.keyboard.press("Escape")
    for answer, line in ANSWERS:
        now = answer
        if answer is ANSWERS[0][0]:
            here.show()
        here.still_says(line)
    now = {"status": "failed", "sdk_status": "ERROR", "updated_at": "6"}
    here.shows("alert")
    now = {"status": "confirmed", "updated_at": "7"}  # of another attempt there
    page.evaluate("dispatchEvent(new Event('focus'))")  # the customer turns to this page again
    expect(page.locator("h1:visible")).to_have_text("Your bank is connected")
    expect(page.locator("#word")).to_have_attribute("data-word", "confirmed")


def test_where_the_sign_in_ends_meanwhile_the_desktop_says_so(desk, site, host):
    here = desk("en")
    here.open(f"{site}{host.flow().url}&lang=en")
    here.show()
    here.page.route("**/flows/*", lambda route: route.abort(), times=1)
    with here.page.expect_event("requestfailed"):
        here.page.clock.run_for(3_000)
    here.says("waiting")  # no network is no end
    here.page.request.get(f"{site}/logout")
    here.page.clock.run_for(3_000)
    here.page.wait_for_url(f"{site}/login?next=**")
