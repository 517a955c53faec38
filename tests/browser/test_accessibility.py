"""axe-core finds nothing in any state, language and colour scheme, on a phone and at 320 pixels.

In English all rules in light on a phone, then what dark and 320 pixels can break; in Arabic all
rules in dark at 320 pixels, where there is least room.
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from support.picker_stage import Stage, make_host
from support.picker_states import STATES

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
#: What other colours and less room can break; the rest is the same document, tried already.
LOOKS = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]
AXE = Axe().axe_script
RUN = """async (rules) => {
  const options = { runOnly: rules, resultTypes: ["violations"] };
  const { violations } = await axe.run({ exclude: [["#lean-stand-in"]] }, options);
  return violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ target }) => target)]);
}"""


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("state", STATES)
def test_no_violation(
    state: str, language: str, fake_lean: Any, serve: Any, open_page: Any
) -> None:
    bring, settings = STATES[state]
    app = make_host(fake_lean, **settings)
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, color_scheme="light")
    bring(Stage(app, fake_lean, serve(app), page, language))
    page.evaluate(AXE)
    if language == "en":  # the colours do not depend on the language
        assert violations(page, TAGS) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 320, "height": 640})
    assert violations(page, LOOKS if language == "en" else TAGS) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways"


def violations(page: Any, rules: list[str]) -> Any:
    page.evaluate("scrollTo(0, 0)")  # a row half under the search bar would count as too small
    return page.evaluate(RUN, rules)
