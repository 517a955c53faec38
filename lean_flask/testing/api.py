"""Lean's API: OAuth, banks, customers, payment sources and intents."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, request

from . import tokens
from .data.banks import matching
from .stand_in import StandIn

View = Callable[..., Response]


def api_routes(fake_lean: StandIn) -> Blueprint:
    """Return the routes; each passes the record, and the faults, under its endpoint's name."""
    api = Blueprint("api", __name__)
    routes: list[tuple[str, str, str, View]] = [
        ("POST", "/oauth2/token", "token", _token),
        ("GET", "/banks/v1/", "banks", _authorized(_banks)),
        ("POST", "/customers/v1/", "customers", _authorized(_create_customer)),
        ("GET", "/customers/v1/", "customers", _authorized(_customers)),
        ("GET", "/customers/v1/app-user-id/<path:name>", "customers", _authorized(_customer)),
        (
            "GET",
            "/customers/v1/<customer_id>/payment-sources",
            "payment_sources",
            _authorized(_payment_sources),
        ),
        ("POST", "/payments/v1/intents/", "intents", _authorized(_create_intent)),
        ("GET", "/payments/v1/intents/<intent_id>", "intents", _authorized(_intent)),
    ]
    for number, (method, path, endpoint, view) in enumerate(routes):
        api.add_url_rule(
            path,
            f"{endpoint}_{number}",
            partial(_respond, fake_lean, endpoint, view),
            methods=[method],
            strict_slashes=False,
        )
    api.after_request(_lean_headers)
    return api


def _respond(fake_lean: StandIn, endpoint: str, view: View, **arguments: str) -> Response:
    fake_lean.record(endpoint)
    armed = fake_lean.take_fault(endpoint)
    if armed is None:
        return view(fake_lean, **arguments)
    return armed.fault.apply(lambda: view(fake_lean, **arguments), armed.over)


def _authorized(view: View) -> View:
    def checked(fake_lean: StandIn, **arguments: str) -> Response:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        by_token = scheme == "Bearer" and token in fake_lean.live_tokens
        by_app = not scheme and request.headers.get("lean-app-token") == fake_lean.app_token
        if not (by_token or by_app):
            return _problem(401, "UNAUTHORIZED", "No valid credentials")
        return view(fake_lean, **arguments)

    return checked


def _lean_headers(response: Response) -> Response:
    """Add the headers that Lean's responses were seen to carry."""
    headers = response.headers
    headers.setdefault("lean-correlation-id", secrets.token_hex(8).upper())
    headers["lean-trace-id"] = secrets.token_hex(16)
    headers["Cache-Control"] = "no-cache, no-store, max-age=0, must-revalidate"
    headers["Pragma"] = "no-cache"
    return response


def _problem(http_status: int, code: str, message: str) -> Response:
    body = {"status": code, "message": message, "metadata": None, "timestamp": ""}
    response = jsonify(body)
    response.status_code = http_status
    return response


def _token(fake_lean: StandIn) -> Response:
    form = request.form
    if (
        form.get("client_id") != fake_lean.app_token
        or form.get("client_secret") != fake_lean.client_secret
    ):
        return _oauth_error(401, "invalid_client")
    if form.get("grant_type") != "client_credentials":
        return _oauth_error(400, "unsupported_grant_type")
    scope = form.get("scope", "")
    customer_id = scope.removeprefix("customer.") if scope.startswith("customer.") else None
    if scope != "api" and customer_id not in fake_lean.customers:
        return _oauth_error(400, "invalid_scope")
    token = tokens.mint(
        issuer=fake_lean.url,
        application=fake_lean.app_token,
        scope=scope,
        seconds=fake_lean.token_seconds,
        customer_id=customer_id,
    )
    if scope == "api":
        fake_lean.live_tokens.add(token)
    return jsonify(
        access_token=token, scope=scope, token_type="Bearer", expires_in=fake_lean.token_seconds
    )


def _oauth_error(http_status: int, error: str) -> Response:
    response = jsonify(error=error, error_description=f"The stand-in says {error}")
    response.status_code = http_status
    return response


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


def _create_customer(fake_lean: StandIn) -> Response:
    app_user_id = (request.get_json(silent=True) or {}).get("app_user_id")
    if not isinstance(app_user_id, str) or not 1 <= len(app_user_id) <= 255:
        return _problem(400, "INVALID_PARAMETERS", "app_user_id takes 1 to 255 characters")
    if any(known["app_user_id"] == app_user_id for known in fake_lean.customers.values()):
        return _problem(409, "CUSTOMER_ALREADY_EXISTS", "The app_user_id is taken")
    return jsonify(fake_lean.customers[fake_lean.add_customer(app_user_id)])


def _customers(fake_lean: StandIn) -> Response:
    return jsonify(data=list(fake_lean.customers.values()), page={})


def _customer(fake_lean: StandIn, name: str) -> Response:
    known = fake_lean.customers.values()
    return _found(next((customer for customer in known if customer["app_user_id"] == name), None))


def _payment_sources(fake_lean: StandIn, customer_id: str) -> Response:
    return jsonify(fake_lean.payment_sources.get(customer_id, []))


def _create_intent(fake_lean: StandIn) -> Response:
    body = request.get_json(silent=True) or {}
    if not {"customer_id", "amount", "currency"} <= set(body):
        return _problem(400, "MISSING_PARAMETERS", "customer_id, amount and currency are required")
    if len(body.get("description") or "") > 32:
        return _problem(400, "INVALID_PARAMETERS", "description takes 32 characters")
    intent_id = str(uuid.uuid4())
    fake_lean.intents[intent_id] = body | {
        "payment_intent_id": intent_id,
        "payments": fake_lean.payments.setdefault(intent_id, []),
    }
    return jsonify(fake_lean.intents[intent_id])


def _intent(fake_lean: StandIn, intent_id: str) -> Response:
    return _found(fake_lean.intents.get(intent_id))


def _found(item: Any) -> Response:
    return jsonify(item) if item else _problem(404, "NOT_FOUND", "There is no such thing")
