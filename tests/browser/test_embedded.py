"""The picker in a page of the host."""

from __future__ import annotations

from typing import Any

import pytest
from flask import render_template_string
from playwright.sync_api import expect

from lean_flask.testing import faults
from support.browser import skip_pause

HOSTILE_PAGE = """<!doctype html><html lang="en"><head><title>Host</title><style>
* { font-family: cursive; letter-spacing: .5em; text-transform: uppercase; margin: 7px; }
html { font-size: 40px; } button, .row, .card { display: none; } h2 { font-size: 90px; }
</style></head><body><main><h1 class="title">My page</h1><p class="notice">Mine</p>
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
    title, line = page.locator("h1.title"), page.locator("main > p.notice")
    assert title.evaluate("title => getComputedStyle(title).lineHeight") == "normal"
    assert line.evaluate("line => getComputedStyle(line).borderInlineStartWidth") == "0px"


def test_two_pickers_on_one_page_keep_to_themselves(hosted, fake_lean):
    page = hosted.page
    page.clock.install()
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
    skip_pause(page)
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
