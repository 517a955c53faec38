"""The list in Firefox and WebKit: search, keys, languages, colours, and a page of the host."""

from __future__ import annotations

from typing import Any

import pytest
from flask import render_template_string

from support.picker_stage import BANK

#: What customers type, in both scripts, with slips of theirs, and the bank that they mean.
QUERIES = {
    "rajhi": BANK,
    "al rahji": BANK,
    "الراجحى": BANK,
    "مصرف الراجحي": BANK,
    "snb": "SNB_SAU",
    "الاهلي": "SNB_SAU",
    "البلاد": "ALBILAD_SAU",
    "RIYAD": "RIYAD_SAU",
}
TWO = """<!doctype html><html lang="en"><head><title>Host</title><style>
* { letter-spacing: .5em; text-transform: uppercase; } button, .row, .card { display: none; }
</style></head><body><main><h1>Mine</h1>{{ one.embed() }}{{ two.embed() }}</main></body></html>"""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_bank_that_is_meant_is_found_and_chosen_with_the_keys(
    language: str, stage: Any, fake_lean: Any
) -> None:
    here = stage(language)
    here.open()
    assert here.page.evaluate("document.documentElement.dir") == (
        "rtl" if language == "ar" else "ltr"
    )
    box = here.page.locator("#query")
    first = here.page.locator("#all .row:visible").first
    for query, bank in QUERIES.items():
        box.fill(query)
        here.page.until(lambda bank=bank: first.get_attribute("value") == bank, f"{query}: {bank}")
    box.press("\ue015")  # down
    first.wait_for_focus()
    first.press("\ue007")  # enter
    here.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    assert fake_lean.launches[-1]["config"]["bank_identifier"] == "RIYAD_SAU"


def test_the_other_language_keeps_the_flow(stage: Any) -> None:
    here = stage()
    here.open()
    here.page.get_by_role("button", name="العربية").click()
    here.page.wait_for_function("() => document.documentElement.lang === 'ar'")
    here.tap()
    here.dialog.locator("[data-lean-end=SUCCESS]").wait_for()


def test_the_list_is_dark_where_the_system_is(stage: Any) -> None:
    here = stage()
    here.page.set(dark=True)
    here.open()
    text = rgb(here.page.locator("#all .name"), "color")
    surface = rgb(here.page.locator(".card"), "backgroundColor")
    assert min(text) > 200
    assert max(surface) < 60


def rgb(locator: Any, name: str) -> list[int]:
    colour = locator.evaluate(f"(element) => getComputedStyle(element).{name}")
    return [int(part) for part in colour[4:-1].split(",")]


def test_two_pickers_in_a_page_of_the_host_keep_to_themselves(stage: Any, fake_lean: Any) -> None:
    here = stage(webhook_secret=None)
    lean = here.app.blueprints["lean"]
    customer = here.fake.add_customer("user-1")

    def flow(**more: Any) -> Any:
        return lean.connect(
            customer_id=customer, permissions=["accounts"], return_url="/done", **more
        )

    @here.app.get("/two")
    def two() -> str:
        return render_template_string(TWO, one=flow(language="en"), two=flow(language="ar"))

    here.page.goto(f"{here.site}/two")
    here.page.locator("#all .row").wait_for()
    second = "document.querySelectorAll('lean-picker')[1].shadowRoot"
    spacing = f"getComputedStyle({second}.querySelector('.name')).letterSpacing"
    assert here.page.evaluate(spacing) == "normal"
    here.page.locator("#query").nth(1).fill("riyad")
    rows = f"[...{second}.querySelectorAll('#all .row')]"
    shown = f"{rows}.filter((row) => row.getClientRects().length)"
    here.page.wait_for_function(f"() => {shown}.length === 1")
    assert here.page.locator("#all .row:visible").count() > 10
    here.page.locator("#all [value=RIYAD_SAU]:visible").nth(1).click()
    here.dialog.locator("[data-lean-end=SUCCESS]").click()
    here.page.until(lambda: "تم" in here.page.evaluate(f"{second}.textContent"), "No success")
    assert fake_lean.launches[-1]["config"]["language"] == "ar"
