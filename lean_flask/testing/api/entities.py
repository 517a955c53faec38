"""Connections of customers to their banks."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request

from ..stand_in import StandIn
from ..state.entities import entity_record
from .answers import body, problem


def _of(fake_lean: StandIn, customer_id: str) -> list[dict[str, Any]]:
    return [one for one in fake_lean.entities if one["customer_id"] == customer_id]


def _list(fake_lean: StandIn, customer_id: str) -> Response:
    return jsonify([entity_record(one) for one in _of(fake_lean, customer_id)])


def _one(fake_lean: StandIn, customer_id: str, entity_id: str) -> Response:
    for entity in _of(fake_lean, customer_id):
        if entity["id"] == entity_id:
            return jsonify(entity_record(entity))
    return _unknown(fake_lean)


def _delete(fake_lean: StandIn, customer_id: str, entity_id: str) -> Response:
    for entity in _of(fake_lean, customer_id):
        if entity["id"] == entity_id:
            if not _is_requested():
                return _no_reason(fake_lean)
            fake_lean.entities.remove(entity)
            return jsonify({})
    return _unknown(fake_lean)


def _delete_consent(
    fake_lean: StandIn, customer_id: str, entity_id: str, consent_id: str
) -> Response:
    for entity in _of(fake_lean, customer_id):
        consents = [one for one in entity["consents"] if one["id"] == consent_id]
        if entity["id"] == entity_id and consents:
            if not _is_requested():
                return _no_reason(fake_lean)
            fake_lean.end_consents(entity, "REVOKED", consents)
            return jsonify({})
    return _unknown(fake_lean)


def _is_requested() -> bool:
    """Return whether the reason is the one that Lean takes, in the query or in the body."""
    reason = request.args.get("reason") or body().get("reason")
    return reason == "USER_REQUESTED"


def _no_reason(fake_lean: StandIn) -> Response:
    return problem(fake_lean, 400, "INVALID_PARAMETERS", "reason takes USER_REQUESTED")


def _unknown(fake_lean: StandIn) -> Response:
    return problem(fake_lean, 404, "UNKNOWN_ENTITY", "The customer has no such entity")


_ENTITIES = "/customers/v1/<customer_id>/entities"
ROUTES = [
    ("GET", _ENTITIES, "entities", _list),
    ("GET", f"{_ENTITIES}/<entity_id>", "entities", _one),
    ("DELETE", f"{_ENTITIES}/<entity_id>", "entities", _delete),
    ("DELETE", f"{_ENTITIES}/<entity_id>/consent/<consent_id>", "entities", _delete_consent),
]
