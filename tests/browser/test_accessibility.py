"""axe-core finds nothing in any state, language and colour scheme, on a phone and at 320 pixels.

In English all rules in light on a phone, then what 320 pixels can break; in Arabic all rules in
dark at 320 pixels. The colours do not depend on the language.
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Response

from support.axe import FEW, RUN, TAGS
from support.picker_states import STATES

#: What less room can break; the rest is the same document in the same colours, tried already.
ROOM = ["target-size", "scrollable-region-focusable"]
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"}
SMALL = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}
#: The states that are about the whole list.
WHOLE = {"list", "searching", "business", "embedded"}
AXE = Axe().axe_script


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("state", STATES)
def test_no_violation(state: str, language: str, stage: Any, fake_lean: Any) -> None:
    bring, settings = STATES[state]
    look = PHONE if language == "en" else SMALL
    here = stage(language, settings=settings, has_touch=True, **look)
    if state not in WHOLE:
        fake_lean.banks = [bank for bank in fake_lean.banks if bank["identifier"] in FEW]
    here.app.get("/axe.js")(axe_script)
    bring(here)
    here.page.add_script_tag(url="/axe.js")
    assert here.page.evaluate(RUN, TAGS) == []
    if language == "en":
        here.page.set_viewport_size(SMALL["viewport"])
        assert here.page.evaluate(RUN, ROOM) == []
    assert here.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "sideways"


def axe_script() -> Response:
    """Let the browser keep the script, and what it has made of it."""
    return Response(AXE, mimetype="text/javascript", headers={"Cache-Control": "max-age=3600"})
