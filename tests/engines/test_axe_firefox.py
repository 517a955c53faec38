"""axe-core finds nothing in any state in Firefox, which lays out and names things on its own."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import pytest

from support.picker_states import STATES

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
#: As many as a list with a search box and suggestions has at least.
FEW = {
    f"{bank}_SAU"
    for bank in (
        "RJHI", "SNB", "RIYAD", "BSF", "ANB", "ALINMA", "ALBILAD", "ALJAZIRA", "SAIB",
        "RJHI_BUSINESS",
    )
}  # fmt: skip
WHOLE = {"list", "business", "searching"}
RUN = """async (rules) => {
  scrollTo(0, 0);  // a row half under the search bar would count as too small
  const options = { runOnly: rules, resultTypes: ["violations"], preload: false };
  const { violations } = await axe.run({ exclude: [["#lean-stand-in"]] }, options);
  return violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ target }) => target)]);
}"""


ALTERNATING = list(zip(STATES, cycle(["en", "ar"]), strict=False))


@pytest.mark.parametrize(("state", "language"), ALTERNATING)
@pytest.mark.parametrize("engine", ["firefox"], indirect=True)
def test_no_violation(engine: Any, state: str, language: str, stage: Any, fake_lean: Any) -> None:
    bring, settings = STATES[state]
    if state not in WHOLE:
        fake_lean.banks = [bank for bank in fake_lean.banks if bank["identifier"] in FEW]
    here = stage(language, **settings)
    here.page.set(dark=language == "ar")
    bring(here)
    here.page.add_script_tag(url="/axe.js")
    assert here.page.evaluate(RUN, TAGS) == []
    assert here.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "sideways"
