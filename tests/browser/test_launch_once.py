"""One launch for each choice, and the way to call it off."""

from __future__ import annotations

from playwright.sync_api import expect

from support.picker_stage import BANK


def test_a_second_tap_launches_nothing_more(stage, fake_lean):
    here = stage()
    here.open()
    here.page.locator(f"#all [value={BANK}]").dblclick(no_wait_after=True)
    here.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    assert len(fake_lean.launches) == 1


def test_a_launch_can_be_called_off(stage, fake_lean):
    here = stage()
    held = []
    here.page.route("**/launch?**", lambda route: held.append(route))
    here.page.clock.install()
    here.open()
    here.tap()
    here.wait("[aria-busy=true]")
    here.page.clock.run_for(6_000)
    here.page.locator("[data-action=cancel]").click()
    expect(here.page.locator(f"#all [value={BANK}]")).to_be_focused()
    held[0].continue_()
    expect(here.page.locator("[aria-busy=true]")).to_have_count(0)
    assert fake_lean.launches == []


def test_the_account_type_decides_which_record_of_a_brand_is_used(stage, fake_lean):
    here = stage(settings={"account_types": ["PERSONAL", "BUSINESS"]})
    here.open()
    row = here.page.locator("#all .row:visible", has_text="Al Rajhi Bank")
    expect(row).to_have_attribute("value", BANK)
    here.page.get_by_label("Business").check(force=True)
    expect(row).to_have_attribute("value", "RJHI_BUSINESS_SAU")
    here.search("rajhi")
    row.click()
    here.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    config = fake_lean.launches[-1]["config"]
    assert (config["bank_identifier"], config["account_type"]) == ("RJHI_BUSINESS_SAU", "BUSINESS")


def test_a_tap_before_the_script_is_there_does_not_leave_the_page(held_script, fake_lean):
    here = held_script
    here.page.goto(f"{here.site}/connect/en", wait_until="commit")
    row = here.page.locator(f"#all [value={BANK}]")
    expect(row).to_be_visible()
    url = here.page.url
    row.click(no_wait_after=True)
    here.let.set()
    here.wait("form.ready")
    assert here.page.url == url
    row.click()
    here.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    assert len(fake_lean.launches) == 1
