"""The script and stylesheet, named by their content so that caches may keep them for ever."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request, url_for

from ..common.logs import get_logger
from ..config.settings import Settings
from ..errors import ConfigurationError
from ..flows.flow import Flow
from ..services import Services, get_services
from .cached_json import wants_gzip
from .problems import problem
from .request_headers import parsed_header
from .secret_keys import key_salt, secret_keys
from .theme.stylesheet import log_corrections, stylesheet
from .theme.token import ThemeSerializer, shown_fields, theme_serializer

log = get_logger(__name__)

#: Built from ``static/src`` by ``make static``.
_DIST = Path(__file__).parent.parent / "static" / "dist"
_FOR_EVER = "public, max-age=31536000, immutable"


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.get("/picker.css", endpoint="stylesheet")(_stylesheet)
    blueprint.get("/ending.css", endpoint="ending_stylesheet")(_ending_stylesheet)
    blueprint.get("/languages.css", endpoint="languages_stylesheet")(_languages_stylesheet)
    blueprint.get("/operations.css", endpoint="operations_stylesheet")(_operations_stylesheet)
    blueprint.get("/<any(picker, embed, 'bank-list', ending, return):name>.js", endpoint="script")(
        _script
    )


def theme_of(settings: Settings, flow: Flow | None) -> dict[str, Any]:
    """Return the customization of *flow*, or of the blueprint where the flow has none."""
    return {**settings.customization, **(flow.customization if flow else {})}


def stylesheet_url(services: Services, flow: Flow | None) -> str:
    """Return the URL of the stylesheet in the theme of *flow*, or of the blueprint."""
    customization = theme_of(services.settings, flow)
    log_corrections(customization)
    common = shown_fields(customization) == shown_fields(services.settings.customization)
    theme = None if common else _themes(services).dumps(customization)
    version = _version(stylesheet(customization))
    return url_for(f"{services.name}.stylesheet", theme=theme, v=version)


def script_url(blueprint_name: str, name: str) -> str:
    """Return the URL of the script *name*, with its version."""
    return url_for(f"{blueprint_name}.script", name=name, v=_version(_built(f"{name}.js")))


def ending_stylesheet_url(blueprint_name: str) -> str:
    """Return the URL of what the stylesheet leaves out while there is a list, with its version."""
    version = _version(_built("ending.css"))
    return url_for(f"{blueprint_name}.ending_stylesheet", v=version)


def languages_stylesheet_url(blueprint_name: str) -> str:
    """Return the URL of what other languages than English and Arabic need, with its version."""
    version = _version(_built("languages.css"))
    return url_for(f"{blueprint_name}.languages_stylesheet", v=version)


def operations_stylesheet_url(blueprint_name: str) -> str:
    """Return the URL of what the operations page adds to the stylesheet, with its version."""
    version = _version(_built("operations.css"))
    return url_for(f"{blueprint_name}.operations_stylesheet", v=version)


def _stylesheet() -> Response:
    services = get_services()
    theme = request.args.get("theme")
    try:
        customization = _themes(services).loads(theme) if theme else services.settings.customization
    except (ValueError, ConfigurationError):
        log.warning("Refused a stylesheet: this blueprint did not sign its theme")
        return problem(404, "There is no such theme.")
    return _asset(stylesheet(customization), "text/css")


def _themes(services: Services) -> ThemeSerializer:
    return theme_serializer(secret_keys(), key_salt("theme", services))


def _script(name: str) -> Response:
    return _asset(_built(f"{name}.js"), "text/javascript")


def _ending_stylesheet() -> Response:
    return _asset(_built("ending.css"), "text/css")


def _languages_stylesheet() -> Response:
    return _asset(_built("languages.css"), "text/css")


def _operations_stylesheet() -> Response:
    return _asset(_built("operations.css"), "text/css")


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
    if parsed_header(request.environ, "If-None-Match"):
        response.make_conditional(request)
    return response


@lru_cache(maxsize=64)
def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


@lru_cache(maxsize=256)
def _version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]


@cache
def _built(name: str) -> bytes:
    return (_DIST / name).read_bytes()
