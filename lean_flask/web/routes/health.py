"""``GET /health``: whether customers can be shown banks, and how Lean is doing; its two probes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify
from marshmallow import Schema, fields, validate

from ...banks.cache.entries import CacheStatus
from ...common.logs import get_logger
from ...common.schemas import instance_of
from ...services import get_services
from ..problems import described

log = get_logger(__name__)


class HealthBanksSchema(Schema):
    """The bank lists together."""

    count = fields.Integer(required=True)
    age = fields.Integer(
        required=True, metadata=described("Seconds since Lean gave the oldest list.")
    )
    state = fields.String(required=True, validate=validate.OneOf(["fresh", "stale", "empty"]))


class HealthUpstreamSchema(Schema):
    """How refreshing the lists goes."""

    failures = fields.Integer(required=True, metadata=described("Failed refreshes in a row."))
    retry_in = fields.Integer(required=True, metadata=described("Seconds until the next attempt."))


class HealthSchema(Schema):
    """The body of ``GET /health``."""

    status = fields.String(required=True, validate=validate.OneOf(["ok", "degraded", "down"]))
    banks = fields.Nested(HealthBanksSchema, required=True)
    upstream = fields.Nested(HealthUpstreamSchema, required=True)
    overrides = fields.Integer(
        required=True, metadata=described("Overrides of banks by hand that are in force.")
    )


class HealthProbeSchema(Schema):
    """The body of ``GET /health/live`` and ``GET /health/ready``."""

    status = fields.String(required=True, validate=validate.OneOf(["ok", "down"]))


_schema = HealthSchema()


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.get("/health", endpoint="health")(_health)
    blueprint.get("/health/live", endpoint="health_live")(_live)
    blueprint.get("/health/ready", endpoint="health_ready")(_ready)


def _health() -> Response:
    """Answer 200 while every list can be served, 503 otherwise; this never waits on Lean."""
    report = health_report(_lists(), len(get_services().catalog.known_overrides()))
    response = jsonify(report)
    response.status_code = 503 if report["status"] == "down" else 200
    response.headers["Cache-Control"] = "no-store"
    return response


def _live() -> Response:
    """Answer 200: the process is alive."""
    return _probe("ok")


def _ready() -> Response:
    """Answer 200 once this process can serve the picker, whatever Lean does; 503 before."""
    try:
        _lists()
    except Exception:
        log.exception("This process cannot serve the picker")
        return _probe("down")
    return _probe("ok")


def _lists() -> Mapping[str, CacheStatus]:
    """Return the state of each list; begin to fetch the lists where one is missing.

    A new server gets no visitors before it is healthy, so nobody else would.
    """
    catalog = get_services().catalog
    lists = catalog.health()
    if any(status.state == "empty" for status in lists.values()):
        catalog.refresh_in_background()
    return lists


def _probe(status: str) -> Response:
    response = jsonify(instance_of(HealthProbeSchema).dump({"status": status}))
    response.status_code = 200 if status == "ok" else 503
    response.headers["Cache-Control"] = "no-store"
    return response


def health_report(lists: Mapping[str, CacheStatus], overrides: int) -> dict[str, Any]:
    """Return the body of ``GET /health``; counts of banks and failures, times in seconds."""
    statuses = lists.values()
    states = [status.state for status in statuses]
    failures = max(status.failure.failures if status.failure else 0 for status in statuses)
    report: dict[str, Any] = _schema.dump(
        {
            "status": "down" if "empty" in states else "degraded" if failures else "ok",
            "banks": {
                "count": sum(len(status.banks) for status in statuses),
                "age": round(max(status.age for status in statuses)),
                "state": max(states, key=("fresh", "stale", "empty").index),
            },
            "upstream": {
                "failures": failures,
                "retry_in": round(max(status.retry_in for status in statuses)),
            },
            "overrides": overrides,
        }
    )
    return report
