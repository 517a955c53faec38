"""What ``@lean.identify`` aborts with, as a problem of the JSON routes. Pages pass it on as it is.

A script cannot follow a redirect to a login page, and reads no HTML.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from flask import Response
from werkzeug.exceptions import HTTPException

from ..services import get_services
from .flow_access import asked_language
from .messages import refusal_message
from .pages import page_language
from .problems import problem

_PROBLEM = "application/problem+json"
_KEPT_HEADERS = ("WWW-Authenticate", "Retry-After")
_KNOWN_STATUSES = frozenset(HTTPStatus)


def abort_problem(error: HTTPException) -> Response:
    """Return *error* as a problem; one that is a problem already stays as it is.

    A redirect leads to a login page: it becomes a 403 with the reason ``signed_out``. A refusal
    keeps its status, ``WWW-Authenticate`` and ``Retry-After``.
    """
    aborted = cast(Response, error.get_response())
    status = aborted.status_code
    if aborted.mimetype == _PROBLEM:
        return aborted
    if status < 400 or status == 401:
        reason, advised, words = "signed_out", "signed_out", "Nobody is signed in at the host."
    elif status == 429 or status >= 500:
        reason = advised = "identify_failed"
        words = "The host cannot tell whose request this is."
    else:
        reason, advised, words = None, "upstream_refused", "The host refused this request."
    status = status if status >= 400 and status in _KNOWN_STATUSES else 403
    more: dict[str, Any] = {"reason": reason} if reason else {}
    advice = refusal_message(advised, page_language(get_services(), None, asked_language()))
    response = problem(status, words, advice=advice, **more)
    for name in _KEPT_HEADERS:
        if values := aborted.headers.getlist(name):
            response.headers.setlist(name, values)
    return response
