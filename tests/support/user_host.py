"""A host whose flows belong to its users: by a bearer token, or by a login in the session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, abort, redirect, request, session, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lean_flask import FlowError, LeanBlueprint
from lean_flask.testing import FakeLean
from lean_flask.web.hosted_flow import HostedFlow
from support.launching import SUCCESS

BANK = "RJHI_SAU"
USER = "user-1"
#: Every call that takes a flow; each says what it found by its status.
CALLS: dict[str, Callable[[FlaskClient, HostedFlow], TestResponse]] = {
    "picker": lambda client, flow: client.get(flow.url),
    "launch": lambda client, flow: post(client, "launch", flow, bank_identifier=BANK),
    "callback": lambda client, flow: post(client, "callback", flow, data={"status": "CANCELLED"}),
    "return": lambda client, flow: post(client, "return", flow),
    "events": lambda client, flow: post(client, "events", flow, event="search_empty"),
    "status": lambda client, flow: client.get(
        f"/lean/flows/{flow.id}", query_string={"flow": flow.token}
    ),
    "banks": lambda client, flow: client.get("/lean/banks", query_string={"flow": flow.token}),
    "open": lambda client, flow: client.post("/open", json={"flow": flow.token}),
}
JSON_CALLS = {name: call for name, call in CALLS.items() if name not in {"picker", "open"}}


def post(client: FlaskClient, route: str, flow: HostedFlow, **body: Any) -> TestResponse:
    return client.post(f"/lean/{route}", json={"flow": flow.token} | body)


def succeed(client: FlaskClient, flow: HostedFlow) -> TestResponse:
    return post(client, "callback", flow, data=SUCCESS)


class UserHost:
    """An app with a login page, on which flows are made for its users.

    :ivar identify: what ``@lean.identify`` calls; a test may put something else in its place.
    """

    def __init__(self, fake: FakeLean, **settings: Any) -> None:
        self.app = Flask(__name__)
        self.app.config.update(SECRET_KEY="a host's secret key", TESTING=True)
        usual = {"store_url": "memory:", "host_name": {"en": "Qahwa", "ar": "قهوة"}}
        self.lean = LeanBlueprint(**fake.settings() | usual | settings)
        self.app.register_blueprint(self.lean)
        self.customer = fake.add_customer(USER)
        self.given: dict[str, Any] = {
            "customer_id": self.customer,
            "permissions": ["identity", "accounts"],
            "return_url": "/done",
        }
        self.identify: Callable[[], Any] = self.user
        self.asked = 0
        self.lean.identify(self._identify)
        for path, view, methods in (
            ("login", self._login, ["GET", "POST"]),
            ("logout", self._logout, ["GET"]),
            ("start", lambda: self.lean.connect(**self.given).token, ["GET"]),
            ("open", self._open, ["POST"]),
            ("done", lambda: "<!doctype html><h1>Back</h1>", ["GET"]),
        ):
            self.app.add_url_rule(f"/{path}", path, view, methods=methods)

    def _identify(self) -> Any:
        self.asked += 1
        return self.identify()

    def user(self) -> Any:
        """The user of a bearer token, else of the session."""
        kind, _, user = request.headers.get("Authorization", "").partition(" ")
        return user if kind == "Bearer" else session.get("user")

    def user_or_login(self) -> Any:
        """The same; a customer without any is led to the login page, and back."""
        user = self.user()
        if user is None:
            abort(redirect(url_for("login", next=request.full_path)))
        return user

    def _login(self) -> Any:
        if request.method == "GET":
            return "<!doctype html><form method=post><input name=user><button>Sign in</button>"
        session.clear()
        session["user"] = request.form["user"]
        return redirect(request.args.get("next", "/done"))

    def _logout(self) -> Any:
        session.clear()
        return redirect("/done")

    def _open(self) -> Any:
        try:
            flow = self.lean.open(request.get_json()["flow"])
        except FlowError as error:
            return {"reason": error.reason}, 503 if error.reason == "identify_failed" else 403
        return {"id": flow.id, "bound_to": flow.bound_to}

    def flow(self, user: Any = USER, **fields: Any) -> HostedFlow:
        with self.app.test_request_context():
            return self.lean.connect(**self.given | {"bound_to": user} | fields)

    def client(self, user: str | None = None) -> FlaskClient:
        """A device without cookies that sends the bearer token of *user*; of nobody by default."""
        client = self.app.test_client(use_cookies=False)
        if user is not None:
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {user}"
        return client

    def browser(self, user: str | None = None) -> FlaskClient:
        """A browser in which *user* is signed in."""
        client = self.app.test_client()
        if user is not None:
            client.post("/login", data={"user": user})
        return client
