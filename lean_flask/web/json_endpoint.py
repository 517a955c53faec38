"""Bodies: read up to a limit, and checked where our own page sent them; the problems of both."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from ..errors import BankUnavailable, FlowError, RefusedBank, UpstreamError
from ..services import services
from .csrf import is_cross_site
from .messages import about_refusal
from .pages import page_language
from .problems import problem, upstream_problem

log = logging.getLogger(__name__)

LARGEST_BODY = 64_000  # bytes
_FLOW_STATUS = {"expired": 410, "completed": 410, "invalid_flow": 403}


class _Refused(Exception):
    def __init__(self, response: Response) -> None:
        self.response = response


def json_body(schema: Schema) -> dict[str, Any]:
    """The request's JSON through *schema*; only our own page may send it."""
    if is_cross_site():
        raise _Refused(problem(403, "Only this site's own pages may send this."))
    if not request.is_json:
        raise _Refused(problem(415, "Send application/json."))
    read_body(LARGEST_BODY)
    try:
        body: dict[str, Any] = schema.load(_json() or {})
    except ValidationError as error:
        raise _Refused(problem(400, "The body is not valid.", errors=error.messages)) from None
    return body


def read_body(largest: int) -> bytes:
    """The raw body, of *largest* bytes at most.

    :raises RequestEntityTooLarge: however the body comes.
    """
    request.max_content_length = largest + 1  # where Werkzeug cuts off chunks without a word
    body = request.get_data()
    if len(body) > largest:
        raise RequestEntityTooLarge
    return body


def _json() -> Any:
    try:
        return request.get_json(silent=True)
    except RecursionError:  # nested too deep to be anything of ours
        return None


def answers_page(view: Callable[[], Response]) -> Callable[[], Response]:
    """Makes *view* answer our page's script: every refusal a problem, and nothing kept."""

    @wraps(view)
    def answered() -> Response:
        response = _answer(view)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Pragma"] = "no-cache"
        return response

    return answered


def _answer(view: Callable[[], Response]) -> Response:
    try:
        return view()
    except _Refused as refusal:
        return refusal.response
    except FlowError as error:
        return problem(_FLOW_STATUS[error.reason], str(error), reason=error.reason)
    except BankUnavailable as error:
        preset = None if {"bank_identifier", "account_id"} & {*(_json() or ())} else error.bank
        return problem(409, str(error), reason=error.reason, advice=_advice(error.reason, preset))
    except UpstreamError as error:
        log.warning("A flow could not go on: %s", error)
        return upstream_problem(error, advice=_advice("upstream"))


def _advice(reason: str, preset: RefusedBank | None = None) -> str | None:
    """The advice; it names a *preset* bank, which no row on the page does."""
    language = page_language(services(), None)
    return about_refusal(reason, language, preset.names[language] if preset else None)
