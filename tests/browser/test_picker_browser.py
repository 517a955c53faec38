"""The picker in a real browser, as a customer uses it, up to Lean's window and back."""

import re

import pytest
from playwright.sync_api import expect

from lean_flask.testing import faults
from support.browser import skip_pause

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def site(app, warm_pages):
    return warm_pages.serve(app)


@pytest.fixture
def pick(site, open_warm_page):
    """Opens the picker through the host's own link."""

    def go(language="en", path="/link", **options):
        page = open_warm_page(locale="ar-SA" if language == "ar" else "en-GB", **options)
        page.goto(f"{site}{path}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        return page

    return go


def dialog(page):
    return page.frame_locator("#lean-stand-in")


def end(page, status):
    dialog(page).locator(f"[data-lean-end={status}]").click()


def the_config(fake_lean):
    launch = fake_lean.launches[-1]
    assert launch["method"] == "connect"
    return launch["config"]


def test_choosing_a_bank_with_the_keyboard_alone(pick, fake_lean, app, site):
    page = pick()
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("alrajhi")
    expect(page.locator("#all .row:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(dialog(page).locator("[data-lean-end=SUCCESS]")).to_be_visible()
    config = the_config(fake_lean)
    token = config.pop("access_token")
    assert token.count(".") == 2
    assert config == {
        "app_token": fake_lean.app_token,
        "customer_id": app.config["CONNECT"]["customer_id"],
        "permissions": ["identity", "accounts"],
        "bank_identifier": "RJHI_SAU",
        "account_type": "PERSONAL",
        "sandbox": True,
        "language": "en",
        "success_redirect_url": f"{site}/lean/return/success",
        "fail_redirect_url": f"{site}/lean/return/fail",
    }


def test_choosing_a_bank_in_arabic_on_a_phone(pick, fake_lean):
    page = pick("ar", **PHONE)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.get_by_role("searchbox").fill("الراجحى")
    row = page.locator("#all .row:visible")
    expect(row).to_have_count(1)
    row.tap()
    expect(dialog(page).locator("[data-lean-end=SUCCESS]")).to_be_visible()
    config = the_config(fake_lean)
    assert (config["bank_identifier"], config["language"]) == ("RJHI_SAU", "ar")


def test_a_customer_cancels_then_fails_then_comes_back_to_the_host(pick):
    """All from one page, with nothing lost on the way."""
    page = pick(clock=True)
    page.get_by_role("searchbox").fill("rajhi")
    row = page.locator("#all .row:visible")
    expect(row).to_have_count(1)
    row.click()
    end(page, "CANCELLED")
    expect(row).to_have_count(1)
    expect(row).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_value("rajhi")

    row.click()
    end(page, "ERROR")
    page.clock.fast_forward(2_000)
    screen = page.locator("#screen")
    expect(screen.get_by_role("heading", level=1)).to_be_focused()
    expect(screen).to_contain_text(re.compile(r"[0-9A-Za-z]{16}"))  # the reference
    expect(screen.get_by_role("button", name="Choose another bank")).to_be_visible()
    screen.get_by_role("button", name="Try again").click()

    end(page, "SUCCESS")
    expect(page.get_by_role("heading", level=1)).to_contain_text("connected")
    skip_pause(page)
    page.wait_for_url(re.compile(r"/done\?lean_status=SUCCESS&lean_flow=.+"))
    expect(page.get_by_role("heading")).to_have_text("Back at the host")


def test_a_preset_bank_that_is_unavailable_is_named(pick, fake_lean, app):
    app.config["CONNECT"]["bank_identifier"] = "RJHI_SAU"
    fake_lean.set_availability("RJHI_SAU", active={"data": False})
    page = pick()
    expect(page.locator("#notice")).to_contain_text("Al Rajhi Bank")
    expect(page.locator("#notice")).to_contain_text("is not available right now. Try again later")
    assert fake_lean.launches == []


def test_an_unavailable_bank_says_why_and_never_launches(pick, fake_lean, site):
    """One that was unavailable before, and one that goes offline while the list is shown."""
    fake_lean.set_availability("SNB_SAU", active={"data": False})
    page = pick()
    row = page.locator("#all .row[value=SNB_SAU]")
    expect(row).to_have_attribute("aria-disabled", "true")
    row.hover()  # until it lies still
    row.click(force=True)  # Playwright would wait for it to be enabled
    expect(row).to_contain_text("Not available right now")
    expect(page.locator("#notice")).to_contain_text("Try again later")

    event = fake_lean.set_availability("RJHI_SAU", active={"data": False})
    assert fake_lean.send_webhook(f"{site}/lean/webhooks", event).status_code == 200
    page.locator("#all .row[value=RJHI_SAU]").click()
    expect(page.locator("#all li", has_text="Al Rajhi")).to_contain_text("Not available right now")
    assert fake_lean.launches == []


def test_my_bank_is_not_listed_opens_the_sdks_own_choice(pick, fake_lean):
    page = pick()
    page.get_by_role("button", name="My bank is not listed").click()
    expect(dialog(page).locator("[data-bank=RJHI_SAU]")).to_be_visible()
    assert "bank_identifier" not in the_config(fake_lean)


def test_without_any_list_customers_can_go_on(pick, fake_lean):
    fake_lean.fault("banks", faults.Status(500))
    page = pick()
    page.get_by_role("button", name="Continue").click()
    expect(dialog(page).locator("[data-bank=RJHI_SAU]")).to_be_visible()
    assert "bank_identifier" not in the_config(fake_lean)


def test_a_blocked_loader_is_explained_and_can_be_tried_again(pick, fake_lean):
    fake_lean.fault("loader", faults.Status(403))
    page = pick()
    page.locator("#all .row", has_text="Al Rajhi").click()
    expect(page.locator("#screen")).to_contain_text("could not load")
    fake_lean.heal("loader")
    page.get_by_role("button", name="Try again").click()
    expect(dialog(page).locator("[data-lean-end=SUCCESS]")).to_be_visible()
    assert the_config(fake_lean)["bank_identifier"] == "RJHI_SAU"


def test_the_language_link_keeps_the_flow(pick):
    page = pick()
    page.get_by_role("button", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#all .row").first).to_be_visible()


def test_without_javascript_the_list_can_be_read_and_a_tap_says_what_is_missing(pick):
    page = pick(java_script_enabled=False)
    notice = page.locator("#choice noscript")  # parsed as text: Playwright's switch is a late one
    assert "The next step needs JavaScript" in notice.inner_html()
    assert page.locator("#all .row:visible").count() > 10
    page.locator("#all .row", has_text="Al Rajhi").click()
    parts = page.locator("#screen noscript")
    expect(parts).to_have_count(2)  # once the next page is there
    said = "".join(part.inner_html() for part in parts.all())
    assert said.count("The next step needs JavaScript") == 1
    assert said.count("Back to the banks") == 1


def test_a_stopped_lean_changes_nothing_on_the_list(pick, fake_lean):
    before = pick().locator("#all .name").all_text_contents()
    fake_lean.stop()
    assert pick().locator("#all .name").all_text_contents() == before


# --- every flow, and every language, with every ending ------------------------------------------

FLOWS = {"connect": "/link", "pay": "/pay", "checkout": "/checkout"}
#: As the SDK in production refuses a config: it says nothing, this once.
SILENT = """method => { const own = Lean[method];
  Lean[method] = () => { Lean[method] = own; window.asked = true; }; }"""


@pytest.mark.parametrize(
    ("method", "language"),
    [("connect", "en"), ("pay", "ar"), ("checkout", "en")],
)
def test_every_ending_on_a_phone(pick, fake_lean, app, site, method, language):
    fake_lean.fault("loader", faults.Status(403))
    page = pick(language, FLOWS[method], clock=True, **PHONE)
    row = page.locator("#all .row[value=RJHI_SAU]")
    retry = page.locator("#screen [data-action=retry]")

    def ends(status):
        expect(dialog(page).locator(f"[data-lean-end={status}]")).to_be_visible()
        assert_exact_config(fake_lean, app, method, language, site)
        fake_lean.launches.clear()
        end(page, status)

    def offers(button):
        expect(button).to_be_visible()
        expect(page.locator("#screen h1")).to_be_focused()

    row.tap()
    offers(retry)  # the loader is blocked
    fake_lean.heal("loader")
    retry.tap()

    ends("ERROR")
    page.clock.fast_forward(2_000)  # it could still be followed by the way to the bank
    another = page.locator("#screen [data-action=another]")
    offers(another)
    another.tap()

    for status in ("CANCELLED", "LINK_CLOSED_PROGRAMMATICALLY"):
        row.tap()
        ends(status)
        expect(row).to_be_focused()
        expect(page.locator("#notice")).to_be_visible()

    page.evaluate(SILENT, method)
    row.tap()
    expect(page.locator("#all .row.chosen")).to_be_visible()
    page.wait_for_function("() => window.asked")
    page.clock.run_for(6_000)
    offers(retry)
    retry.tap()

    ends("SUCCESS")
    offers(page.locator("#screen [data-href=next]"))


def assert_exact_config(fake_lean, app, method, language, site):
    [launch] = fake_lean.launches
    config = dict(launch["config"])
    ours = {"customer_id", "amount", "currency", "return_url"}
    given = app.config[{"connect": "CONNECT", "pay": "PAY", "checkout": "CHECKOUT"}[method]]
    own = {name: value for name, value in given.items() if name not in ours}
    if method == "connect":
        own |= {"customer_id": given["customer_id"], "account_type": "PERSONAL"}
    assert config.pop("access_token").count(".") == 2
    assert launch["method"] == method
    assert config == own | {
        "app_token": fake_lean.app_token,
        "bank_identifier": "RJHI_SAU",
        "sandbox": True,
        "language": language,
        "success_redirect_url": f"{site}/lean/return/success",
        "fail_redirect_url": f"{site}/lean/return/fail",
    }
