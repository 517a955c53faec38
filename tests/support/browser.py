"""What tests in a browser share."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from support.redis_server import until


def listen(page: Page, complaints: list[str]) -> None:
    """Let each script error of *page*, and what breaks its policy, be added to *complaints*."""
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )


def skip_pause(page: Page) -> None:
    """Lets the time pass that a last screen is shown; the page's clock must be a test's own.

    No word of the bank comes meanwhile, so where the page waits for it that time passes, too.
    """
    expect(page.locator("#screen [data-href]")).to_be_visible()
    expect(page.locator("#pending")).to_have_count(0)  # a slow response: the wait begins after it
    if page.locator("[data-word=waiting]").count():
        page.clock.run_for(11_000)
    page.clock.run_for(5_000)


def pass_time_until_reported(page: Page) -> None:
    """Let time pass on the page, whose attempts take real time in between."""

    def is_reported():
        page.clock.run_for(1_000)
        return page.locator("#pending").count() == 0

    until(is_reported, 20)


def wait_until_reported(page: Page) -> None:
    """Let the page take in the response to its report, before a test lets its time pass."""
    until(lambda: page.evaluate("!sessionStorage['lean-picker:report']"), 10)
