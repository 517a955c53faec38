"""The picker in a browser: keys, second taps, old tabs, events, and in a page of the host."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from flask import render_template_string
from playwright.sync_api import expect

from lean_flask.testing import faults
from lean_flask.testing.data.banks import many_banks
from support.picker_states import STATES, Stage, make_host

BANK = "RJHI_SAU"


@pytest.fixture
def stage(fake_lean, serve, open_page):
    def make(language="en", **options):
        settings = options.pop("settings", {})
        app = make_host(fake_lean, **settings)
        return Stage(app, fake_lean, serve(app), open_page(**options), language)

    return make


def focused(page):
    return page.evaluate("document.activeElement.value ?? document.activeElement.id")


# --- keys and screen readers --------------------------------------------------------------------


def test_the_list_is_walked_by_arrows_and_the_box_by_escape(stage):
    here = stage()
    here.open()
    page = here.page
    press = page.keyboard.press
    first, *_, last = page.locator(".row:visible").evaluate_all("rows => rows.map(r => r.value)")
    expect(page.locator("#query")).to_be_focused()
    press("ArrowDown")
    assert focused(page) == first
    press("End")
    assert focused(page) == last
    press("ArrowDown")
    assert focused(page) == last
    press("Home")
    assert focused(page) == first
    press("ArrowUp")
    expect(page.locator("#query")).to_be_focused()
    page.keyboard.type("rajhi")
    press("Home")  # still moves in the box
    press("Escape")
    assert page.locator("#query").input_value() == ""
    assert page.locator("#all .row:visible").count() > 10


def test_the_count_is_announced_once_typing_pauses(stage):
    here = stage("ar")
    here.page.clock.install()
    here.open()
    here.search("السعودي")
    expect(here.page.locator("#status")).to_be_empty()
    here.page.clock.run_for(600)
    expect(here.page.locator("#status")).to_have_text("4 بنوك")
    here.search("قققق")
    here.page.clock.run_for(600)
    expect(here.page.locator("#status")).to_contain_text("لا يوجد بنك يطابق «قققق»")


def test_enter_launches_only_the_only_one(stage, fake_lean):
    here = stage()
    here.open()
    here.search("bank")
    here.page.keyboard.press("Enter")
    assert here.page.locator("#all .row:visible").count() > 1
    assert fake_lean.launches == []
    here.search("rajhi")
    here.page.keyboard.press("Enter")
    here.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    assert fake_lean.launches[-1]["config"]["bank_identifier"] == BANK


def test_every_bank_is_found_and_is_there_again_when_the_box_is_cleared(stage, fake_lean):
    fake_lean.banks = many_banks(120, "sa", fake_lean.url)
    here = stage()
    here.page.clock.install()
    here.open()
    before = here.page.locator("#all .name").all_text_contents()
    here.search("bank")
    here.page.clock.run_for(600)
    assert sorted(here.page.locator("#all .name").all_text_contents()) == sorted(before)
    here.search("")
    assert here.page.locator("#all .name").all_text_contents() == before


def test_rows_are_large_enough_and_nothing_shifts(stage):
    here = stage(viewport={"width": 320, "height": 640}, has_touch=True)
    here.page.add_init_script(
        """window.shifted = 0; new PerformanceObserver((list) => list.getEntries().forEach(
           (entry) => { window.shifted += entry.value; }))
           .observe({type: "layout-shift", buffered: true})"""
    )
    STATES["used-before"][0](here)
    heights = here.page.locator(".row:visible").evaluate_all(
        "rows => rows.map(row => row.getBoundingClientRect().height)"
    )
    assert min(heights) >= 48
    assert here.page.evaluate("window.shifted") == 0


def test_forced_colours_and_reduced_motion_are_heard(stage):
    here = stage(forced_colors="active", reduced_motion="reduce")
    here.open()
    style = here.page.locator("#all .row").first.evaluate(
        "row => getComputedStyle(row).borderTopWidth"
    )
    spin = here.page.locator(".spinner").evaluate(
        "part => getComputedStyle(part).animationDuration"
    )
    assert (style, spin) == ("1px", "3s")


def test_a_broken_logo_gives_way_to_initials(stage, fake_lean):
    for bank in fake_lean.banks:
        bank["logo"] = bank["logo_alt"] = f"{fake_lean.url}/no-such-logo.png"
    here = stage()
    here.open()
    tile = here.page.locator(f"#all [value={BANK}] .tile")
    expect(tile.locator("img")).to_have_count(0)
    assert tile.locator("text").evaluate("text => getComputedStyle(text).visibility") == "visible"


def test_no_row_is_under_the_search_box_when_it_has_the_focus(stage):
    here = stage(viewport={"width": 390, "height": 844})
    here.open()
    press = here.page.keyboard.press
    press("ArrowDown")
    press("End")
    bar = here.page.locator(".bar").bounding_box()
    tops = []
    for _ in range(12):
        press("ArrowUp")
        tops.append(here.page.evaluate("document.activeElement.getBoundingClientRect().top"))
    assert min(tops) >= bar["height"]


# --- the line about a choice --------------------------------------------------------------------


def cancelled(here):
    here.search("rajhi")
    here.tap()
    here.dialog.locator("[data-lean-end=CANCELLED]").click()
    expect(here.page.locator("#line")).to_contain_text("You closed the secure window")


def not_available(here):
    here.search("rajhi")
    here.tap()
    expect(here.page.locator("#line")).to_contain_text("Try again later")


def offline(here):
    here.page.route("**/launch?**", lambda route: route.abort(), times=1)
    here.search("rajhi")
    here.tap()
    expect(here.page.locator("#line")).to_contain_text("Check your connection")


@pytest.mark.parametrize("before", [cancelled, not_available, offline])
def test_after_any_word_about_one_bank_another_can_be_searched_and_chosen(stage, before):
    here = stage()
    if before is not_available:
        here.fake.set_availability(BANK, active={"data": False})
    here.open()
    before(here)
    here.search("riyad")
    expect(here.page.locator("#line")).to_be_hidden()
    here.page.locator("#all .row:visible").click()
    here.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    assert here.fake.launches[-1]["config"]["bank_identifier"] == "RIYAD_SAU"


def test_a_word_in_the_full_list_is_not_copied_into_the_results(stage):
    here = stage()
    here.fake.set_availability(BANK, active={"data": False})
    here.open()
    here.tap()
    expect(here.page.locator("#line")).to_be_visible()
    here.search("rajhi")
    expect(here.page.locator("#line")).to_have_count(1)
    expect(here.page.locator("#line")).to_be_hidden()


@pytest.mark.parametrize("chosen", ["#all .row:not([aria-disabled]) >> nth=-1", ".unlisted button"])
def test_what_went_wrong_is_said_where_it_is_seen(stage, chosen):
    here = stage(viewport={"width": 390, "height": 700})
    here.page.route("**/launch?**", lambda route: route.abort())
    here.open()
    button = here.page.locator(chosen)
    button.evaluate("button => button.scrollIntoView({block: 'end'})")
    button.click()
    expect(here.page.locator("#line")).to_be_in_viewport(ratio=0.9)


# --- once, again, and later ---------------------------------------------------------------------


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
    here.page.locator("[data-do=cancel]").click()
    expect(here.page.locator(f"#all [value={BANK}]")).to_be_focused()
    held[0].continue_()
    expect(here.page.locator("[aria-busy=true]")).to_have_count(0)
    assert fake_lean.launches == []


def test_a_page_from_the_browsers_cache_is_a_list_again(stage):
    here = stage()
    STATES["redirected"][0](here)
    here.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(here.page.locator(f"#all [value={BANK}]")).to_be_focused()


def test_a_tab_left_open_shows_what_is_true_now(stage, fake_lean):
    here = stage()
    here.page.clock.install()
    here.open()
    event = fake_lean.set_availability(BANK, active={"data": False})
    fake_lean.send_webhook(f"{here.site}/lean/webhooks", event)
    row = here.page.locator(f"#all [value={BANK}]")
    expect(row).not_to_have_attribute("aria-disabled", "true")
    here.page.clock.run_for(301_000)
    here.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(row).to_have_attribute("aria-disabled", "true")


def test_a_tab_in_which_something_was_typed_is_left_alone(stage):
    here = stage()
    here.page.clock.install()
    here.open()
    here.search("rajhi")
    here.page.clock.run_for(301_000)
    here.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    here.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(here.page.locator("#query")).to_have_value("rajhi")


def test_a_link_that_expired_meanwhile_says_so_at_the_tap(stage):
    here = stage()
    STATES["expired"][0](here)
    expect(here.page.locator("h1")).to_have_text("This link has expired")
    back = here.page.get_by_role("link", name="Back to Qahwa")
    assert back.get_attribute("href") == "/done"


def test_a_bank_used_before_is_remembered_here_and_forgotten_on_request(stage):
    here = stage()
    STATES["connected"][0](here)
    here.open()
    recent = here.page.locator("#recent")
    expect(recent.locator(".row")).to_have_count(1)
    expect(recent.locator(".row")).to_have_attribute("value", BANK)
    recent.get_by_role("button", name="Clear").click()
    expect(recent).to_be_hidden()
    expect(here.page.locator("#query")).to_be_focused()
    here.page.reload()
    expect(here.page.locator("#recent")).to_be_hidden()


def test_banks_used_before_are_shown_for_the_type_that_is_chosen(stage):
    here = stage(settings={"account_types": ["PERSONAL", "BUSINESS"]})
    here.open()
    here.page.evaluate("""localStorage['lean-picker:recent'] = '["RJHI_BUSINESS_SAU"]'""")
    here.page.reload()
    expect(here.page.locator("#recent")).to_be_hidden()
    here.page.get_by_label("Business").check(force=True)
    expect(here.page.locator("#recent .row")).to_be_visible()


@pytest.fixture
def held_script(stage):
    """A stage whose script does not come until the test lets it."""
    here = stage()
    let, inner = threading.Event(), here.app.wsgi_app

    def wsgi_app(environ, start_response):
        if environ["PATH_INFO"].endswith("/picker.js"):
            let.wait(30)
        return inner(environ, start_response)

    here.app.wsgi_app = wsgi_app
    here.let = let
    yield here
    let.set()


def test_a_script_that_is_late_holds_nothing_up(held_script):
    """The list is there after a second; the banks used before would move it, so they stay out."""
    here = held_script
    here.page.goto(f"{here.site}/lean/health")
    here.page.evaluate("""localStorage['lean-picker:recent'] = '["RIYAD_SAU"]'""")
    here.page.goto(f"{here.site}/connect/en", wait_until="commit")
    expect(here.page.get_by_role("heading", level=1)).to_be_visible()
    expect(here.page.locator("#all .row").first).to_be_visible()
    assert here.page.evaluate("performance.getEntriesByType('paint').length") > 0
    here.let.set()
    here.wait("form.ready")
    expect(here.page.locator("#recent")).to_be_hidden()
    here.page.reload()
    expect(here.page.locator("#recent .row")).to_be_visible()


def test_what_a_browser_remembers_may_be_anything(stage):
    here = stage()
    here.open()
    for memory in ('"]x"', '["\\"]"]', "7", "{}", "[[]]"):
        here.page.evaluate("memory => { localStorage['lean-picker:recent'] = memory; }", memory)
        here.page.reload()
        here.search("rajhi")
        expect(here.page.locator("#all .row:visible")).to_have_count(1)
        here.search("")


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


# --- events -------------------------------------------------------------------------------------

LISTEN = """
  window.heard = [];
  for (const name of ["picker_viewed", "search_empty", "bank_unavailable", "bank_selected",
    "list_missing", "loader_blocked", "flow_closed"])
    addEventListener(`lean:${name}`, ({ detail }) => heard.push([name, detail]));
