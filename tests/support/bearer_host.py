"""A host of an app: no cookies, a bearer token says whose request it is."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from flask import Flask, jsonify, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lean_flask import LeanBlueprint
from lean_flask.testing import FakeLean

USER = "user-1"
BEARER = f"Bearer token of {USER}"


class BearerHost:
    """The host, and its customer's app. The flows that it makes are bound to the customer.

    :ivar client: of the app; it keeps no cookies, and signs each request.
    """

    def __init__(self, fake: FakeLean, **settings: Any) -> None:
        self.fake = fake
        self.customer_id = fake.add_customer(USER)
        self.app = app = Flask(__name__)
        app.config.update(SECRET_KEY="a host's secret key", TESTING=True)
        given = fake.settings() | {"store_url": "memory:"} | settings
        self.lean = lean = LeanBlueprint(**given)
        app.register_blueprint(lean)

        @lean.identify
        def user() -> str | None:
            kind, _, token = request.headers.get("Authorization", "").partition(" ")
            return token.removeprefix("token of ") or None if kind == "Bearer" else None

        @app.post("/api/flows/<call>")
        def start(call: str) -> Any:
            flow = getattr(lean, call)(bound_to=user(), **request.json)
            return jsonify(flow=flow.token, id=flow.id)

        @app.post("/api/launch")
        def launch() -> Any:
            body = request.get_json()
            launch = lean.open(body.pop("flow")).launch(**body)
            return jsonify(method=launch.method, config=launch.config, native=launch.native)

        @app.post("/api/callback")
        def closed() -> Any:
            body = request.get_json()
            return jsonify(status=lean.open(body.pop("flow")).closed(**body).status)

        @app.post("/api/return")
        def capture_redirect() -> Any:  # the watch for secrets knows who may hand out a config
            body = request.get_json()
            launch = lean.open(body["flow"]).returned(body["landed_with"], body["platform"])
            assert launch
            return jsonify(method=launch.method, config=launch.config, native=launch.native)

        self.client: FlaskClient = app.test_client(use_cookies=False)
        self.client.environ_base["HTTP_AUTHORIZATION"] = BEARER

    def start(self, call: str, **arguments: Any) -> dict[str, str]:
        """Make a flow by *call*, one of the blueprint's; return its token and id."""
        flow: dict[str, str] = self.post(f"/api/flows/{call}", arguments).json
        return flow

    def signed_in(self) -> AbstractContextManager[Any]:
        """Return a request of the customer's, for what the host's own code does in it."""
        return self.app.test_request_context(headers={"Authorization": BEARER})

    def post(self, path: str, body: dict[str, Any]) -> TestResponse:
        """Post JSON as the app does; no answer sets a cookie."""
        response = self.client.post(path, json=body)
        assert "Set-Cookie" not in response.headers
        return response
