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
    here = stage(clock=True)
    held = []
    here.open()
    here.page.route("**/launch?**", lambda route: held.append(route))
    here.tap()
    here.wait("[aria-busy=true]")
    here.page.clock.run_for(6_000)
    here.page.locator("[data-action=cancel]").click()
    expect(here.page.locator(f"#all [value={BANK}]")).to_be_focused()
    held[0].continue_()
    expect(here.page.locator("[aria-busy=true]")).to_have_count(0)
    assert fake_lean.launches == []


def test_a_choice_is_sent_before_the_page_shows_it(stage):
    here = stage()
    here.page.add_init_script(
        """const send = window.fetch;
        window.fetch = (url, options) => {
          window.seenBefore ??= document.querySelector("[aria-busy=true], .chosen") !== null;
          return send(url, options);
        };"""
    )
    here.choose()
    assert here.page.evaluate("window.seenBefore") is False


def test_a_launch_that_is_answered_soon_shows_no_indicator(stage):
    here = stage()
    here.open()
    here.wait("form[data-ready]")
    here.page.route("**/launch?**", lambda route: None)
    milliseconds = here.page.locator(f"#all [value={BANK}]").evaluate(
        """async row => {
          const opening = row.form.closest("#lean-picker").querySelector("#opening");
          const start = performance.now();
          row.click();
          while (opening.hidden) await new Promise(requestAnimationFrame);
          return performance.now() - start;
        }"""
    )
    assert milliseconds > 245  # a timer is not early by more than its rounding


def test_what_was_asked_before_a_launch_does_not_end_it(stage):
    here = stage()
    held = []
    here.open()
    here.tap()
    with here.page.expect_response("**/callback?**"):
        here.dialog.locator("[data-lean-end=CANCELLED]").click()
    expect(here.page.locator("#notice")).to_be_visible()
    here.page.route("**/flows/*", lambda route: held.append(route), times=1)
    with here.page.expect_request("**/flows/*") as asked:
        here.page.evaluate("dispatchEvent(new Event('focus'))")
    before = here.page.request.get(asked.value.url).json()
    assert before["sdk_status"] == "CANCELLED"
    here.tap()
    here.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    with here.page.expect_event("requestfinished", lambda request: "/flows/" in request.url):
        held[0].fulfill(json=before)
    expect(here.page.locator("#notice")).to_be_hidden()
    expect(here.page.locator("#lean-picker")).to_have_attribute("inert", "")


def test_the_account_type_decides_which_record_of_a_brand_is_used(stage, fake_lean):
    here = stage(settings={"account_types": ["PERSONAL", "BUSINESS"]})
    here.open()
    row = here.page.locator("#all .row:visible", has_text="Al Rajhi Bank")
    expect(row).to_have_attribute("value", BANK)
    here.page.get_by_label("Business").check(force=True)
    expect(row).to_have_attribute("value", "RJHI_BUSINESS_SAU")
    here.find("rajhi")
    row.click()
    here.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    config = fake_lean.launches[-1]["config"]
    assert (config["bank_identifier"], config["account_type"]) == ("RJHI_BUSINESS_SAU", "BUSINESS")


def test_a_bank_of_both_lists_is_launched_as_what_was_chosen(stage, fake_lean):
    fake_lean.banks.append(fake_lean.bank("RIYAD_SAU") | {"account_type": "BUSINESS"})
    here = stage(settings={"account_types": ["PERSONAL", "BUSINESS"]})
    here.open()
    for name in ("Personal", "Business"):
        here.page.get_by_label(name).check(force=True)
        for query in ("riyad", ""):
            here.search(query)
            expect(here.page.locator('#all [value="RIYAD_SAU"]:visible')).to_have_count(1)
        here.page.locator('#all [value="RIYAD_SAU"]:visible').click()
        here.dialog.locator("[data-lean-end=SUCCESS]").click()
        config = fake_lean.launches[-1]["config"]
        assert (config["bank_identifier"], config["account_type"]) == ("RIYAD_SAU", name.upper())
        expect(here.page.locator("#screen")).to_be_visible()
        here.open()
        here.page.get_by_label(name).check(force=True)
        expect(here.page.locator("#recent .row:visible")).to_have_count(1)


def test_a_tap_before_the_script_is_there_is_carried_out(held_script, fake_lean):
    here = held_script
    here.page.goto(f"{here.site}/connect/en", wait_until="commit")
    row = here.page.locator(f"#all [value={BANK}]")
    expect(row).to_be_visible()
    row.click(no_wait_after=True)
    expect(here.page.locator("#screen h1")).to_have_text("Opening Al Rajhi Bank…")
    expect(here.page.get_by_text("JavaScript")).to_have_count(0)
    here.let.set()
    here.dialog.locator("[data-lean-end=CANCELLED]").wait_for()
    assert [launch["config"]["bank_identifier"] for launch in fake_lean.launches] == [BANK]
    assert "chosen" not in here.page.url
    here.dialog.locator("[data-lean-end=CANCELLED]").click()
    expect(here.page.locator(":focus")).to_have_attribute("value", BANK)


def test_my_bank_is_not_listed_is_carried_out_too(held_script, fake_lean):
    here = held_script
    here.page.goto(f"{here.site}/connect/en", wait_until="commit")
    here.page.locator(".unlisted button").click(no_wait_after=True)
    expect(here.page.locator("#screen h1")).to_have_text("Opening the secure window…")
    here.let.set()
    here.dialog.locator("[data-bank=RJHI_SAU]").wait_for()
    assert "bank_identifier" not in fake_lean.launches[-1]["config"]


def test_enter_before_the_script_is_there_chooses_no_bank(held_script, fake_lean):
    here = held_script
    here.page.goto(f"{here.site}/connect/en", wait_until="commit")
    here.page.locator("#query").fill("rajhi")
    url = here.page.url
    here.page.locator("#query").press("Enter", no_wait_after=True)
    here.let.set()
    here.wait("form[data-ready]")
    assert here.page.url == url
    expect(here.page.locator("#all .row:visible")).to_have_count(1)
    assert fake_lean.launches == []


def test_the_script_of_the_ending_is_asked_for_again(stage, fake_lean):
    here = stage()
    here.page.route("**/ending.js?*", lambda route: route.abort(), times=1)
    here.open()
    here.tap()
    here.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    assert len(fake_lean.launches) == 1
