"""How Lean's API answers: errors, pages, headers, and who may ask."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, jsonify, request

from ..clock import timestamp
from ..stand_in import StandIn

View = Callable[..., Response]

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
MAX_PAGE_SIZE = 100


def authorized(view: View) -> View:
    """Let *view* answer to requests with credentials alone."""

    def checked(fake_lean: StandIn, **arguments: str) -> Response:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        by_token = scheme == "Bearer" and fake_lean.takes_token(token)
        by_app = not scheme and request.headers.get("lean-app-token") == fake_lean.app_token
        if not (by_token or by_app):
            return problem(fake_lean, 401, "UNAUTHORIZED", "No valid credentials")
        return view(fake_lean, **arguments)

    return checked


def with_leans_headers(response: Response) -> Response:
    """Add the headers that Lean's responses were seen to carry."""
    headers = response.headers
    headers.setdefault("lean-correlation-id", secrets.token_hex(8).upper())
    headers["lean-trace-id"] = secrets.token_hex(16)
    headers["Cache-Control"] = "no-cache, no-store, max-age=0, must-revalidate"
    headers["Pragma"] = "no-cache"
    return response


def problem(fake_lean: StandIn, http_status: int, code: str, message: str, **more: Any) -> Response:
    """Return an error in Lean's shape."""
    now = timestamp(fake_lean.now())
    body = {"status": code, "message": message, "metadata": None, "timestamp": now, **more}
    response = jsonify(body)
    response.status_code = http_status
    return response


def data_problem(fake_lean: StandIn, http_status: int, code: str, message: str) -> Response:
    """Return an error of the Data API, which has an id of its own."""
    return problem(fake_lean, http_status, code, message, results_id=str(uuid.uuid4()))


def missing(fake_lean: StandIn, *fields: str) -> Response:
    """Return the error of a request without required fields."""
    text = f"required: {', '.join(fields)}"
    return problem(fake_lean, 400, "MISSING_PARAMETERS", text)


def found(fake_lean: StandIn, item: Any) -> Response:
    """Return *item*, or a 404 when there is none."""
    if item:
        return jsonify(item)
    return problem(fake_lean, 404, "NOT_FOUND", "There is no such thing")


def body() -> dict[str, Any]:
    """Return the JSON object of the request, empty when there is none."""
    content = request.get_json(silent=True)
    return content if isinstance(content, dict) else {}


def is_uuid(value: object) -> bool:
    """Return whether *value* is the text of a UUID."""
    return isinstance(value, str) and bool(_UUID.fullmatch(value))


def page(
    items: Sequence[Any], *, number: str = "page_number", size: str = "page_size", usual: int = 100
) -> tuple[list[Any], dict[str, int]]:
    """Return the page that the request asks for, and what Lean says of it.

    :param number: name of the query parameter of the page, which counts from 0.
    :param size: name of the query parameter of how many to a page.
    :param usual: how many to a page when the request does not say.
    """
    wanted = max(0, request.args.get(number, 0, int))
    length = min(max(1, request.args.get(size, usual, int)), MAX_PAGE_SIZE)
    shown = list(items[wanted * length : (wanted + 1) * length])
    return shown, {
        "number": wanted,
        "size": length,
        "total_elements": len(items),
        "total_pages": -(-len(items) // length),
    }
