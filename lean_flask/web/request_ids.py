"""Give each request an id, which our log lines have: that of the proxy, or one that is made."""

from __future__ import annotations

from flask import Blueprint, request

from ..common.request_id import RequestId, current_request_id

#: In the WSGI environment, so that a second blueprint on the same app takes the same id.
_KEY = "lean_flask.request_id"


def forget_request_ids(blueprint: Blueprint) -> None:
    """Forget the id at the end of each request of the app."""
    blueprint.teardown_app_request(_end)


def begin_request() -> None:
    """Give an id to the request that begins: views of the host call Lean, too."""
    environ = request.environ
    if _KEY not in environ:
        environ[_KEY] = RequestId(environ.get("HTTP_X_REQUEST_ID"))
    current_request_id.set(environ[_KEY])


def _end(error: BaseException | None) -> None:
    current_request_id.set(None)  # the thread may do something else
