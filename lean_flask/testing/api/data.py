"""The Data API: what the bank of an entity knows, for as long as the connection is in force."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, request

from ..clock import timestamp
from ..data import bank_data
from ..stand_in import StandIn
from .answers import body, data_problem, page, problem

#: Takes the entity, the country and the id of an account; returns all records there are.
Records = Callable[..., list[dict[str, Any]]]


def _accounts(fake_lean: StandIn) -> Response:
    return _answer(fake_lean, "accounts", "accounts", bank_data.accounts)


def _identity(fake_lean: StandIn) -> Response:
    def one(entity: dict[str, Any], _country: str) -> list[dict[str, Any]]:
        return [bank_data.identity(entity)]

    return _answer(fake_lean, "identity", "identities", one, permission="identity")


def _balances(fake_lean: StandIn, account_id: str) -> Response:
    return _answer(
        fake_lean, "balances", "balances", bank_data.balances, account_id, permission="balance"
    )


def _transactions(fake_lean: StandIn, account_id: str) -> Response:
    def between_dates(*which: Any) -> list[dict[str, Any]]:
        first = request.args.get("start_date", "")
        last = request.args.get("end_date", "9999")
        return [
            one
            for one in bank_data.transactions(*which)
            if first <= one["booking_date_time"][: len("2026-01-01")] <= last
        ]

    return _answer(fake_lean, "transactions", "transactions", between_dates, account_id)


def _refresh(fake_lean: StandIn) -> Response:
    entity_id = body().get("entity_id") or request.args.get("entity_id")
    entity = _entity(fake_lean, entity_id)
    if isinstance(entity, Response):
        return entity
    if not fake_lean.is_live(entity):
        text = "The consent is over: connect the entity again"
        return problem(fake_lean, 403, "CONSENT_EXPIRED", text)
    refresh_id, now = str(uuid.uuid4()), timestamp(fake_lean.now())
    if entity["reconnect_id"]:
        return jsonify(
            reconnect_id=entity["reconnect_id"],
            refresh_id=entity["reconnect_id"],
            status="RECONNECT_REQUIRED",
            message="The customer has to be at the bank again",
            timestamp=now,
        )
    fake_lean.notify_refresh(entity, refresh_id, {"accounts": "OK", "identity": "OK"})
    return jsonify(refresh_id=refresh_id, status="OK", message="Begun", timestamp=now)


def _answer(
    fake_lean: StandIn,
    kind: str,
    name: str,
    records: Records,
    account_id: str | None = None,
    *,
    permission: str | None = None,
) -> Response:
    """Return a page of records, or why there are none."""
    entity = _entity(fake_lean, request.args.get("entity_id"))
    if isinstance(entity, Response):
        return entity
    if not fake_lean.is_live(entity):
        return _result(fake_lean, "CONSENT_EXPIRED", "The consent is over: connect again")
    if entity["reconnect_id"]:
        text = "The customer has to be at the bank again"
        return _result(fake_lean, "RECONNECT_REQUIRED", text, results_id=entity["reconnect_id"])
    if (permission or kind) not in entity["permissions"]:
        text = f"The entity has no permission {permission or kind}"
        return data_problem(fake_lean, 403, "INCORRECT_ACCESS_LEVEL", text)
    country = fake_lean.country
    known = [one["account_id"] for one in bank_data.accounts(entity, country)]
    if account_id is not None and account_id not in known:
        return data_problem(fake_lean, 404, "UNKNOWN_ACCOUNT", "The entity has no such account")
    which = (entity, country) if account_id is None else (entity, country, account_id)
    shown, about = page(records(*which), number="page", size="size", usual=50)
    data = {"type": kind, name: shown, "page": about}
    return _result(fake_lean, "OK", "Data successfully retrieved", type=kind, data=data)


def _entity(fake_lean: StandIn, entity_id: Any) -> dict[str, Any] | Response:
    if not entity_id:
        return data_problem(fake_lean, 400, "INVALID_PARAMETERS", "entity_id is required")
    try:
        return fake_lean.entity(entity_id)
    except KeyError:
        return data_problem(fake_lean, 404, "UNKNOWN_ENTITY", "There is no such entity")


def _result(fake_lean: StandIn, status: str, message: str, **more: Any) -> Response:
    now = timestamp(fake_lean.now())
    result = {
        "status": status,
        "results_id": str(uuid.uuid4()),
        "message": message,
        "meta": None,
        "timestamp": now,
        "status_detail": None,
        "data": None,
        "type": None,
        "refreshed_at": now if status == "OK" else None,
    }
    return jsonify(result | more)


_ACCOUNTS = "/data/v2/accounts"
ROUTES = [
    ("GET", _ACCOUNTS, "data", _accounts),
    ("GET", f"{_ACCOUNTS}/<account_id>/balances", "data", _balances),
    ("GET", f"{_ACCOUNTS}/<account_id>/transactions", "data", _transactions),
    ("GET", "/data/v2/identity", "data", _identity),
    ("POST", "/data/v2/refreshes", "data", _refresh),
]
