"""``GET /health``: whether customers can be shown banks, and how Lean is doing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify

from ...banks.cache.cache import Peek
from ...services import get_services


def add_routes(blueprint: Blueprint) -> None:
    blueprint.get("/health", endpoint="health")(_health)


def _health() -> Response:
    """200 while every list can be served, 503 otherwise; asking never waits on Lean."""
    directory = get_services().directory
    lists = directory.health()
    if any(peek.state == "empty" for peek in lists.values()):
        directory.refresh_soon()  # so that a new server becomes healthy before it gets visitors
    report = health_report(lists)
    response = jsonify(report)
    response.status_code = 503 if report["status"] == "down" else 200
    response.headers["Cache-Control"] = "no-store"
    return response


def health_report(lists: Mapping[str, Peek]) -> dict[str, Any]:
    peeks = lists.values()
    states = [peek.state for peek in peeks]
    failures = max(peek.trouble.failures if peek.trouble else 0 for peek in peeks)
    return {
        "status": "down" if "empty" in states else "degraded" if failures else "ok",
        "banks": {
            "count": sum(len(peek.banks) for peek in peeks),
            "age": round(max(peek.age for peek in peeks)),
            "state": max(states, key=("fresh", "stale", "empty").index),
        },
        "upstream": {
            "failures": failures,
            "retry_in": round(max(peek.retry_in for peek in peeks)),
        },
    }
