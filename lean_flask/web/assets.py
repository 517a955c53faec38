"""The script and stylesheet, named by their content so that caches may keep them for ever."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache, lru_cache
from pathlib import Path

from flask import Blueprint, Response, request, url_for

from ..flows.flow import Flow
from ..services import Services, get_services
from .cached_json import wants_gzip
from .problems import problem
from .theme.stylesheet import decode_theme, encode_theme, stylesheet

#: Built from ``static/src`` by ``make static``.
_DIST = Path(__file__).parent.parent / "static" / "dist"
_FOR_EVER = "public, max-age=31536000, immutable"


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.get("/picker.css", endpoint="stylesheet")(_stylesheet)
    blueprint.get("/<any(picker, embed, return):name>.js", endpoint="script")(_script)


def stylesheet_url(services: Services, flow: Flow | None) -> str:
    """Return the URL of the stylesheet in the theme of *flow*, or of the blueprint."""
    customization = {**services.settings.customization, **(flow.customization if flow else {})}
    theme = encode_theme(customization)
    common = theme == encode_theme(services.settings.customization)
    version = _version(stylesheet(customization))
    return url_for(f"{services.name}.stylesheet", theme=None if common else theme, v=version)


def script_url(blueprint_name: str, name: str) -> str:
    """Return the URL of the script *name*, with its version."""
    return url_for(f"{blueprint_name}.script", name=name, v=_version(_script_of(name)))


def _stylesheet() -> Response:
    try:
        theme = request.args.get("theme")
        customization = decode_theme(theme) if theme else get_services().settings.customization
    except ValueError:
        return problem(404, "There is no such theme.")
    return _asset(stylesheet(customization), "text/css")


def _script(name: str) -> Response:
    return _asset(_script_of(name), "text/javascript")


def _asset(content: bytes, kind: str) -> Response:
    zipped = wants_gzip(request.environ)
    response = Response(_gzipped(content) if zipped else content, mimetype=kind)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.set_etag(f"{_version(content)}-gzip" if zipped else _version(content))
    response.headers["Cache-Control"] = (
        _FOR_EVER if request.args.get("v") == _version(content) else "no-cache"
    )
    response.make_conditional(request)
    return response


@lru_cache(maxsize=64)
def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


@lru_cache(maxsize=256)
def _version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


@cache
def _script_of(name: str) -> bytes:
    return (_DIST / f"{name}.js").read_bytes()
