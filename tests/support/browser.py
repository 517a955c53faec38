"""What tests in a browser share."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def skip_pause(page: Page) -> None:
    """Lets the time pass that a last screen is shown; the page's clock must be a test's own."""
    expect(page.locator("#screen [data-href]")).to_be_visible()
    page.clock.run_for(5_000)
