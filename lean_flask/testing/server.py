"""The stand-in as one WSGI app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

from .api import api_routes
from .sdk import sdk_routes

if TYPE_CHECKING:
    from .fake_lean import FakeLean


def make_app(lean: FakeLean) -> Flask:
    app = Flask(__name__, static_url_path="/stand-in/static")
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.register_blueprint(api_routes(lean))
    app.register_blueprint(sdk_routes(lean))
    return app
