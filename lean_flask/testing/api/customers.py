"""Customers, and their payment sources."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from ..stand_in import StandIn
from .answers import body, found, missing, page, problem

_IDENTIFIERS = {"EMIRATES_ID", "TRADE_LICENSE_NUMBER"}


def _create(fake_lean: StandIn) -> Response:
    fields = body()
    app_user_id = fields.get("app_user_id")
    if not isinstance(app_user_id, str) or not 1 <= len(app_user_id) <= 255:
        return _invalid(fake_lean, "app_user_id takes 1 to 255 characters")
    if any(known["app_user_id"] == app_user_id for known in fake_lean.customers.values()):
        return problem(fake_lean, 409, "CUSTOMER_ALREADY_EXISTS", "The app_user_id is taken")
    if "government_identifiers" in fields and not are_identifiers(fields["government_identifiers"]):
        return _invalid(fake_lean, "government_identifiers takes a list of type and value")
    customer = fake_lean.customers[fake_lean.add_customer(app_user_id)]
    if fields.get("government_identifiers"):
        customer["government_identifiers"] = fields["government_identifiers"]
    return jsonify(customer)


def _update(fake_lean: StandIn, customer_id: str) -> Response:
    customer = fake_lean.customers.get(customer_id)
    identifiers = body().get("government_identifiers")
    if identifiers is None:
        return missing(fake_lean, "government_identifiers")
    if not are_identifiers(identifiers):
        return _invalid(fake_lean, "government_identifiers takes a list of type and value")
    if customer is not None:
        customer["government_identifiers"] = identifiers
    return found(fake_lean, customer)


def _list(fake_lean: StandIn) -> Response:
    shown, about = page(list(fake_lean.customers.values()))
    return jsonify(data=shown, page=about)


def _one(fake_lean: StandIn, customer_id: str) -> Response:
    return found(fake_lean, fake_lean.customers.get(customer_id))


def _by_name(fake_lean: StandIn, name: str) -> Response:
    known = fake_lean.customers.values()
    customer = next((customer for customer in known if customer["app_user_id"] == name), None)
    return found(fake_lean, customer)


def _payment_sources(fake_lean: StandIn, customer_id: str) -> Response:
    return jsonify(fake_lean.payment_sources.get(customer_id, []))


def _payment_source(fake_lean: StandIn, customer_id: str, source_id: str) -> Response:
    sources = fake_lean.payment_sources.get(customer_id, [])
    return found(fake_lean, next((one for one in sources if one["id"] == source_id), None))


def are_identifiers(value: Any) -> bool:
    """Return whether *value* is a list of a customer's identifiers, as Lean takes them."""
    return isinstance(value, list) and all(
        isinstance(one, dict)
        and one.get("type") in _IDENTIFIERS
        and isinstance(one.get("value"), str)
        and one["value"].strip()
        for one in value
    )


def _invalid(fake_lean: StandIn, message: str) -> Response:
    return problem(fake_lean, 400, "INVALID_PARAMETERS", message)


ROUTES = [
    ("POST", "/customers/v1/", "customers", _create),
    ("GET", "/customers/v1/", "customers", _list),
    ("PUT", "/customers/v1/<customer_id>/", "customers", _update),
    ("GET", "/customers/v1/<customer_id>/", "customers", _one),
    ("GET", "/customers/v1/app-user-id/<path:name>", "customers", _by_name),
    (
        "GET",
        "/customers/v1/<customer_id>/payment-sources",
        "payment_sources",
        _payment_sources,
    ),
    (
        "GET",
        "/customers/v1/<customer_id>/payment-sources/<source_id>",
        "payment_sources",
        _payment_source,
    ),
]
