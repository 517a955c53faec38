"""A host whose flows belong to its users, on whichever device they sign in."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, redirect, request, session, url_for
from markupsafe import escape

from lean_flask import LeanBlueprint
from lean_flask.testing import FakeLean

from .picker_stage import SETTINGS

USER = "user-1"


def make_bound_host(fake: FakeLean, **settings: Any) -> Flask:
    """A host with a login, and a page that starts a flow of the user who is signed in."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="a host's secret key", TESTING=True)
    lean = LeanBlueprint(**fake.settings() | SETTINGS | settings)
    app.register_blueprint(lean)
    customer = fake.add_customer(USER)

    @lean.identify
    def current_user() -> str | None:
        user: str | None = session.get("user")
        if user is None and request.endpoint == "lean.picker":
            abort(redirect(url_for("login", next=request.full_path)))
        return user

    @app.get("/login")
    def login() -> str:
        address = url_for("sign_in", user=USER, next=request.args["next"])
        return f'<!doctype html><title>Login</title><a href="{escape(address)}">Sign in</a>'

    @app.get("/as/<user>")
    def sign_in(user: str) -> Any:
        session["user"] = user
        return redirect(request.args.get("next", "/done"))

    @app.get("/<any(connect, consents, unbound, preset):kind>/<lang>")
    def start(kind: str, lang: str) -> Any:
        more: dict[str, Any] = {} if kind == "unbound" else {"bound_to": session["user"]}
        if kind == "consents":
            flow = lean.manage_consents(customer_id=customer, **more)
        else:
            if kind == "preset":
                more["bank_identifier"] = "RJHI_SAU"
            permissions = ["identity", "accounts"]
            flow = lean.connect(
                customer_id=customer, permissions=permissions, return_url="/done", **more
            )
        return redirect(f"{flow.url}&lang={lang}")

    @app.get("/done")
    def done() -> str:
        return "<!doctype html><title>Done</title><h1>Back at the host</h1>"

    return app
