"""The server of a front end on another origin: users sign in with a bearer token, without cookies.

python examples/spa/server.py

It runs on FakeLean, a stand-in on this machine, unless ``LEAN_APP_TOKEN`` is in the environment.
"""

from __future__ import annotations

import os
import secrets
import uuid
from typing import Any

from flask import Flask, Response, abort, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from lean_flask import LeanBlueprint
from lean_flask.testing import FakeLean

ORIGIN = "http://localhost:5173"  # of the front end
SIGNED_IN_FOR = 60 * 60  # seconds


def create_app(fake: FakeLean | None = None, origin: str = ORIGIN, **settings: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY=os.environ.get("SECRET_KEY") or secrets.token_hex())
    app.config.update(
        {name: value for name, value in os.environ.items() if name.startswith("LEAN_")}
    )
    lean = LeanBlueprint(**fake.settings() if fake else {}, **{"origins": [origin]} | settings)
    app.register_blueprint(lean)
    allow_front_end(app, origin)
    tokens = URLSafeTimedSerializer(app.secret_key or "", "bearer")
    # Of each user: Lean's customer, and the flow that they started last. Yours are in a database.
    customers: dict[str, str] = {}
    latest: dict[str, dict[str, str]] = {}

    @lean.identify
    def user_id() -> str | None:
        """Whose request this is. lean-flask asks it before it opens a flow with ``bound_to``."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            user: str = tokens.loads(token, max_age=SIGNED_IN_FOR)
        except BadSignature:
            return None
        return user

    @app.post("/api/sign-in")
    def sign_in() -> dict[str, str]:
        """Stands for your own sign-in: everybody is a new user here."""
        return {"token": str(tokens.dumps(str(uuid.uuid4())))}

    @app.post("/api/flows")
    def new_flow() -> dict[str, str]:
        user = user_id() or abort(401)
        if user not in customers:
            customers[user] = lean.client.create_customer(user)
        flow = lean.connect(
            customer_id=customers[user],
            permissions=["identity", "accounts"],
            bound_to=user,
            language="ar" if (request.json or {}).get("language") == "ar" else "en",
            success_redirect_url=f"{origin}/return",
            fail_redirect_url=f"{origin}/return",
        )
        latest[user] = {"id": flow.id, "token": flow.token, "loaderUrl": lean.loader_url}
        return latest[user]

    @app.get("/api/flows/latest")
    def latest_flow() -> dict[str, str]:
        """For a customer whose bank has opened another browser than the one they began in."""
        return latest.get(user_id() or abort(401)) or abort(404)

    return app


def allow_front_end(app: Flask, origin: str) -> None:
    """For the app's own routes. LEAN_ORIGINS does it for those of lean-flask."""

    @app.after_request
    def allow(response: Response) -> Response:
        if request.path.startswith("/api/"):
            response.vary.add("Origin")
            if request.headers.get("Origin") == origin:
                response.headers["Access-Control-Allow-Origin"] = origin
                response.headers["Access-Control-Allow-Headers"] = "authorization, content-type"
        return response


if __name__ == "__main__":
    if os.environ.get("LEAN_APP_TOKEN"):
        create_app().run()
    else:
        with FakeLean() as lean:
            lean.webhook_url = "http://127.0.0.1:5000/lean/webhooks"
            create_app(lean).run()
