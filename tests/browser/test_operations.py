"""The operations page in Chromium: axe finds nothing, and its forms need no script."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from support.operations import Operations

AXE = Axe().axe_script
RUN = """() => axe.run({ resultTypes: ["violations"] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)]))"""
LOOKS = [
    ("en", {"width": 390, "height": 844}, "light"),
    ("ar", {"width": 1280, "height": 900}, "dark"),
    ("ar", {"width": 320, "height": 640}, "light"),
    ("en", {"width": 1280, "height": 900}, "dark"),
]


def test_an_operator_sets_a_bank_by_hand_and_undoes_it(make_app, serve, open_page):
    operations = Operations(make_app())
    operations.services.catalog.refresh()
    operations.event("event-dead", state="dead")
    operations.event("event-failing", attempts=1)
    page, site = open_page(), serve(operations.app)
    page.goto(f"{site}/lean/operations?lang=en")
    page.get_by_label("Bank", exact=True).select_option("SNB_SAU")
    page.get_by_label("The bank is not shown").check()
    page.get_by_label("Why, for your colleagues").fill("Incident 4711")
    page.get_by_role("button", name="Set the bank").click()
    said = page.get_by_role("status")
    expect(said).to_contain_text("Saudi National Bank is set by hand.")
    expect(said).to_be_focused()
    for language, viewport, scheme in LOOKS:
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{site}/lean/operations?lang={language}")
        page.evaluate(AXE)
        assert page.evaluate(RUN) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "sideways"
    page.get_by_role("button", name="Undo SNB_SAU").click()
    expect(said).to_contain_text("Saudi National Bank is again as Lean says.")
