"""The server of the three examples of apps: react-native, flutter and web-view.

python examples/mobile_host.py

Users sign in with a bearer token, and each flow is bound to its user. It runs on FakeLean, a
stand-in on this machine, unless ``LEAN_APP_TOKEN`` is in the environment.
"""

from __future__ import annotations

import os
import secrets
import time
import uuid
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, redirect, request, session
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from lean_flask import LeanBlueprint
from lean_flask.testing import FakeLean

SCHEME = "com.example.qahwa"  # of the app
#: Whose links to this host the phone opens in the app. Put your own here.
APPS: dict[str, Any] = {
    "return_schemes": [SCHEME],
    "ios_apps": [f"ABCDE12345.{SCHEME}"],
    "android_apps": {SCHEME: ":".join(["AB"] * 32)},
}
SIGNED_IN_FOR = 60 * 60  # seconds
CODE_FOR = 60  # seconds
TEST_PAGE = Path(__file__).parent / "web-view" / "test-page.html"


class Users:
    """Stands for your own users: their sign-in, and the codes that open the app's web view."""

    def __init__(self, secret_key: str) -> None:
        self._tokens = URLSafeTimedSerializer(secret_key, "bearer")
        self._codes: dict[str, tuple[str, float]] = {}  # in your database

    def sign_in(self) -> str:
        """Return the bearer token of a user: everybody is a new one here."""
        return str(self._tokens.dumps(str(uuid.uuid4())))

    def current(self) -> str | None:
        """Return whose request this is: the app has a bearer token, its web view a session."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return session.get("user")
        try:
            user: str = self._tokens.loads(token, max_age=SIGNED_IN_FOR)
        except BadSignature:
            return None
        return user

    def new_code(self, user: str) -> str:
        """Return a code that is good for one sign-in of the web view, soon."""
        now = time.time()
        self._codes = {code: held for code, held in self._codes.items() if held[1] > now}
        code = secrets.token_urlsafe()
        self._codes[code] = user, now + CODE_FOR
        return code

    def take_code(self, code: str) -> str | None:
        """Return the user of a code, which is then used up."""
        user, end = self._codes.pop(code, (None, 0.0))
        return user if end > time.time() else None


def create_app(fake: FakeLean | None = None, landing: str | None = None, **settings: Any) -> Flask:
    """Make the app.

    :param landing: where the bank's page ends; by default lean-flask's own landing pages, which
        the phone opens in the app by LEAN_IOS_APPS and LEAN_ANDROID_APPS.
    """
    app = Flask(__name__)
    app.config.update(SECRET_KEY=os.environ.get("SECRET_KEY") or secrets.token_hex())
    app.config.update(
        {name: value for name, value in os.environ.items() if name.startswith("LEAN_")}
    )
    lean = LeanBlueprint(**fake.settings() if fake else {}, **APPS | settings)
    app.register_blueprint(lean)
    users = Users(app.secret_key or "")
    customers: dict[str, str] = {}  # Lean's customer of each user; in your database
    lean.identify(users.current)  # lean-flask asks it before it opens a flow with bound_to

    def connect(user: str, **more: Any) -> Any:
        if user not in customers:
            customers[user] = lean.client.create_customer(user)
        if landing:
            more |= {"success_redirect_url": landing, "fail_redirect_url": landing}
        return lean.connect(
            customer_id=customers[user],
            permissions=["identity", "accounts"],
            bound_to=user,
            language=request.accept_languages.best_match(["en", "ar"], "en"),
            **more,
        )

    @app.post("/api/sign-in")
    def sign_in() -> dict[str, str]:
        return {"token": users.sign_in()}

    @app.post("/api/flows")
    def new_flow() -> dict[str, str]:
        """A flow for the app's own bank list. The app launches it with POST /lean/launch."""
        flow = connect(users.current() or abort(401))
        return {"id": flow.id, "token": flow.token}

    @app.post("/api/web-view")
    def new_code() -> dict[str, str]:
        """A code by which the app's web view gets a session, once."""
        return {"code": users.new_code(users.current() or abort(401))}

    @app.get("/app/picker")
    def picker() -> AnyResponse:
        """The web view's first page. The code is in a header, which no link of others can have."""
        user = users.take_code(request.headers.get("App-Code", ""))
        if user is None:
            return Response("Go back to the app and open this page anew.", 403)
        session.clear()
        session["user"] = user
        return redirect(connect(user, return_url=f"{SCHEME}://bank-connected").url)

    @app.get("/")
    def test_page() -> Response:
        return Response(TEST_PAGE.read_bytes(), mimetype="text/html")

    return app


if __name__ == "__main__":
    landing = os.environ.get("APP_LANDING")
    if os.environ.get("LEAN_APP_TOKEN"):
        create_app(landing=landing).run()
    else:
        with FakeLean() as lean:
            app = create_app(lean, landing)
            lean.webhook_url = "http://127.0.0.1:5000/lean/webhooks"
            app.run()
