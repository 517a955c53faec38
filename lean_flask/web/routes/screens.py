"""``GET /screens``: what the picker's page shows after the choice, as HTML to put into it.

The page has to be small, so what it needs only at its end comes after it, with the script of the
ending. It is the same for all flows of a method, and says nothing of any of them.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, make_response, render_template, request

from ...flows.methods import TRAITS
from ...services import get_services
from ..assets import ending_stylesheet_url
from ..pages import page_language, template_context
from ..templates import our_template
from ..wording import wording_context


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.get("/screens", endpoint="screens")(_screens)


def _screens() -> Response:
    services = get_services()
    method, language = request.args.get("method"), page_language(services, None)
    method = method if method in TRAITS else ""
    html = render_template(
        our_template("picker.html"),  # which has the blocks that a host may replace
        layout="lean_flask/screens.html",
        method=method,
        embedded="embedded" in request.args,
        on_phone="phone" in request.args,
        urls={"stylesheet": ending_stylesheet_url(services.name)},
        **wording_context(method, language, renews="renews" in request.args),
        **template_context(services, language),
    )
    return make_response(re.sub(r">\n+<", "><", html))
