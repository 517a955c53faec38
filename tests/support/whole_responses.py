"""Responses that leave no file open, whatever the browser does.

Werkzeug's server closes what it has sent only after a look for more from the browser; where that
has hung up meanwhile, the look raises, and the file of a host's static folder stays open. Its
ResourceWarning then fails some later test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any


def whole(app: Callable[..., Iterable[bytes]]) -> Callable[..., list[bytes]]:
    """Return the WSGI app *app* with each body read, and closed, before it is sent."""

    def wsgi_app(environ: Any, start_response: Any) -> list[bytes]:
        body = app(environ, start_response)
        try:
            return list(body)
        finally:
            with suppress(AttributeError):
                body.close()  # type: ignore[attr-defined]

    return wsgi_app
