"""``GET /openapi.json``: the JSON routes of this server, for programs that write clients.

``make openapi`` writes ``openapi.json`` beside this file, from the schemas.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, request, url_for

from ...services import get_services
from ..request_headers import parsed_header

_PATH = "/openapi.json"


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.get(_PATH, endpoint="openapi")(_openapi)


def _openapi() -> Response:
    prefix = url_for(".openapi").removesuffix(_PATH) or "/"
    content = _document(prefix, get_services().settings.account_types)
    response = Response(content, mimetype="application/json")
    response.set_etag(hashlib.sha256(content).hexdigest()[:16])
    response.headers["Cache-Control"] = "public, no-cache"
    if parsed_header(request.environ, "If-None-Match"):
        response.make_conditional(request)
    return response


@lru_cache(maxsize=32)
def _document(prefix: str, account_types: tuple[str, ...]) -> bytes:
    """Return the written document with the server's URL and its account types."""
    document = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    document["servers"] = [{"url": prefix}]
    document["components"]["schemas"]["AccountType"]["enum"] = account_types
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
