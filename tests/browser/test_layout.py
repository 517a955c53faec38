"""What a reader sees of sizes and of the pointer: no needless scrolling, no torn words."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from support.picker_stage import BANK
from support.picker_states import STATES

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LONG_NAME = "Qahwa Specialty Coffee Roasters and Trading International"

#: The words of texts of ours that stand on more than one line. A host's and a bank's name may.
TORN_WORDS = r"""() => {
  const torn = [];
  const texts = document.createTreeWalker(document.querySelector(".card"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (node.parentElement.closest("bdi, .visually-hidden, .sprite")) continue;
    for (const { 0: word, index } of node.textContent.matchAll(/\p{L}+/gu)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const lines = new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom)));
      if (lines.size > 1) torn.push(word);
    }
  }
  return torn;
}"""
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"


@pytest.mark.parametrize("state", ["expired", "foreign-link", "nothing-opened", "connected"])
def test_a_page_that_fits_the_phone_does_not_scroll(stage, state):
    bring, settings = STATES[state]
    here = stage(settings=settings, clock=True, **PHONE)
    bring(here)
    assert here.page.evaluate("document.documentElement.scrollHeight") == 844


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("state", ["business", "opening", "paid", "redirected"])
def test_no_word_is_torn_on_small_phones_and_in_large_text(stage, state, language):
    bring, settings = STATES[state]
    names = {"host_name": LONG_NAME, "popular_banks": ["SNB_SAU", "RJHI_SAU"]}
    here = stage(language, settings=settings | names, **PHONE)
    bring(here)
    for width, size in [(280, 16), (390, 16), (320, 32), (390, 32)]:
        here.page.set_viewport_size({"width": width, "height": 844})
        here.page.evaluate(
            "size => { document.querySelector('.card').style.fontSize = `${size}px` }", size
        )
        assert (here.page.evaluate(TORN_WORDS), here.page.evaluate(SIDEWAYS)) == ([], 0), (
            width,
            size,
        )


def test_the_lines_of_a_heading_with_a_name_in_it_are_alike(stage):
    here = stage(**PHONE)
    STATES["redirected"][0](here)
    heights = here.page.locator("#screen h1, #screen h1 *").evaluate_all(
        "parts => parts.map(part => getComputedStyle(part).lineHeight)"
    )
    assert len(heights) > 2
    assert len(set(heights)) == 1, heights


def test_a_pointer_shades_what_is_under_it_and_a_finger_leaves_no_shade(stage):
    background = "part => getComputedStyle(part).backgroundColor"
    here = stage()
    STATES["no-list"][0](here)
    button = here.page.locator(".button").first
    resting = button.evaluate(background)
    button.hover()
    assert button.evaluate(background) != resting
    assert button.evaluate("part => getComputedStyle(part).textDecorationLine") == "none"

    here.fake.heal("banks")
    here = stage(**PHONE)
    STATES["unavailable"][0](here)  # by a tap, after which the row is still there
    row = here.page.locator(f"#all [value={BANK}]")
    expect(row).to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_a_scroll_bar_that_comes_and_goes_has_its_place(stage):
    here = stage()
    here.open()
    root = here.page.locator("html")
    expect(root).to_have_css("scrollbar-gutter", "stable")
