"""Whether a request that changes something comes from our own page."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Blueprint, current_app, request

from ..common.logs import get_logger
from .origins import origin_advice, printable_origin

log = get_logger(__name__)

_OWN_SITE = {"same-origin", "none"}
_OTHER_SITES = {"same-site", "cross-site"}


def is_cross_site(allowed: Collection[str] = ()) -> bool:
    """Return whether the browser says that another origin sent this request; log it if so.

    Fetch metadata where the browser sends it, ``Origin`` where it does not. A request with neither
    is no browser's, and a flow that is bound to a browser session stops it anyway.

    :param allowed: other origins whose pages may send it, as browsers write them.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site in _OWN_SITE:
        return False
    origin = request.headers.get("Origin")
    if origin in allowed:
        return False
    own = f"{request.scheme}://{request.host}"
    if site is not None:
        known = site if site in _OTHER_SITES else "unknown"
        log.warning(
            "Refused a POST to %s: it comes from another origin, %s (Sec-Fetch-Site: %s); %s",
            request.endpoint,
            printable_origin(origin),
            known,
            origin_advice(origin),
        )
        return True
    if origin is None or origin.lower() == own.lower():
        return False
    # Also what a site behind a proxy sees that has not told Flask its public address.
    log.warning(
        "Refused a POST to %s from %s to %s; behind a proxy, use ProxyFix; %s",
        request.endpoint,
        printable_origin(origin),
        printable_origin(own),
        origin_advice(origin),
    )
    return True


def exempt_from_csrf_tokens(blueprint: Blueprint) -> None:
    """Tell Flask-WTF's ``CSRFProtect``, where the host has it, that our routes need no token.

    Webhooks are signed; the rest asks :func:`is_cross_site` and opens a flow of this browser.
    This runs before any ``before_request``, so the host may set up either of the two first.
    """

    @blueprint.url_value_preprocessor
    def exempt(endpoint: str | None, _: dict[str, Any] | None) -> None:
        if request.method in {"GET", "HEAD"}:
            return  # no token is asked for
        # A host may keep something else of its own under this name.
        mark = getattr(current_app.extensions.get("csrf"), "exempt", None)
        view = current_app.view_functions.get(endpoint or "")
        # Flask-WTF goes by module and name, and the host may have views on this blueprint, too.
        if callable(mark) and getattr(view, "__module__", "").startswith(f"{__package__}."):
            mark(view)
