"""A bank picker in a host's own front end: plain JavaScript on lean-flask's JSON routes.

python examples/custom_frontend/app.py

It runs on FakeLean, a stand-in on this machine, unless ``LEAN_APP_TOKEN`` is in the environment.
"""

from __future__ import annotations

import os
import secrets
import uuid
from typing import Any

from flask import Flask, Response, render_template, request, session, url_for

from lean_flask import LeanBlueprint
from lean_flask.testing import FakeLean

TEXTS = {
    "en": {
        "title": "Link your bank",
        "search": "Search for your bank",
        "unavailable": "Not available at the moment",
        "none": "No bank of this name.",
        "busy": "One moment…",
        "cancelled": "Nothing was changed. Choose a bank whenever you like.",
        "failed": "That did not work. Try again, or choose another bank.",
        "linked": "Your bank is linked.",
        "again": "Link another",
        "language": "العربية",
    },
    "ar": {
        "title": "اربط حسابك البنكي",
        "search": "ابحث عن بنكك",
        "unavailable": "غير متاح حاليًا",
        "none": "لم نجد بنكًا بهذا الاسم.",
        "busy": "لحظة من فضلك…",
        "cancelled": "لم يتغيّر شيء. يمكنك اختيار بنكك مرة أخرى.",
        "failed": "لم تكتمل العملية. أعد المحاولة أو اختر بنكًا آخر.",
        "linked": "تم ربط حسابك البنكي.",
        "again": "اربط حسابًا آخر",
        "language": "English",
    },
}


def create_app(fake: FakeLean | None = None, **settings: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY=os.environ.get("SECRET_KEY") or secrets.token_hex())
    app.config.update(
        {name: value for name, value in os.environ.items() if name.startswith("LEAN_")}
    )
    lean = LeanBlueprint(**fake.settings() if fake else {}, **settings)
    app.register_blueprint(lean)

    @app.get("/")
    def picker() -> str:
        flow = lean.connect(
            customer_id=customer_id(),
            permissions=["identity", "accounts"],
            language=language(),
            return_url=url_for("linked", lang=language()),
        )
        return render_template(
            "picker.html",
            flow=flow,
            api=url_for("lean.banks").removesuffix("/banks"),
            loader=lean.loader_url,
            **words(),
        )

    @app.get("/linked")
    def linked() -> str:
        """A hint alone: that the bank is linked is in Lean's webhook."""
        return render_template("linked.html", status=request.args.get("lean_status"), **words())

    @app.after_request
    def allow_lean(response: Response) -> Response:
        policy = "; ".join(f"{name} {' '.join(allowed)}" for name, allowed in lean.csp().items())
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    def customer_id() -> str:
        """Lean's customer for this visitor; your app keeps it beside its own user."""
        if "customer" not in session:
            session["customer"] = lean.client.create_customer(str(uuid.uuid4()))
        known: str = session["customer"]
        return known

    return app


def language() -> str:
    return "ar" if request.args.get("lang") == "ar" else "en"


def words() -> dict[str, Any]:
    other = "en" if language() == "ar" else "ar"
    return {"t": TEXTS[language()], "language": language(), "other": other}


if __name__ == "__main__":
    if os.environ.get("LEAN_APP_TOKEN"):
        create_app().run()
    else:
        with FakeLean() as lean:
            create_app(lean).run()
