"""``GET /operations``: a page for operators, imported when somebody asks for it."""

from __future__ import annotations

from flask import Blueprint, Response


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.get("/operations", endpoint="operations")(_show)
    blueprint.post("/operations", endpoint="operations_action")(_act)


def _show() -> Response:
    from ..operations.page import show

    return show()


def _act() -> Response:
    from ..operations.page import act

    return act()
