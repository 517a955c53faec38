"""Each method of the SDK in a real browser, through every ending it can have."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from support.methods import METHODS


@pytest.mark.parametrize("method", METHODS)
def test_every_ending(walk, method):
    here = walk(method, "en")
    is_done_when_closed = method == "manageConsents"
    can_retry = method != "authorizeConsent"  # what has failed has spent its consent

    here.open()
    expect(here.page.locator("#lean-picker")).to_have_attribute("inert", "")  # the window is seen
    here.end("SILENT")
    here.page.clock.run_for(2_500)
    here.is_back()
    assert here.reports == []

    here.choose()
    for status in ("CANCELLED", "LINK_CLOSED_PROGRAMMATICALLY"):
        here.end(status)
        if is_done_when_closed:
            here.succeeds(status)
            here.open()
        else:
            here.is_back()
            expect(here.page.locator("#notice")).to_be_visible()
            assert [report["status"] for report in here.reports] == [status]
            if here.case.chooses == "bank" and status != "CANCELLED":
                here.ends_at_an_unlisted_bank()
            here.choose()

    here.end("ERROR")
    here.page.clock.run_for(2_000)  # it could still be followed by the way to the bank
    here.fails(can_retry)
    go_on = here.retry if can_retry else here.open
    go_on()
    here.end("SUCCESS")
    here.succeeds()

    if here.case.lands:
        here.open()
        for word in ("decline", "approve"):
            here.end("REDIRECT")
            here.page.locator(f"[data-bank-end={word}]").click()
            here.lands(word == "approve", can_retry)
            if word == "decline":
                go_on()


@pytest.mark.parametrize("method", METHODS)
def test_the_texts_in_arabic(walk, method):
    """What differs by language: the heading, a failure, a success, and the way back to the host."""
    here = walk(method, "ar")
    here.open()
    here.end("ERROR")
    here.page.clock.run_for(2_000)
    can_retry = method != "authorizeConsent"
    here.fails(can_retry)
    (here.retry if can_retry else here.open)()
    here.end("SUCCESS")
    here.succeeds()
