"""From the list to Lean's window and back to the host, in Firefox and WebKit."""

from __future__ import annotations

from typing import Any

import pytest

from support.picker_stage import BANK, Stage

HEADINGS = {
    "connect": {"en": "Your bank is connected", "ar": "تم ربط"},
    "checkout": {"ar": "تم إرسال طلب الدفع"},
}


@pytest.mark.parametrize(
    ("kind", "language"), [("connect", "en"), ("checkout", "ar")], ids=["connect-en", "checkout-ar"]
)
def test_a_customer_goes_from_the_list_through_every_ending_to_the_host(
    kind: str, language: str, stage: Any, fake_lean: Any
) -> None:
    here = stage(language, webhook_secret=None)  # no word of the bank is waited for
    here.use_clock()
    here.open(kind)
    notice, title = here.page.locator("#notice:visible"), here.page.locator("#screen .title")

    here.tap()
    end(here, "CANCELLED")
    notice.wait_for()
    row(here).wait_for_focus()

    here.tap()
    end(here, "LINK_CLOSED_PROGRAMMATICALLY")
    notice.wait_for()

    here.tap()
    end(here, "ERROR")
    here.page.clock.run_for(2_000)  # it could still be followed by the way to the bank
    here.screen("alert")
    title.wait_for_focus()
    here.page.locator("#screen [data-action=another]").click()
    row(here).wait_for()

    here.tap()
    here.page.wait_for_function("() => document.querySelector('#lean-picker').inert")  # it is seen
    end(here, "SILENT")  # the window vanishes
    here.page.until(lambda: is_back(here), "The list did not come back after the window vanished")
    fake_lean.launches.clear()
    here.page.reload()
    here.tap()
    end(here, "SUCCESS")
    launch = fake_lean.launches[-1]
    assert launch["method"] == kind
    assert launch["config"]["bank_identifier"] == BANK
    assert launch["config"]["language"] == language
    here.screen("check")
    title.wait_for_text(HEADINGS[kind][language])
    here.page.wait_for_function("() => !document.querySelector('#pending')")
    here.page.clock.run_for(5_000)
    here.page.wait_for_url("**/done?lean_status=SUCCESS&lean_flow=**")


def test_a_customer_goes_to_the_bank_and_comes_back_to_what_became_of_it(stage: Any) -> None:
    here = stage("ar")
    here.stay()
    here.choose()
    end(here, "REDIRECT")
    here.page.locator("[data-bank-end=decline]").click()
    here.dialog.locator(".main[data-lean-end=ERROR]").click()
    here.screen("alert")
    here.page.locator("#screen [data-href=retry]").click()
    end(here, "REDIRECT")
    here.page.locator("[data-bank-end=approve]").click()
    end(here, "SUCCESS")
    here.screen("check")
    here.page.locator("#screen .title").wait_for_text(HEADINGS["connect"]["ar"])


def test_a_flow_that_is_done_says_so_when_it_is_opened_again(stage: Any) -> None:
    here = stage("ar")
    here.stay()
    here.open()
    flow = here.page.url
    here.tap()
    end(here, "SUCCESS")
    here.screen("check")
    here.page.goto(flow)
    here.page.locator("h1").wait_for_text("سبق")


@pytest.mark.parametrize("engine", ["firefox"], indirect=True)  # WebKit's driver cannot go back
def test_back_after_success_says_that_it_is_done(engine: Any, stage: Any) -> None:
    here = stage()
    here.end("SUCCESS")
    here.screen("check")
    here.stay(False)
    here.page.goto(f"{here.site}/done")
    here.page.go_back()
    here.page.locator("h1").wait_for_text("This is already done")


def row(here: Stage) -> Any:
    return here.page.locator(f"#all [value={BANK}]")


def end(here: Stage, status: str) -> None:
    here.dialog.locator(f"[data-lean-end={status}]").first.click()


def is_back(here: Stage) -> Any:
    """Whether the list is back a second later, by the time of the page."""
    here.page.clock.run_for(1_000)
    return here.page.evaluate(
        """(bank) => !document.querySelector("#lean-picker").inert
          && !document.querySelector(".row.chosen") && document.activeElement?.value === bank""",
        BANK,
    )
