"""Fixtures: an app on FakeLean, the same app on a real socket, and Debian's Chromium."""

from __future__ import annotations

import gc
import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask, redirect
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from lean_flask import LeanBlueprint
from lean_flask.events import workers
from lean_flask.flows import linked_banks
from lean_flask.testing import FakeLean
from lean_flask.testing.server import stop_server
from support.browser import listen
from support.engines import Engines, patient_redis  # noqa: F401
from support.postgres_fixtures import empty_postgres, postgres_server  # noqa: F401
from support.redis_server import RedisServer
from support.scheduling import SharedScheduling
from support.secrets_watch import Watch, watching
from support.warm_pages import WarmPages
from support.whole_responses import whole

#: The headless shell is the same engine without a desktop, at half of the work.
CHROMIUM = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
CHROMIUM_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--renderer-process-limit=1",  # the pages of a context share what one of them has compiled
    "--host-resolver-rules=MAP *.test 127.0.0.1",  # names for hosts of tests
    "--disable-site-isolation-trials",  # a process for each page costs more than it tells
    "--disable-features=IsolateOrigins,site-per-process,Translate,OptimizationHints",
]

# Few examples in each run, which differ from run to run, but not in CI: what lands does not depend
# on luck. Many with make fuzz.
HYPOTHESIS = {"deadline": None, "suppress_health_check": list(HealthCheck)}
hypothesis_settings.register_profile(
    "each run", max_examples=30, derandomize="CI" in os.environ, **HYPOTHESIS
)
hypothesis_settings.register_profile("fuzz", max_examples=2_000, **HYPOTHESIS)
hypothesis_settings.load_profile("each run")

MakeApp = Callable[..., Flask]
WATCH = pytest.StashKey[Watch]()


def pytest_configure(config: pytest.Config) -> None:
    """The watch begins before pytest's own logging, which else would put the level back."""
    watches = ExitStack()
    config.stash[WATCH] = watches.enter_context(watching())
    config.add_cleanup(watches.close)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """``-m "not browser and not engine"`` leaves out browsers; each worker has the same names."""
    assert [item.nodeid for item in items if " at 0x" in item.nodeid] == []
    for item in items:
        for mark in {"browser", "engine"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(mark)


def pytest_collection_finish() -> None:
    """What the collection has made stays until the end: no search for garbage needs to see it."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharedScheduling:
    return SharedScheduling(config, log)


@pytest.fixture(autouse=True)
def secrets_watch(pytestconfig: pytest.Config) -> Iterator[Watch]:
    """Fails any test in which a secret showed where it must not."""
    watch = pytestconfig.stash[WATCH]
    yield watch
    leaks = watch.leaks()
    watch.forget()
    assert leaks == []


@pytest.fixture(autouse=True)
def no_thread_outlives_its_test() -> Iterator[None]:
    """It would look for events at a port that belongs to somebody else by then."""
    yield
    workers.stop_all(0)


@pytest.fixture(autouse=True)
def no_thread_speaks_in_the_next_test(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A refresh in the background fails when the stand-in of its test is gone, and says so."""
    older = {thread for thread in threading.enumerate() if "lean-flask" in thread.name}

    def is_of_this_test(_: logging.LogRecord) -> bool:
        return threading.current_thread() not in older  # an identifier is given out again

    caplog.handler.addFilter(is_of_this_test)
    yield
    caplog.handler.removeFilter(is_of_this_test)


@pytest.fixture(scope="session", autouse=True)
def patient_pages() -> Iterator[None]:
    """A page shows what is linked if Lean says so in time, also where the machine is busy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linked_banks, "WAIT", 10.0)
        yield


@pytest.fixture
def make_app(fake_lean: FakeLean) -> MakeApp:
    """Makes a host app on FakeLean. Keywords are settings of the blueprint *name*."""

    def make(name: str = "lean", **settings: Any) -> Flask:
        app = Flask(__name__)
        app.config.update(SECRET_KEY="a test's secret key", TESTING=True)
        lean = LeanBlueprint(name, **fake_lean.settings() | {"store_url": "memory:"} | settings)
        app.register_blueprint(lean)

        @app.get("/link")
        def link() -> Any:
            """Stands for the host's own view that starts a flow."""
            return redirect(lean.connect(**app.config["CONNECT"]).url)

        @app.get("/pay")
        def pay() -> Any:
            return redirect(lean.pay(**app.config["PAY"]).url)

        @app.get("/checkout")
        def checkout() -> Any:
            return redirect(lean.checkout(**app.config["CHECKOUT"]).url)

        @app.get("/done")
        def done() -> str:
            return "<!doctype html><title>Done</title><h1>Back at the host</h1>"

        customer_id = fake_lean.add_customer(app_user_id="user-1")
        app.config["CONNECT"] = {
            "customer_id": customer_id,
            "permissions": ["identity", "accounts"],
            "return_url": "/done",
        }
        app.config["PAY"] = {
            "payment_intent_id": "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01",
            "customer_id": customer_id,
            "amount": 250,
            "currency": "SAR",
            "return_url": "/done",
        }
        app.config["CHECKOUT"] = app.config["PAY"] | {"customer_name": "A Guest"}
        return app

    return make


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """Puts an app on a socket of its own; the URL without a slash at the end."""
    servers = []

    def start(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, whole(app), threaded=True)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        stop_server(server)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUM)))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_SWITCHES)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page in a browser session of its own; fails the test on any script or CSP error."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def new_page(**options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        listen(page, complaints)
        return page

    yield new_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def warm_pages(browser: Browser) -> Iterator[WarmPages]:
    """Serve a test's host at a port, and with contexts, that outlive the test."""
    pages = WarmPages(browser)
    yield pages
    pages.close()


@pytest.fixture
def open_warm_page(warm_pages: WarmPages) -> Iterator[Callable[..., Page]]:
    """Opens a page as open_page does, in a context that has loaded the host's scripts before."""
    complaints: list[str] = []

    def new_page(**options: Any) -> Page:
        page = warm_pages.open(**options)
        listen(page, complaints)
        return page

    yield new_page
    warm_pages.clean()
    assert complaints == []


@pytest.fixture(scope="session")
def engines(tmp_path_factory):
    """The servers for stores, which a session starts once: that costs more than a test."""
    running = Engines(tmp_path_factory.mktemp)
    yield running
    running.stop()


@pytest.fixture
def redis_server(tmp_path):
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()
