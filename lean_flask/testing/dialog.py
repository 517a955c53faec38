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

    @routes.post("/entities/<record_id>/revocation")
    def revoke_entity(record_id: str) -> Response:
        fake_lean.revoke_entity(record_id)
        return Response(status=204)

    @routes.post("/consents/<record_id>/revocation")
    def revoke_consent(record_id: str) -> Response:
        fake_lean.revoke_consent(record_id)
        return Response(status=204)

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
    fake_lean.catch_up()
    consents = [one for one in fake_lean.consents.values() if one["customer_id"] == customer_id]
    paid = [payment for payments in fake_lean.payments.values() for payment in payments]
    by_consent = [
        {"id": one["id"], "status": one["status"], **one["amount"]}
        for one in fake_lean.consent_payments
        if one["sender_customer_id"] == customer_id
    ]
    return {
        "entities": [
            _shown_entity(fake_lean, one)
            for one in fake_lean.entities
            if one["customer_id"] == customer_id
        ],
        "consents": consents,
        "payments": [one for one in paid if one["customer_id"] == customer_id] + by_consent,
        "payment_sources": fake_lean.payment_sources.get(customer_id, []),
    }


def _shown_entity(fake_lean: StandIn, entity: dict[str, Any]) -> dict[str, Any]:
    ends = [one["expiration_date_time"] for one in entity["consents"]]
    return {
        "id": entity["id"],
        "bank_identifier": entity["bank_details"]["identifier"],
        "state": "linked" if fake_lean.is_live(entity) else "ended",
        "expires_at": max(ends, default=None),
    }
