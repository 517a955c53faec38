"""What a finger has to hit is large enough."""

from __future__ import annotations

import pytest

from support.picker_states import LINKS, STATES

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
#: Text and size of what is smaller than the 44 points of Apple's guidelines.
SMALL = """() => [...document.querySelectorAll(".card :is(a, button, summary, input)")]
  .map((part) => [part, part.getBoundingClientRect()])
  .filter(([part, { width, height }]) => part.checkVisibility() && Math.min(width, height) < 44)
  .map(([part, { width, height }]) => [part.textContent, width, height])"""


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(
    "state",
    [
        "used-before",
        "business",
        "linked",
        "no-result",
        "opening",
        "opening-preset",
        "failed",
        "paid",
        "back-in-another-browser",
    ],
)
def test_each_is_44_pixels_wide_and_high(stage, state, language):
    bring, settings = STATES[state]
    here = stage(language, settings=settings | LINKS, **PHONE)
    bring(here)
    assert here.page.evaluate(SMALL) == []
