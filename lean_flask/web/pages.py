"""Hosted HTML: rendering in the right language, under the headers that every page of ours sends."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from ..common.types import Language
from ..config.settings import Settings
from ..flows.flow import Flow
from ..services import Services, services
from . import csp
from .assets import stylesheet_url
from .cached_json import Complete
from .language import choose_language, direction, translations

_STATUS = {"expired": 410, "completed": 410, "foreign": 403, "script": 422}

# Off for our pages and the frames in them: nothing in linking a bank or paying asks for these.
# What Lean's frame may come to need (passkeys, payment, clipboard) keeps the browser's default.
_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "magnetometer",
        "microphone",
        "midi",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)
# Says what frame-ancestors says, for when a host's policy takes the place of ours.
_FRAME_OPTIONS = {"'none'": "DENY", "'self'": "SAMEORIGIN"}


def page_language(lean: Services, flow: Flow | None) -> Language:
    return choose_language(
        request.args.get("lang"),
        flow.language if flow else None,
        request.headers.get("Accept-Language"),
        lean.settings.language,
    )


def host_name(lean: Services, language: Language) -> str:
    """What the pages call the host."""
    return lean.settings.host_name.get(language) or request.host


def texts(lean: Services, language: Language) -> dict[str, Any]:
    """What every template needs to speak *language*."""
    catalogue = translations(language)
    return {
        "language": language,
        "direction": direction(language),
        "host": host_name(lean, language),
        "_": catalogue.gettext,
        "ngettext": catalogue.ngettext,
    }


def page(template: str, language: Language, status: int = 200, **context: Any) -> Response:
    context |= texts(services(), language)
    return make_response(render_template(f"lean_flask/{template}", **context), status)


def notice(reason: str, flow: Flow | None = None, back: str | None = None) -> Response:
    """A page of its own for what cannot go on: it says why, and what to do.

    :param back: where its button leads.
    """
    lean = services()
    return page(
        "notice.html",
        page_language(lean, flow),
        _STATUS[reason],
        reason=reason,
        urls={"stylesheet": stylesheet_url(lean, flow), "back": back},
    )


def add_headers(blueprint: Blueprint) -> None:
    blueprint.after_request(_protect)


def _protect(response: Response) -> Response:
    """Headers of our answers. A host that sets its own keeps them."""
    if isinstance(response, Complete):
        return response
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    if response.mimetype == "text/html":
        for name, value in page_headers(services()):
            headers.setdefault(name, value)
    elif response.is_json and not response.cache_control.public:
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    return response


def page_headers(lean: Services) -> list[tuple[str, str]]:
    """What goes with every page of ours."""
    headers: list[tuple[str, str]] = lean.pages.get("headers", lambda: _headers(lean.settings))
    return headers


def _headers(settings: Settings) -> list[tuple[str, str]]:
    headers = {
        "Content-Security-Policy": settings.csp and csp.header(settings, settings.csp),
        "X-Frame-Options": _FRAME_OPTIONS.get(settings.frame_ancestors),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin",
        "Permissions-Policy": _PERMISSIONS,
        "X-Robots-Tag": "noindex",
        "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
    }
    return [(name, value) for name, value in headers.items() if value]
