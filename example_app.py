"""A small shop that uses lean-flask.

With no settings at all it runs on FakeLean, a stand-in on this machine. With ``LEAN_APP_TOKEN``
(and ``LEAN_CLIENT_SECRET``) in the environment it runs on Lean's real sandbox.
"""

from __future__ import annotations

import os
import secrets
import uuid
from pathlib import Path
from typing import Any

from flask import Flask, redirect, render_template, request, session, url_for

from example_settings import Shop, add_settings
from example_texts import TEXTS
from lean_flask import (
    Event,
    Flow,
    Language,
    LeanBlueprint,
    PaymentPayload,
    flow_closed,
    format_amount,
)
from lean_flask.testing import FakeLean
from lean_flask.testing.env_file import write_env_file

THEME = {
    "theme_color": "#7a4a2b",
    "theme_color_dark": "#e0b07f",
    "button_text_color": "#ffffff",
    "button_text_color_dark": "#2b1d14",
    "button_border_radius": "10",
    "dialog_background_color_dark": "#2a1f19",
}
#: Shown on top, in this order. Those of another country are in no list.
SUGGESTED = ["RJHI_SAU", "SNB_SAU", "ALINMA_SAU", "FAB_UAE", "ENBD_UAE", "ADCB_UAE"]
PRICE = 120
#: What a payment's status means for the order. Any other word decides nothing.
OUTCOMES = {"ACCEPTED_BY_BANK": "paid", "FAILED": "failed", "REJECTED_BY_BANK": "failed"}


def create_app(fake: FakeLean | None = None, **settings: Any) -> Flask:
    """Return the shop, on *fake* where one is given, else on Lean itself."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY=os.environ.get("SECRET_KEY") or secrets.token_hex())
    app.config.update(SESSION_COOKIE_SAMESITE="Lax")  # no other site can press these buttons
    app.config.update(
        {name: value for name, value in os.environ.items() if name.startswith("LEAN_")}
    )
    stand_in = fake.settings() if fake else {}
    name = {code: texts["title"] for code, texts in TEXTS.items()}
    own = {"customization": THEME, "host_name": name, "consent_url": "/settings"}
    lean = LeanBlueprint(**own | {"popular_banks": SUGGESTED} | stand_in | settings)
    app.register_blueprint(lean)
    orders: dict[str, str] = {}  # payment intent to what came of it; a real shop has a database

    @app.get("/")
    def shop() -> str:
        return render_template(
            "shop.html",
            t=TEXTS[language()],
            language=language(),
            status=request.args.get("lean_status"),
            reference=request.args.get("lean_correlation_id"),
            price=format_amount(PRICE, currency(), language()),
            stand_in=fake,
        )

    def link_flow() -> Flow:
        return lean.connect(
            customer_id=customer_id(),
            permissions=["identity", "accounts", "balance", "payments"],
            language=language(),
            return_url=url_for("shop", lang=language()),
        )

    @app.post("/link")
    def link() -> Any:
        return redirect(link_flow().url, 303)

    @app.get("/here")
    def here() -> str:
        """Show the same picker as a part of a page of the shop."""
        return render_template(
            "here.html",
            t=TEXTS[language()],
            language=language(),
            flow=link_flow(),
            stand_in=fake,
        )

    @app.post("/pay")
    def pay() -> Any:
        return redirect(lean.pay(**payment()).url, 303)

    @app.post("/checkout")
    def checkout() -> Any:
        return redirect(lean.checkout(**payment()).url, 303)

    def payment() -> dict[str, Any]:
        intent = new_order()
        return {
            "payment_intent_id": intent,
            "customer_id": customer_id(),
            "amount": PRICE,
            "currency": currency(),
            "language": language(),
            "return_url": url_for("order", intent=intent, lang=language()),
        }

    @app.get("/orders/<intent>")
    def order(intent: str) -> str:
        """Show what the webhook said; what the page came back with is not believed."""
        return render_template(
            "order.html",
            t=TEXTS[language()],
            language=language(),
            status=orders.get(intent, "pending"),
            intent=intent,
            number=intent[:8],
            stand_in=fake,
        )

    @app.get("/orders/<intent>/status")
    def order_status(intent: str) -> dict[str, str]:
        """Tell the page that is open; with the browser closed, the event reaches the order too."""
        return {"status": orders.get(intent, "pending")}

    def new_order() -> str:
        intent = lean.client.create_payment_intent(customer_id(), PRICE, currency())
        orders[intent] = "pending"
        return intent

    def customer_id() -> str:
        """Lean's customer for this visitor. A real shop keeps it beside its own user."""
        user = session.setdefault("user", str(uuid.uuid4()))
        if "customer" not in session:
            session["customer"] = lean.client.create_customer(user)
        known: str = session["customer"]
        return known

    def currency() -> str:
        country = fake.country if fake else app.config.get("LEAN_COUNTRY", "sa")
        return "AED" if country == "ae" else "SAR"

    @lean.on("payment.created", "payment.updated")
    def on_payment(event: Event[PaymentPayload]) -> None:
        """Book the payment. Events may repeat and come in any order: what is paid stays paid."""
        intent, status = event.payload.intent_id, event.payload.status
        if intent in orders and orders[intent] != "paid":
            orders[intent] = OUTCOMES.get(status or "", orders[intent])

    def on_closed(_: Flask, flow: Flow, **__: Any) -> None:
        app.logger.info("Flow %s is closed; the webhook will say what came of it", flow.id)

    flow_closed.connect(on_closed, app, weak=False)
    add_settings(app, Shop(lean, PRICE, orders, customer_id, language, currency, fake))
    if fake:
        add_switch(app, lean, fake)
    return app


def add_switch(app: Flask, lean: LeanBlueprint, fake: FakeLean) -> None:
    """Lets a visitor stop Lean, and see that the picker does not need it; an operator, too."""

    lean.operator(lambda: "Demo")  # a real shop returns the name of an operator who is signed in

    @app.post("/stand-in")
    def switch() -> Any:
        (fake.stop if fake.running else fake.start)()
        return redirect(url_for("shop", lang=language()), 303)


def language() -> Language:
    wanted: Any = request.args.get("lang") or session.get("lang")
    if wanted not in TEXTS:
        wanted = request.accept_languages.best_match(TEXTS) or "en"
    code: Language = wanted
    session["lang"] = code
    return code


def main() -> None:
    port = int(os.environ.get("PORT", "5000"))
    if os.environ.get("LEAN_APP_TOKEN"):
        print("lean-flask demo on Lean's sandbox, with your LEAN_APP_TOKEN")
        create_app().run(port=port)
        return
    country = os.environ.get("LEAN_COUNTRY", "sa")
    with FakeLean(country=country, faults_url="/_fake") as fake:
        fake.webhook_url = f"http://127.0.0.1:{port}/lean/webhooks"
        app = create_app(fake)
        settings = Path(app.instance_path) / "demo.env"
        settings.parent.mkdir(exist_ok=True)
        write_env_file(settings, fake.settings(), f"{fake.url}/_fake")
        print(f"lean-flask demo on FakeLean at {fake.url}; set LEAN_APP_TOKEN for Lean's sandbox")
        print(f"Open http://127.0.0.1:{port}/ (or /?lang=ar)")
        print("For commands such as flask lean fake, lean trigger and lean bank, in another shell:")
        print(f"  set -a; . '{settings}'; set +a; export FLASK_APP='{__file__}'")
        app.run(port=port)


if __name__ == "__main__":
    main()
