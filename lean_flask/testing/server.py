"""The stand-in as one WSGI app, on a socket of this machine."""

from __future__ import annotations

import os
import socket
import struct
import threading
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, Response, abort, request
from werkzeug.local import LocalProxy
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from .api import api_routes
from .control import control_app
from .dialog import dialog_routes
from .sdk import sdk_routes
from .stand_in import StandIn

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_STAND_IN = "lean_flask.stand_in"  # key in the environment of a request
_STATIC = Path(__file__).parent / "static"
POLL_INTERVAL = 0.05  # seconds between looks at whether to stop, where nothing wakes the server


class _QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Print nothing: the stand-in keeps its own record."""

    def make_environ(self) -> WSGIEnvironment:
        self._is_reset = False
        return super().make_environ() | {"lean_flask.reset": self._reset}

    def run_wsgi(self) -> None:
        super().run_wsgi()
        if self._is_reset:  # close() alone would say goodbye first
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())
            self.close_connection = True

    def _reset(self) -> None:
        self._is_reset = True


@cache
def _app() -> Flask:
    """Return the app of every stand-in: making its routes is slow. The request says whose it is."""
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    fake_lean = cast(StandIn, LocalProxy(lambda: request.environ[_STAND_IN]))
    app.register_blueprint(api_routes(fake_lean))
    app.register_blueprint(sdk_routes(fake_lean))
    app.register_blueprint(dialog_routes(fake_lean))
    files = {file.name: file.read_bytes() for file in _STATIC.iterdir()}
    version = sha256(b"".join(files[name] for name in sorted(files))).hexdigest()[:12]
    app.jinja_env.globals["static"] = f"/stand-in/static/{version}"

    # From memory: Werkzeug's server leaves a file open where the browser hangs up. With the version
    # in the path, so that a browser keeps them from one dialog to the next.
    @app.get(f"/stand-in/static/{version}/<name>")
    def static(name: str) -> Response:
        if name not in files:
            abort(404)
        headers = {"Cache-Control": "max-age=31536000, immutable"}
        return Response(files[name], mimetype=guess_type(name)[0], headers=headers)

    return app


def make_app(fake_lean: StandIn, faults_url: str | None = None) -> WSGIApplication:
    """Return the app that serves *fake_lean*, with its control below the path *faults_url*."""
    app = _app()

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return app(environ | {_STAND_IN: fake_lean}, start_response)

    if faults_url is None:
        return serve
    return DispatcherMiddleware(serve, {faults_url: control_app(fake_lean)})


def start_server(fake_lean: StandIn, host: str, faults_url: str | None) -> BaseWSGIServer:
    """Listen on the port of *fake_lean* (0: a free one), and serve it in threads."""
    server = make_server(
        host,
        fake_lean.port,
        make_app(fake_lean, faults_url),
        threaded=True,
        request_handler=_QuietHandler,
    )
    server.daemon_threads = True  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(POLL_INTERVAL,), daemon=True).start()
    return server


def stop_server(server: BaseWSGIServer) -> None:
    """End *server*, and wait until it accepts no connection any more."""
    with suppress(OSError):  # Linux ends the server's wait for a connection; others refuse
        server.socket.shutdown(socket.SHUT_RDWR)
    server.shutdown()
    server.server_close()
