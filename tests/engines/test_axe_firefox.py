"""axe-core finds nothing in any state in Firefox, which lays out and names things on its own."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import pytest

from support.axe import FEW, RUN, TAGS
from support.picker_states import STATES

WHOLE = {"list", "business", "searching"}
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
