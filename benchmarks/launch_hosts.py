"""What ``POST /launch`` is compared with: a view that takes the session's customer and a token.

gunicorn makes one with ``benchmarks.launch_hosts:make("<name>")``, as :mod:`.contenders`.
"""

from __future__ import annotations

from typing import Any

from cachetools import TTLCache, cached
from flask import Flask, Response, abort, jsonify, request, session, url_for

from .beside import make_host
from .contenders import Setup

SECRET_KEY = "the same for all"
PATH = "/lean/launch"
_TOKEN_LIFETIME = 3000  # seconds; Lean's tokens live for 3600
_CUSTOMERS = 1000  # tokens that are kept


def make(name: str) -> Flask:
    """Return the app that gunicorn runs."""
    return make_host(name, SECRET_KEY, PATH, _plain, _lean_flask)


def _lean_flask(app: Flask, setup: Setup) -> None:
    from lean_flask import LeanBlueprint

    app.register_blueprint(LeanBlueprint(**setup.lean))


def _plain(app: Flask, setup: Setup) -> None:
    import requests

    calls, lean = requests.Session(), setup.lean

    @cached(TTLCache(_CUSTOMERS, _TOKEN_LIFETIME))
    def token(customer_id: str) -> str:
        form = {
            "client_id": lean["app_token"],
            "client_secret": lean["client_secret"],
            "grant_type": "client_credentials",
            "scope": f"customer.{customer_id}",
        }
        response = calls.post(lean["auth_url"], data=form, timeout=setup.timeout)
        response.raise_for_status()
        return str(response.json()["access_token"])

    @cached(TTLCache(1, setup.ttl))
    def banks() -> dict[str, Any]:
        url = f"{lean['api_url']}/banks/v1/?account_types=PERSONAL"
        headers = {"lean-app-token": lean["app_token"]}
        response = calls.get(url, headers=headers, timeout=setup.timeout)
        response.raise_for_status()
        return {bank["identifier"]: bank for bank in response.json()}

    @app.post(PATH)
    def launch() -> Response:
        customer_id = session.get("customer_id")
        if customer_id is None:
            abort(403)
        bank = banks().get(request.get_json()["bank_identifier"])
        if bank is None:
            abort(409)
        config = {
            "app_token": lean["app_token"],
            "sandbox": True,
            "language": "en",
            "access_token": token(customer_id),
            "customer_id": customer_id,
            "permissions": ["identity"],
            "bank_identifier": bank["identifier"],
            "success_redirect_url": url_for("returned", _external=True),
            "fail_redirect_url": url_for("returned", _external=True),
        }
        return jsonify(method="connect", config=config)

    @app.get("/returned")
    def returned() -> str:
        return ""
