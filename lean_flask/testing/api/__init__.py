"""Lean's API, a module for each of its subjects."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response

from ..stand_in import StandIn
from . import banks, consents, customers, data, entities, oauth, payments
from .answers import View, authorized, with_leans_headers

#: Method, path, the name of the endpoint in the record and for faults, and what answers.
_ROUTES: list[tuple[str, str, str, View]] = [
    ("POST", "/oauth2/token", "token", oauth.token),
    *(
        (method, path, endpoint, authorized(view))
        for module in (banks, customers, entities, consents, payments, data)
        for method, path, endpoint, view in module.ROUTES
    ),
]
#: Names for faults; ``loader`` is the script of the SDK.
OPERATIONS = tuple(dict.fromkeys([*(endpoint for _, _, endpoint, _ in _ROUTES), "loader"]))


def api_routes(fake_lean: StandIn) -> Blueprint:
    """Return the routes; each passes the record, and the faults, under its endpoint's name."""
    api = Blueprint("api", __name__)
    for number, (method, path, endpoint, view) in enumerate(_ROUTES):
        api.add_url_rule(
            path,
            f"{endpoint}_{number}",
            partial(_respond, fake_lean, endpoint, view),
            methods=[method],
            strict_slashes=False,
        )
    api.after_request(with_leans_headers)
    return api


def _respond(fake_lean: StandIn, endpoint: str, view: View, **arguments: str) -> Response:
    fake_lean.record(endpoint)
    fake_lean.catch_up()

    def respond() -> Response:
        with fake_lean.lock:  # requests come in parallel, and most read what others add to
            return view(fake_lean, **arguments)

    armed = fake_lean.take_fault(endpoint)
    return armed.fault.apply(respond, armed.over) if armed else respond()
