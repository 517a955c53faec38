"""The tests of this folder see what goes wrong on a page, and outlive a browser that ends."""

from __future__ import annotations

import os
import signal
from typing import Any

from support.drivers.ready import ready

WRONG = '<!doctype html><title>Wrong</title><body><script src="/wrong.js"></script>'
SCRIPT = "new Image().src = 'http://x.test/'; nothing()"


def test_errors_of_scripts_and_of_the_policy_are_seen(stage: Any, port: Any, engine: Any) -> None:
    here = stage()

    @here.app.get("/wrong")
    def wrong() -> Any:
        return WRONG, {"Content-Security-Policy": "default-src 'self'"}

    @here.app.get("/wrong.js")
    def script() -> Any:
        return SCRIPT, {"Content-Type": "text/javascript"}

    here.page.goto(f"{here.site}/wrong")
    here.page.until(lambda: len(port.complaints) == 2, "The page did not complain")
    assert "img-src" in "".join(port.complaints)
    assert "nothing" in "".join(port.complaints)
    port.complaints.clear()
    if engine.name == "firefox":
        here.page.until(lambda: "nothing" in "".join(engine.complaints()), "The console is empty")


def test_a_browser_that_ended_is_started_anew(stage: Any, port: Any, engine: Any) -> None:
    if engine.name == "webkit":  # Firefox takes four times as long
        os.killpg(engine.process.pid, signal.SIGKILL)
        engine.process.wait()
        ready(engine, port)
    here = stage()
    here.open()
    here.page.locator("#all .row").wait_for()
