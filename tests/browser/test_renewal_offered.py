"""A bank that is linked already: choosing it offers to renew that, before a second link."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from support.picker_stage import BANK

WORDS = {
    "en": ("Linked until 12 Jan 2027", "You have linked this bank already.", "Renew"),
    "ar": ("مرتبط حتى 12 يناير 2027", "سبق أن ربطت حسابًا في هذا البنك.", "تجديد الربط"),
}
ANOTHER = {"en": "Link another account", "ar": "ربط حساب آخر"}
CHOOSE = {"en": "Choose another bank", "ar": "اختيار بنك آخر"}


def press(here, name):
    here.page.get_by_role("button", name=name, exact=True).click()


def launched(here, number):
    """The config of the launch with this *number*, without what differs each time."""
    here.dialog.locator("[data-lean-end=CANCELLED]").first.wait_for()
    assert len(here.fake.launches) == number
    config = dict(here.fake.launches[-1]["config"])
    for name in ("app_token", "access_token", "success_redirect_url", "fail_redirect_url"):
        assert config.pop(name)
    return here.fake.launches[-1]["method"], config


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_linked_bank_is_renewed_or_linked_once_more(stage, language):
    """Both from one page: by pointer, then by keyboard in the results of a search."""
    here = stage(language)
    here.link(BANK)
    here.open("marked")
    page, (until, text, renew) = here.page, WORDS[language]
    expect(page.locator(f"#all [value={BANK}]")).to_contain_text(until)
    here.wait("form[data-ready]")
    here.tap()
    notice = page.locator("#all #notice")
    expect(notice).to_contain_text(text)
    expect(page.locator("#status")).to_contain_text(until)
    expect(page.locator("#status")).to_contain_text(text)
    expect(page.locator(f"#all [value={BANK}]")).to_be_focused()
    assert here.fake.launches == []
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=renew, exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    same = {
        "customer_id": here.fake.add_customer("user-1"),
        "bank_identifier": BANK,
        "account_type": "PERSONAL",
        "sandbox": True,
        "language": language,
    }
    assert launched(here, 1) == ("connect", same | {"permissions": ["accounts"]})
    here.dialog.locator("[data-lean-end=CANCELLED]").first.click()
    expect(page.locator(f"#all [value={BANK}]")).to_be_focused()
    expect(page.locator(".offer")).to_have_count(0)

    here.search("RJHI")
    page.keyboard.press("Enter")  # chooses the only one
    expect(page.locator("#all #notice")).to_contain_text(text)
    assert len(here.fake.launches) == 1
    press(here, ANOTHER[language])
    assert launched(here, 2) == ("connect", same | {"permissions": ["identity", "accounts"]})


def test_the_offer_can_be_left_for_another_bank(stage):
    here = stage()
    here.link(BANK, ("accounts", "transactions"))  # more than this flow asks for
    here.open("marked")
    here.wait("form[data-ready]")
    here.page.locator(f".popular [value={BANK}]").click()
    expect(here.page.locator(".popular .offer")).to_be_visible()
    expect(here.page.get_by_role("button", name="Renew", exact=True)).to_have_count(0)
    press(here, CHOOSE["en"])
    expect(here.page.locator(".offer")).to_have_count(0)
    expect(here.page.locator("#query")).to_be_focused()
    here.tap()
    here.search("rajhi")
    expect(here.page.locator(".offer")).to_have_count(0)
    here.search("")
    here.tap("SNB_SAU")
    assert launched(here, 1)[1]["bank_identifier"] == "SNB_SAU"


def test_each_account_type_and_the_banks_used_before_have_their_own(stage):
    here = stage(settings={"account_types": ["PERSONAL", "BUSINESS"]})
    here.link(BANK)
    here.link("RJHI_BUSINESS_SAU", ("identity",))
    here.open("marked")
    here.page.evaluate("""localStorage['lean-picker:recent'] = '["RJHI_BUSINESS_SAU"]'""")
    here.page.reload()
    here.wait("form[data-ready]")
    here.tap()
    expect(here.page.locator(".offer")).to_be_visible()
    here.page.get_by_label("Business").check(force=True)
    expect(here.page.locator(".offer")).to_have_count(0)
    here.page.locator("#recent [value=RJHI_BUSINESS_SAU]").click()
    expect(here.page.locator("#recent .offer")).to_be_visible()
    press(here, "Renew")
    _, config = launched(here, 1)
    assert (config["account_type"], config["permissions"]) == ("BUSINESS", ["identity"])


def test_without_the_script_of_the_offer_the_choice_is_launched(stage):
    """It is the script of Lean's window, too: the page says that it did not come."""
    here = stage()
    here.link(BANK)
    here.page.route("**/ending.js**", lambda route: route.abort())
    here.open("marked")
    here.wait("form[data-ready]")
    here.tap()
    expect(here.page.locator("#notice")).to_contain_text("Check your connection")
    here.page.unroute("**/ending.js**")
    here.tap()
    press(here, ANOTHER["en"])
    assert launched(here, 1)[1]["permissions"] == ["identity", "accounts"]


def test_what_has_ended_is_linked_anew_at_once(stage):
    here = stage()
    here.fake.revoke_entity(here.link(BANK))
    here.open("marked")
    expect(here.page.locator(f"#all [value={BANK}]")).to_contain_text("The connection has ended")
    here.tap()
    assert launched(here, 1)[1]["permissions"] == ["identity", "accounts"]


def test_an_embedded_picker_offers_it_too(stage):
    here = stage()
    here.link(BANK)
    here.open("embedded")
    expect(here.page.locator(f"#all [value={BANK}]")).to_contain_text("Linked until")
    here.wait("form[data-ready]")
    here.tap()
    press(here, "Renew")
    assert launched(here, 1)[1]["permissions"] == ["accounts"]
