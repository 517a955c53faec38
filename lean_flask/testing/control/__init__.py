"""The stand-in's control over HTTP: faults, banks, events and the clock, as JSON."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Flask, Response, jsonify, request
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from ..stand_in import StandIn
from .views import ROUTES, View

#: A path below which no part of Lean's API is, nor of the stand-in's own pages.
DEFAULT_PATH = "/_fake"


def control_app(fake_lean: StandIn) -> Flask:
    """Return the app that controls *fake_lean*; it is mounted below a path of the stand-in."""
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    for number, (method, path, view) in enumerate(ROUTES):
        app.add_url_rule(
            path,
            f"{view.__name__}_{number}",
            partial(_answer, fake_lean, view),
            methods=[method],
            strict_slashes=False,
            provide_automatic_options=False,
        )
    app.before_request(_refuse_pages)
    app.register_error_handler(ValidationError, _refuse)
    app.register_error_handler(HTTPException, _say)
    return app


def _answer(fake_lean: StandIn, view: View, **arguments: str) -> Response:
    fake_lean.catch_up()
    response = jsonify(view(fake_lean, **arguments))
    response.headers["Cache-Control"] = "no-store"
    return response


def _refuse_pages() -> tuple[Response, int] | None:
    """Let no page in a developer's browser change the stand-in on the same machine."""
    headers = request.headers
    if "Origin" in headers or headers.get("Sec-Fetch-Site", "none") != "none":
        return jsonify(error="This is not for pages: use a program, or flask lean fake."), 403
    return None


def _refuse(error: ValidationError) -> tuple[Response, int]:
    messages = error.messages
    if isinstance(messages, list):
        messages = {error.field_name: messages}
    return jsonify(error="The request is not valid.", fields=messages), 400


def _say(error: HTTPException) -> tuple[Response, int]:
    fields: dict[str, Any] = {}
    if error.code == 404:
        fields["routes"] = [f"{method} {path}" for method, path, _ in ROUTES]
    return jsonify(error=error.description, **fields), error.code or 500
