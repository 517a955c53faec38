"""axe-core finds nothing in any state, language and colour scheme, on a phone and at 320 pixels."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from picker_states import STATES, Stage, make_host

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("state", STATES)
def test_no_violation(
    state: str, language: str, fake_lean: Any, serve: Any, open_page: Any
) -> None:
    bring, settings = STATES[state]
    app = make_host(fake_lean, **settings)
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, color_scheme="light")
    bring(Stage(app, fake_lean, serve(app), page, language))
    check(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 320, "height": 640})
    check(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways"


def check(page: Any) -> None:
    page.evaluate("scrollTo(0, 0)")  # a row half under the search bar would count as too small
    found = Axe().run(
        page,
        context={"exclude": [["#lean-stand-in"]]},
        options={"runOnly": RULES, "resultTypes": ["violations"]},
    )
    problems = [
        (violation["id"], [node["target"] for node in violation["nodes"]][:3])
        for violation in found.response["violations"]
    ]
    assert problems == []
