"""A small HTTP server that answers each call with an empty bank list, over TLS where asked to."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class EmptyListServer(HTTPServer):
    """Listens on a free port of this machine.

    :param tls: ends TLS with this context.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        #: The path and the proxy's credentials of each call.
        self.asked: list[tuple[str, str | None]] = []
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)


class _Handler(BaseHTTPRequestHandler):
    server: EmptyListServer

    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Proxy-Authorization"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"[]")

    def log_message(self, *_):
        """No test needs it."""


@contextmanager
def serve_empty_lists(tls: ssl.SSLContext | None = None) -> Iterator[EmptyListServer]:
    """Yield a server that runs."""
    with EmptyListServer(tls) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()
