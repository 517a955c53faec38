"""The security headers of the responses; a host that sets its own keeps them."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request
from flask.sansio.blueprints import BlueprintSetupState

from ..config.settings import Settings
from ..services import get_services
from . import csp
from .cached_json import PreparedResponse

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


def page_headers(settings: Settings) -> tuple[tuple[str, str], ...]:
    """Return the headers of every HTML page, as name and value."""
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
    return tuple((name, value) for name, value in headers.items() if value)


def add_security_headers(blueprint: Blueprint) -> None:
    """Add the security headers to each response of *blueprint*, and to errors below its prefix."""
    blueprint.after_request(_add_security_headers)
    blueprint.record(_cover_unknown_routes)


def _cover_unknown_routes(state: BlueprintSetupState) -> None:
    """Also protect what Flask answers below our prefix where no route of ours matches: 404, 405.

    Such a page may be the host's own, so the policy forbids only what no error page needs.
    """
    prefix = (state.url_prefix or "").rstrip("/")
    if not prefix or not isinstance(state.app, Flask):
        return
    name = f"{state.name_prefix}.{state.name}".lstrip(".")

    @state.app.after_request
    def cover(response: Response) -> Response:
        if request.routing_exception and f"{request.path}/".startswith(f"{prefix}/"):
            protect_error_page(response, get_services(name).settings.frame_ancestors)
        return response


def protect_error_page(response: Response, ancestors: str) -> Response:
    """Add the headers of a page that may be the host's own; return *response*.

    :param ancestors: who may frame it, as ``LEAN_FRAME_ANCESTORS`` has it.
    """
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault(
        "Content-Security-Policy",
        f"object-src 'none'; base-uri 'none'; frame-ancestors {ancestors}",
    )
    if ancestors in _FRAME_OPTIONS:
        headers.setdefault("X-Frame-Options", _FRAME_OPTIONS[ancestors])
    return response


def _add_security_headers(response: Response) -> Response:
    if isinstance(response, PreparedResponse):
        return response
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    if response.mimetype == "text/html":
        for name, value in get_services().page_headers:
            headers.setdefault(name, value)
    elif response.is_json and not response.cache_control.public:
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    return response
