"""From the list to Lean's window and back, in Firefox and WebKit."""

from __future__ import annotations

import pytest

from support.picker_stage import BANK


@pytest.mark.parametrize(
    ("kind", "language", "heading"),
    [
        ("connect", "en", "Your bank is connected"),
        ("checkout", "ar", "تم إرسال طلب الدفع"),
    ],
    ids=["connect-en", "checkout-ar"],
)
def test_a_customer_walks_from_the_list_to_success(kind, language, heading, stage, fake_lean):
    here = stage(language)
    here.choose(kind)
    launch = fake_lean.launches[-1]
    assert launch["method"] == kind
    assert launch["config"]["bank_identifier"] == BANK
    assert launch["config"]["language"] == language
    here.dialog.locator("[data-lean-end=SUCCESS]").first.click()
    here.screen("check")
    here.page.locator("#screen .title").wait_for_text(heading)
