"""The example of a picker in a host's own front end, in both languages."""

import pytest
from custom_frontend.app import create_app
from playwright.sync_api import expect

NOTICE = {"en": "Back at 6 pm", "ar": "يعود في السادسة مساءً"}


@pytest.mark.parametrize(
    ("language", "typed", "found", "cancelled", "linked"),
    [
        ("en", "rajhi", "Al Rajhi Bank", "Nothing was changed", "Your bank is linked"),
        ("ar", "الراجحى", "مصرف الراجحي", "لم يتغيّر شيء", "تم ربط حسابك البنكي"),
    ],
)
def test_search_cancel_and_link(
    fake_lean, serve, open_page, language, typed, found, cancelled, linked
):
    app = create_app(fake_lean, store_url="memory:")
    with app.app_context():
        app.blueprints["lean"].override("SNB_SAU", "unavailable", message=NOTICE)
    page = open_page()
    page.goto(f"{serve(app)}/?lang={language}")
    rows, status = page.locator("li button"), page.get_by_role("status")
    expect(page.locator("li button:disabled", has_text=NOTICE[language])).to_be_visible()
    page.locator("input").fill("qqqqqq")
    expect(status).not_to_be_empty()
    page.locator("input").fill(typed)
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(found)

    dialog = page.frame_locator("#lean-stand-in")
    rows.click()
    dialog.locator("[data-lean-end=CANCELLED]").click()
    expect(status).to_contain_text(cancelled)
    rows.click()
    dialog.locator("[data-lean-end=SUCCESS]").click()
    page.wait_for_url("**/linked?**lean_status=SUCCESS**")
    expect(status).to_contain_text(linked)
    assert [call["config"]["bank_identifier"] for call in fake_lean.launches] == ["RJHI_SAU"] * 2
