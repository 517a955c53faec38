"""Pages in contexts that stay open between tests, for hosts that follow each other at one port.

A new context has loaded nothing: it fetches and compiles every script anew, which takes longer
than the page itself. One that is used again, at the same origin, has what never changes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Error, Page
from werkzeug.serving import make_server

from .whole_responses import whole

#: Whether the page has the clock of the browser; that of a test stays with its context.
_HAS_OWN_CLOCK = "Function.prototype.toString.call(Date).includes('[native code]')"
#: Tests that a context with a test's clock is for: each page repeats all that the clock was told.
_MAX_CLOCKS = 6


class WarmPages:
    """One port for the hosts of many tests, and a context for each set of options.

    :ivar site: the URL of the port, without a slash at the end.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: dict[str, BrowserContext] = {}
        self._clocks: dict[str, int] = {}  # how often each context's clock was put back
        self._app: Flask | None = None
        self._server = make_server("127.0.0.1", 0, whole(self._wsgi_app), threaded=True)
        self.site = f"http://127.0.0.1:{self._server.server_port}"
        run = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        run.start()

    def _wsgi_app(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        if self._app is None:  # a request that outlives its test
            start_response("503 Service Unavailable", [])
            return []
        return self._app(environ, start_response)

    def serve(self, app: Flask) -> str:
        """Let *app* be the host from now on; return its URL."""
        self._app = app
        return self.site

    def open(self, *, clock: bool = False, **options: Any) -> Page:
        """Return a new page of a context with these *options*, which holds no data of a site.

        :param clock: whether the page's time is the test's, as after ``page.clock.install()``.
        """
        key = repr((clock, sorted(options.items())))
        if key not in self._contexts:
            self._contexts[key] = self._browser.new_context(**options)
            self._contexts[key].new_page()  # stays blank, and keeps the process alive
            self._clocks[key] = 0
        page = self._contexts[key].new_page()
        if clock:
            self._clocks[key] += 1
            page.clock.install()
        return page

    def clean(self) -> None:
        """Close the pages and the host, and let nothing of them be found by the next test."""
        for key, context in list(self._contexts.items()):
            _, *pages = context.pages
            if pages and not self._forget(key, pages):
                self._contexts.pop(key).close()
        self._app = None

    def _forget(self, key: str, pages: list[Page]) -> bool:
        """Return whether the context is as good as new."""
        context = self._contexts[key]
        if self._clocks[key] >= _MAX_CLOCKS:
            return False
        try:
            if not self._clocks[key] and not all(page.evaluate(_HAS_OWN_CLOCK) for page in pages):
                return False
            session = context.new_cdp_session(pages[0])
            where = {"origin": self.site, "storageTypes": "local_storage"}
            session.send("Storage.clearDataForOrigin", where)
        except Error:  # one that went away meanwhile
            return False
        context.clear_cookies()
        for page in pages:
            page.close()
        return True

    def close(self) -> None:
        """Close the contexts and the port."""
        for context in self._contexts.values():
            context.close()
        self._server.shutdown()
        self._server.server_close()
