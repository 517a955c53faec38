"""The Banks API."""

from __future__ import annotations

from flask import Response, jsonify, request

from ..data.banks import matching
from ..stand_in import StandIn


def _banks(fake_lean: StandIn) -> Response:
    query = request.args
    return jsonify(
        matching(
            fake_lean.banks,
            query.getlist("account_types"),
            query.getlist("country_codes"),
            query.getlist("connection_types"),
        )
    )


ROUTES = [("GET", "/banks/v1/", "banks", _banks)]
