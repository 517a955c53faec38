"""Firefox and WebKit with less than they have: no storage, no cookies, no scripts."""

from __future__ import annotations

from typing import Any


def test_with_storage_blocked_a_customer_still_comes_to_success(stage: Any) -> None:
    here = stage()
    here.page.set(storage=False)
    here.page.goto(f"{here.site}/done")
    assert here.page.evaluate("String(globalThis.localStorage)") == "null"
    here.end("SUCCESS")
    here.screen("check")


def test_with_cookies_blocked_the_page_says_that_they_are(stage: Any) -> None:
    here = stage("ar")
    here.page.set(cookies=False)
    here.open()
    here.page.locator("h1").wait_for_text("ملفات تعريف الارتباط")


def test_without_scripts_the_list_can_be_read_and_a_tap_says_what_is_missing(stage: Any) -> None:
    here = stage()
    here.page.set(javascript=False)
    here.open()
    missing = here.page.locator("#choice noscript .notice:visible")
    assert "needs JavaScript" in missing.evaluate("(notice) => notice.textContent")
    assert here.page.locator("#all .row:visible").count() > 10
    here.tap("RIYAD_SAU")
    title = here.page.locator("#screen noscript .title:visible")
    assert "needs JavaScript" in title.evaluate("(title) => title.textContent")