"""


@pytest.mark.parametrize(
    ("state", "events"),
    [
        ("list", ["picker_viewed"]),
        ("no-list", ["picker_viewed", "list_missing"]),
        ("unavailable", ["picker_viewed", "bank_unavailable"]),
        ("refused-at-the-tap", ["picker_viewed", "bank_selected", "bank_unavailable"]),
        ("loader-blocked", ["picker_viewed", "bank_selected", "loader_blocked"]),
        ("failed", ["picker_viewed", "bank_selected", "flow_closed"]),
    ],
)
def test_the_page_tells_of_what_happens_and_nothing_personal(stage, state, events):
    here = stage()
    here.page.add_init_script(LISTEN)
    STATES[state][0](here)
    heard = here.page.evaluate("heard")
    assert [name for name, _ in heard] == events
    told = {key for _, detail in heard for key in detail}
    assert told <= {
        "method", "language", "state", "bank_identifier", "reason", "status", "secondary_status",
    }  # fmt: skip


def test_an_empty_search_is_told_with_its_words_only_where_asked_for(stage):
    for settings, words in (({}, None), ({"report_queries": True}, "zzzzzz")):
        here = stage(settings=settings)
        here.page.add_init_script(LISTEN)
        here.page.clock.install()
        here.open()
        here.search("zzzzzz")
        with here.page.expect_request("**/lean/events?**") as sent:
            here.page.clock.run_for(600)
        assert json.loads(sent.value.post_data).get("query") == words
        assert here.page.evaluate("heard.at(-1)[1].query ?? null") == words


# --- in a page of the host ----------------------------------------------------------------------

HOSTILE_PAGE = """<!doctype html><html lang="en"><head><title>Host</title><style>
* { font-family: cursive; letter-spacing: .5em; text-transform: uppercase; margin: 7px; }
html { font-size: 40px; } button, .row, .card { display: none; } h2 { font-size: 90px; }
</style></head><body><main><h1 class="title">My page</h1><p class="line">Mine</p>
{{ one.embed() }}{{ two.embed() }}</main></body></html>"""


@pytest.fixture
def hosted(stage):
    here = stage()
    lean = here.app.blueprints["lean"]
    customer = here.fake.add_customer("user-1")

    def flow(**more: Any) -> Any:
        return lean.connect(customer_id=customer, permissions=["accounts"], language="en", **more)

    @here.app.get("/two")
    def two() -> str:
        dark = {"theme_color": "#ffd400", "force_appearance": "dark"}
        return render_template_string(
            HOSTILE_PAGE, one=flow(), two=flow(return_url="/done", customization=dark)
        )

    @here.app.get("/late")
    def late() -> str:
        return render_template_string(
            "<!doctype html><title>x</title><div id=place></div>"
            "<script src='{{ url_for('lean.script', name='embed') }}' type=module></script>"
            "<script>place.innerHTML = {{ flow.embed()|tojson }}</script>",
            flow=flow(),
        )

    return here


def test_no_style_leaks_either_way(hosted):
    page = hosted.page
    page.goto(f"{hosted.site}/two")
    picker = page.locator("lean-picker").first
    expect(picker.locator("#all .row").first).to_be_visible()
    name = picker.locator("#all .name").first
    ours = name.evaluate(
        """name => { const style = getComputedStyle(name);
        return [style.fontSize, style.letterSpacing, style.textTransform, style.fontFamily] }"""
    )
    assert ours[:3] == ["16px", "normal", "none"]
    assert "cursive" not in ours[3]
    title, line = page.locator("h1.title"), page.locator("main > p.line")
    assert title.evaluate("title => getComputedStyle(title).lineHeight") == "normal"
    assert line.evaluate("line => getComputedStyle(line).borderInlineStartWidth") == "0px"


def test_two_pickers_on_one_page_keep_to_themselves(hosted, fake_lean):
    page = hosted.page
    page.goto(f"{hosted.site}/two")
    first, second = page.locator("lean-picker").first, page.locator("lean-picker").nth(1)
    second.locator("#query").fill("riyad")
    expect(second.locator("#all .row:visible")).to_have_count(1)
    assert first.locator("#all .row:visible").count() > 10
    colours = [
        picker.locator(".card").evaluate("card => getComputedStyle(card).backgroundColor")
        for picker in (first, second)
    ]
    assert colours[0] != colours[1]
    second.locator("#all .row:visible").click()
    hosted.dialog.locator("[data-lean-end=SUCCESS]").click()
    expect(second.locator("#screen")).to_contain_text("Your bank is connected")
    page.wait_for_url("**/done?lean_status=SUCCESS**")
    assert fake_lean.launches[-1]["config"]["bank_identifier"] == "RIYAD_SAU"


def test_a_picker_that_a_script_puts_into_the_page_works(hosted):
    page = hosted.page
    page.goto(f"{hosted.site}/late")
    page.locator("lean-picker #query").fill("riyad")
    expect(page.locator("lean-picker #all .row:visible")).to_have_count(1)


def test_a_loader_that_is_blocked_is_asked_for_once_at_a_time(hosted, fake_lean):
    fake_lean.fault("loader", faults.Status(403))
    page = hosted.page
    page.goto(f"{hosted.site}/two")
    asked = fake_lean.count("loader")
    page.locator("lean-picker").first.locator("#all .row").first.click()
    expect(page.locator("lean-picker").first.locator("#screen")).to_contain_text("could not load")
    assert fake_lean.count("loader") == asked + 1
