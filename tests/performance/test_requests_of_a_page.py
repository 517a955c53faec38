"""How many requests a browser makes: for the first page, and until Lean's SDK is called."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from lean_flask.testing.data.banks import many_banks
from support.light_logos import light_logos  # noqa: F401
from support.picker_stage import Stage, make_host


@pytest.fixture
def stage(fake_lean, serve, open_page):
    """A page that has nothing cached."""
    fake_lean.banks = many_banks(40, fake_lean.country, fake_lean.url)
    app = make_host(fake_lean, popular_banks=[])
    return Stage(app, fake_lean, serve(app), open_page, "en")


def test_a_page_makes_no_more_requests(stage, fake_lean, limits):
    asked = []

    def hear(request):
        url = urlsplit(request.url)
        is_ours = request.frame == stage.page.main_frame and request.resource_type != "image"
        if is_ours and url.scheme.startswith("http"):
            asked.append(f"{request.method} {url.path}")

    stage.page.on("request", hear)
    stage.open()
    stage.page.wait_for_load_state("networkidle")
    limits.hold("requests_of_a_page", "first page", len(asked), asked)
    stage.tap(fake_lean.banks[0]["identifier"])
    stage.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    limits.hold("requests_of_a_page", "until the SDK is called", len(asked), asked)
    stage.stay()
    stage.dialog.locator("[data-lean-end=SUCCESS]").click()
    stage.screen("check")
    limits.hold("requests_of_a_page", "until the customer has the outcome", len(asked), asked)
