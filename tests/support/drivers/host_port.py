"""The port of the hosts of many tests: sees and spoils requests, and hears of errors on pages."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app

from support.whole_responses import whole

PROBE = Path(__file__).with_name("probe.js").read_bytes()
SCRIPTS = {"/probe.js": PROBE, "/axe.js": Axe().axe_script.encode()}
#: A page of the site that has nothing, for a test to begin on.
BLANK = "/blank"


def like(pattern: str) -> re.Pattern[str]:
    """Return what matches as Playwright's globs do: ``*`` stops at a slash, ``**`` does not."""
    parts = (re.escape(part).replace(r"\*", "[^/]*") for part in pattern.split("**"))
    return re.compile(".*".join(parts))


class Route:
    """What a test does to a request; nothing at all leaves it without an answer."""

    def __init__(self) -> None:
        self.is_cut = False

    def abort(self) -> None:
        self.is_cut = True


class HostPort:
    """Serve the host of the test that runs.

    :ivar site: the URL of the port, without a slash at the end.
    :ivar complaints: what went wrong on the pages.
    :ivar seen: method and path of each request to the host.
    """

    def __init__(self) -> None:
        self._app: Flask | None = None
        self._server = make_server("127.0.0.1", 0, whole(self._wsgi_app), threaded=True)
        self.site = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self._over = threading.Event()
        self.forget()

    def serve(self, app: Flask) -> str:
        """Let *app* be the host from now on; return its URL."""
        self._app = app
        return self.site

    def forget(self) -> None:
        """End what the test before has begun."""
        self._over.set()
        self._over = threading.Event()
        self._app = None
        self.has_clock = False
        self.complaints: list[str] = []
        self.seen: list[tuple[str, str]] = []
        self._routes: list[tuple[re.Pattern[str], Callable[[Route], object]]] = []

    def route(self, pattern: str, handler: Callable[[Route], object]) -> None:
        """Let *handler* decide on the requests whose URL is like *pattern*."""
        self._routes.append((like(pattern), handler))

    def close(self) -> None:
        self.forget()
        self._server.shutdown()
        self._server.server_close()

    def _wsgi_app(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path == "/probe":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            self.complaints.append(body.decode())
        elif path == BLANK:
            start_response("200 OK", [("Content-Type", "text/html")])
            return [b"<!doctype html><title>Blank</title>"]
        elif path in SCRIPTS:
            kept = [("Content-Type", "text/javascript"), ("Cache-Control", "max-age=3600")]
            start_response("200 OK", kept)
            return [SCRIPTS[path]]
        elif self._app and not self._is_spoilt(environ, f"{path}?{environ['QUERY_STRING']}"):
            self.seen.append((method, path))
            return self._page(self._app, environ, start_response)
        start_response("204 No Content", [])
        return []

    def _is_spoilt(self, environ: Any, url: str) -> bool:
        for pattern, handler in self._routes:
            if pattern.fullmatch(self.site + url):
                route = Route()
                handler(route)
                if not route.is_cut:
                    self._over.wait(60)
                with suppress(OSError):
                    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
                return True
        return False

    def _page(self, app: Flask, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Put the probe before all other scripts of a page."""
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        body, status, headers = run_wsgi_app(app, environ, buffered=True)
        page = b"".join(body)
        if (headers.get("Content-Type") or "").startswith("text/html"):
            clock = b"?clock" if self.has_clock else b""
            probe = b'<script src="/probe.js' + clock + b'"></script>'
            page = re.sub(
                rb"<head>|<title>",
                lambda tag: probe + tag[0] if tag[0] == b"<title>" else tag[0] + probe,
                page,
                count=1,
            )
            headers["Content-Length"] = str(len(page))
        start_response(status, headers.to_wsgi_list())
        return [page]
