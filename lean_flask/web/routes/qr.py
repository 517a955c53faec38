"""``GET /qr``: the QR code of a flow that its customer may go on with on their phone."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ...services import get_services
from ..flow_access import open_flow
from ..json_endpoint import json_endpoint
from ..pages import page_language
from ..problems import problem
from ..qr import offers_phone, qr_code


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.get("/qr", endpoint="qr")(_qr)


@json_endpoint
def _qr() -> Response:
    flow, services = open_flow(request.args.get("flow")), get_services()
    if not offers_phone(flow, services.name):
        return problem(404, "There is no QR code for this flow.")
    code = qr_code(flow, services.name, page_language(services, flow))
    response = Response(code, mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
