"""A clock that a test moves, in place of the one of an app's services."""

from __future__ import annotations

import time

from flask import Flask

from lean_flask.services import EXTENSION, PerProcess, get_services, make_services


class MovableClock:
    """Time as it is, and as many seconds ahead as the test says."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    def wall(self) -> float:
        return time.time() + self.ahead


def use_clock(app: Flask, clock: MovableClock, name: str = "lean") -> None:
    """Let the services of the blueprint *name* on *app* go by *clock*. Call it before a request."""
    usual = app.extensions[EXTENSION][name].get()
    app.extensions[EXTENSION][name] = PerProcess(
        lambda: make_services(
            app,
            name,
            usual.settings,
            usual.page_headers,
            usual.host,
            clock=clock.monotonic,
            wall_clock=clock.wall,
        )
    )


def wait_until_idle(app):
    """Wait until the background work of *app* has ended."""
    with app.app_context():
        get_services("lean").catalog.wait_until_idle()
