"""The stand-in as one WSGI app, on a socket of this machine."""

from __future__ import annotations

import threading
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from .api import api_routes
from .sdk import sdk_routes
from .stand_in import StandIn

POLL_INTERVAL = 0.005  # seconds between looks at whether to stop; a stop waits for the next


class _QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Print nothing: the stand-in keeps its own record."""


def make_app(fake_lean: StandIn) -> Flask:
    """Return the app that serves *fake_lean*."""
    app = Flask(__name__, static_url_path="/stand-in/static")
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.register_blueprint(api_routes(fake_lean))
    app.register_blueprint(sdk_routes(fake_lean))
    return app


def start_server(fake_lean: StandIn) -> BaseWSGIServer:
    """Listen on the port of *fake_lean* (0: a free one), and serve it in threads."""
    server = make_server(
        "127.0.0.1",
        fake_lean.port,
        make_app(fake_lean),
        threaded=True,
        request_handler=_QuietHandler,
    )
    server.daemon_threads = True  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(POLL_INTERVAL,), daemon=True).start()
    return server
