"""A stage for each test: a host, a stand-in for Lean, and a page."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from support.light_logos import light_logos  # noqa: F401
from support.method_walk import Walk
from support.methods import BANK, MethodsHost
from support.picker_stage import Stage, make_host


@pytest.fixture
def stage(fake_lean, warm_pages, open_warm_page):
    """Makes the host of a test and a page; a second one takes the place of the first."""

    def make(language="en", **options):
        app = make_host(fake_lean, **options.pop("settings", {}))
        return Stage(
            app, fake_lean, warm_pages.serve(app), partial(open_warm_page, **options), language
        )

    return make


@pytest.fixture
def held_script(fake_lean, serve, open_page):
    """A stage whose script, new to the browser, does not come until the test lets it."""
    app = make_host(fake_lean)
    here = Stage(app, fake_lean, serve(app), open_page, "en")
    let, inner = threading.Event(), here.app.wsgi_app

    def wsgi_app(environ, start_response):
        if environ["PATH_INFO"].endswith("/picker.js"):
            let.wait(30)
        return inner(environ, start_response)

    here.app.wsgi_app = wsgi_app
    here.let = let
    yield here
    let.set()


@pytest.fixture
def walk(fake_lean, warm_pages, open_warm_page):
    """Starts a walk through the flows of one method."""

    def start(method, language, **settings):
        few = {BANK, "SNB_SAU"}
        fake_lean.banks = [bank for bank in fake_lean.banks if bank["identifier"] in few]
        # No word of the bank is waited for: test_confirmation.py does that.
        host = MethodsHost(fake_lean, webhook_secret=None, **settings)
        site = warm_pages.serve(host.app)
        walk = Walk(host, site, open_warm_page(clock=True), method, language)
        if walk.case.chooses == "bank":
            walk.chosen = {"bank_identifier": BANK}
        return walk

    return start
