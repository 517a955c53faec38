"""A stage as for tests/browser, with Firefox or WebKit for its page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support.drivers.engine import Engine, Unavailable
from support.drivers.firefox import Firefox
from support.drivers.host_port import HostPort
from support.drivers.page import Page
from support.drivers.ready import ready
from support.drivers.webkit import WebKit
from support.light_logos import light_logos  # noqa: F401
from support.picker_stage import Stage, make_host

ENGINES = {each.name: each for each in (Firefox, WebKit)}


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One browser for all tests of an engine; what is missing is named, and in CI a failure."""
    running: Engine = ENGINES[request.param](tmp_path_factory.mktemp("engine"))
    try:
        running.start()
        yield running
    except Unavailable as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    finally:
        running.stop()


@pytest.fixture(scope="session")
def port() -> Iterator[HostPort]:
    port = HostPort()
    yield port
    port.close()


@pytest.fixture
def page(engine: Engine, port: HostPort) -> Iterator[Page]:
    """A page without data of a site; what its scripts and its policy complain of fails the test."""
    ready(engine, port)
    yield Page(engine, port)
    complaints = port.complaints + engine.complaints()
    port.forget()
    assert complaints == []


@pytest.fixture
def stage(fake_lean: Any, port: HostPort, page: Page) -> Callable[..., Stage]:
    """Makes the host of a test; its first argument is the language."""

    def make(language: str = "en", **settings: Any) -> Stage:
        app = make_host(fake_lean, **settings)

        def open_page(clock: bool = False) -> Page:
            if clock:
                page.clock.install()
            return page

        return Stage(app, fake_lean, port.serve(app), open_page, language)

    return make
