"""``GET /receipt``: what the picker's page shows of a success, as HTML to put into it.

The page has to be small, so what it needs only at the end comes after it, with the script of the
ending. It is the same for all flows of a method, and says nothing of any of them.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, make_response, render_template, request

from ...services import get_services
from ..assets import receipt_stylesheet_url
from ..pages import page_language, template_context


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.get("/receipt", endpoint="receipt")(_receipt)


def _receipt() -> Response:
    services = get_services()
    html = render_template(
        "lean_flask/receipt.html",
        method=request.args.get("method"),
        embedded="embedded" in request.args,
        urls={"stylesheet": receipt_stylesheet_url(services.name)},
        **template_context(services, page_language(services, None)),
    )
    return make_response(re.sub(r">\n+<", "><", html))
