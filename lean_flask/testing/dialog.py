"""What the dialog of the loader script asks for and reports."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from .ends import end_flow
from .stand_in import StandIn

#: The loader script runs in the pages of hosts.
ANY_ORIGIN = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}


def dialog_routes(fake_lean: StandIn) -> Blueprint:
    """Serve the dialog, and take down what the loader and the dialog report."""
    routes = Blueprint("dialog", __name__, url_prefix="/stand-in")

    @routes.get("/dialog")
    def dialog() -> Response:
        return Response(render_template("dialog.html"), headers={"Cache-Control": "no-store"})

    @routes.get("/banks")
    def banks() -> Response:
        return jsonify(fake_lean.banks)

    @routes.get("/customers/<customer_id>")
    def customer(customer_id: str) -> Response:
        return jsonify(_known_of(fake_lean, customer_id))

    @routes.route("/launches", methods=["POST", "OPTIONS"])
    def launches() -> Response:
        if request.method == "POST":
            fake_lean.launches.append(request.get_json(force=True))
        headers = {"Access-Control-Allow-Headers": "content-type"}
        return Response(status=204, headers=ANY_ORIGIN | headers)

    @routes.post("/ends")
    def ends() -> Response:
        end_flow(fake_lean, request.get_json())
        return Response(status=204)

    return routes


def _known_of(fake_lean: StandIn, customer_id: str) -> dict[str, Any]:
    """Return what the dialog shows of a customer."""
    return {"entities": [], "consents": [], "payments": []} | {
        "payment_sources": fake_lean.payment_sources.get(customer_id, [])
    }
