"""The script and stylesheet, named by their content so that caches may keep them for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request, url_for

from .problems import problem
from .slim import slim_script
from .theme import decode_theme, encode_theme, stylesheet

_STATIC = Path(__file__).parent.parent / "static"
_FOR_EVER = "public, max-age=31536000, immutable"


def add_routes(blueprint: Blueprint) -> None:
    blueprint.get("/picker.css", endpoint="stylesheet")(_stylesheet)
    blueprint.get("/<any(picker, return):name>.js", endpoint="script")(_script)


def stylesheet_url(customization: Mapping[str, Any]) -> str:
    version = _version(stylesheet(customization))
    return url_for(".stylesheet", theme=encode_theme(customization) or None, v=version)


def script_url(name: str) -> str:
    return url_for(".script", name=name, v=_version(_script_of(name)))


def _stylesheet() -> Response:
    try:
        customization = decode_theme(request.args.get("theme", ""))
    except ValueError:
        return problem(404, "There is no such theme.")
    return _asset(stylesheet(customization), "text/css")


def _script(name: str) -> Response:
    return _asset(_script_of(name), "text/javascript")


def _asset(content: bytes, kind: str) -> Response:
    response = Response(content, mimetype=kind)
    response.set_etag(_version(content))
    response.headers["Cache-Control"] = (
        _FOR_EVER if request.args.get("v") == _version(content) else "no-cache"
    )
    response.make_conditional(request)
    return response


@cache
def _version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


@cache
def _script_of(name: str) -> bytes:
    return slim_script((_STATIC / f"{name}.js").read_text("utf-8")).encode()
