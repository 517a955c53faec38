"""The host's logo and font, as a browser shows them."""

from __future__ import annotations

import pytest
from flask import Response, render_template_string
from playwright.sync_api import expect

from support.picker_stage import SETTINGS

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100"><rect width="400" height="100"'
    ' fill="{}"/></svg>'
)


@pytest.fixture
def branded(stage, monkeypatch):
    monkeypatch.setitem(SETTINGS, "host_logo", {"light": "/logo-light", "dark": "/logo-dark"})
    here = stage()

    @here.app.get("/logo-<scheme>")
    def logo(scheme: str) -> Response:
        return Response(LOGO.format(scheme), mimetype="image/svg+xml")

    return here


def test_the_logo_has_its_size_and_leads_back(branded):
    branded.open()
    logo = branded.page.get_by_role("img", name="Back to Qahwa")
    expect(logo).to_be_visible()
    assert logo.evaluate("logo => [logo.width, logo.height]") == [112, 28]
    assert "logo-light" in logo.evaluate("logo => logo.currentSrc")
    expect(branded.page.get_by_role("link", name="Back to Qahwa")).to_be_visible()
    branded.page.emulate_media(color_scheme="dark")
    expect(logo).to_be_visible()
    branded.page.reload()
    assert "logo-dark" in logo.evaluate("logo => logo.currentSrc")


def test_a_logo_that_does_not_load_leaves_its_words(branded):
    branded.page.route("**/logo-*", lambda route: route.abort())
    branded.open()
    branded.wait("form[data-ready]")
    expect(branded.page.locator("picture img")).to_have_attribute("alt", "Back to Qahwa")
    expect(branded.page.get_by_role("link", name="Back to Qahwa")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390])
def test_a_wide_logo_leaves_room_for_the_language_in_large_text(branded, width):
    branded.page.set_viewport_size({"width": width, "height": 844})
    branded.open()
    branded.wait("form[data-ready]")
    branded.page.evaluate("document.querySelector('.card').style.fontSize = '32px'")
    assert branded.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "sideways"
    logo = branded.page.locator(".back img")
    assert logo.evaluate("logo => logo.height") == 56  # a line of its own, and no sliver
    assert logo.evaluate("logo => logo.width") > 150
    assert branded.page.locator(".toolbar").evaluate("bar => bar.offsetHeight") < 6 * 32


def test_an_embedded_picker_takes_font_and_padding_of_the_page_around_it(stage):
    here = stage()
    lean = here.app.blueprints["lean"]
    customer = here.fake.add_customer("user-1")

    @here.app.get("/in-a-card")
    def in_a_card() -> str:
        flow = lean.connect(customer_id=customer, permissions=["accounts"], language="en")
        style = "lean-picker { --lean-font: Georgia, serif; --lean-padding: 0 }"
        page = "<!doctype html><title>x</title><style>{{ style }}</style>{{ flow.embed() }}"
        return render_template_string(page, flow=flow, style=style)

    here.page.goto(f"{here.site}/in-a-card")
    card = here.page.locator("lean-picker #lean-picker")
    expect(card.locator("#query")).to_be_visible()
    shown = "of => [getComputedStyle(of).fontFamily, getComputedStyle(of).paddingLeft]"
    assert card.evaluate(shown) == ["Georgia, serif", "0px"]
    assert card.locator("#query").evaluate(shown)[0] == "Georgia, serif"
