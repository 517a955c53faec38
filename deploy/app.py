"""A small host, as it is deployed: customers link a bank and pay, and webhooks say what came of it.

Its settings are environment variables: ``FLASK_LEAN_…`` as in the README, and ``FLASK_…`` of Flask.
A real host has its own users and a database where this one has a cookie and a log line.
"""

from __future__ import annotations

import hmac
import logging.config
import os
import uuid
from pathlib import Path
from typing import Any, Literal

from flask import Flask, Response, abort, redirect, render_template, request, session, url_for
from logging_config import logging_config
from metrics import serve_metrics, with_metrics
from werkzeug.middleware.proxy_fix import ProxyFix

from lean_flask import (
    EntityPayload,
    Event,
    Flow,
    LeanBlueprint,
    PaymentPayload,
    UpstreamError,
    format_amount,
)

PRICE = 120

logging.config.dictConfig(logging_config())
app = Flask(__name__)
app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")
app.config.from_prefixed_env()
if path := os.environ.get("SECRET_KEY_FILE"):
    # The key, then former keys: flows and sessions that were made with those still work.
    key, *former = Path(path).read_text("utf-8").split("\n")
    app.config.update(SECRET_KEY=key, SECRET_KEY_FALLBACKS=[*filter(None, former)])
# One proxy in front, which sets these headers itself: see nginx/nginx.conf. If yours leaves the
# prefix as a visitor sends it, PROXY_SETS_PREFIX must stay 0.
prefixes = int(os.environ.get("PROXY_SETS_PREFIX", "0"))
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1, x_prefix=prefixes)  # type: ignore[method-assign]
app.wsgi_app = with_metrics(app.wsgi_app)  # type: ignore[method-assign]
serve_metrics()
lean = LeanBlueprint(host_name={"en": "Qahwa", "ar": "قهوة"})
app.register_blueprint(lean)


@app.get("/")
def shop() -> str:
    """Show the two buttons, and what became of the flow of before."""
    flow_id = session.get("flow")
    outcome = lean.outcome(flow_id) if flow_id else None
    price = format_amount(PRICE, currency(), language())
    return render_template("shop.html", language=language(), outcome=outcome, price=price)


@app.post("/link")
def link() -> Any:
    """Send the customer to the picker, to link a bank."""
    return begin(
        lean.connect(
            customer_id=customer_id(),
            permissions=["identity", "accounts", "balance"],
            language=language(),
            return_url=url_for("shop", lang=language()),
        )
    )


@app.post("/pay")
def pay() -> Any:
    """Send the customer to the picker, to pay."""
    return begin(
        lean.pay(
            payment_intent_id=lean.client.create_payment_intent(customer_id(), PRICE, currency()),
            customer_id=customer_id(),
            amount=PRICE,
            currency=currency(),
            language=language(),
            return_url=url_for("shop", lang=language()),
        )
    )


def begin(flow: Flow) -> Any:
    """Lead to the picker, and remember which flow to ask about."""
    session["flow"] = flow.id
    return redirect(flow.url, 303)


def customer_id() -> str:
    """Lean's customer for this visitor. A real host keeps it beside its own user."""
    if "customer" not in session:
        session["customer"] = lean.client.create_customer(str(uuid.uuid4()))
    known: str = session["customer"]
    return known


def currency() -> str:
    """Return the currency of Lean's country."""
    return "AED" if app.config.get("LEAN_COUNTRY") == "ae" else "SAR"


def language() -> Literal["en", "ar"]:
    """Return the language that the visitor's page is in."""
    return "ar" if request.values.get("lang") == "ar" else "en"


@app.errorhandler(UpstreamError)
def lean_is_down(_: UpstreamError) -> Any:
    """Say so in place of a 500: a new customer, and a new payment, need an answer of Lean."""
    return render_template("busy.html", language=language()), 503, {"Retry-After": "10"}


@lean.operator
def operator() -> str | None:
    """Who may see /lean/operations: who knows OPERATOR_PASSWORD. A real host asks its sign-on."""
    password, given = os.environ.get("OPERATOR_PASSWORD", ""), request.authorization
    if not password:
        return None
    known = given.password if given and given.type == "basic" else None
    if not hmac.compare_digest((known or "").encode(), password.encode()):
        headers = {"WWW-Authenticate": 'Basic realm="operations", charset="UTF-8"'}
        abort(Response("Sign in to see this page.", 401, headers))
    return given.username if given else None


# The same event can come more than once: a real host books in its database, once.
@lean.on("payment.created", "payment.updated")
def book(event: Event[PaymentPayload]) -> None:
    """Book a payment."""
    app.logger.info("Payment event %s says %s", event.event_id, event.payload.status)


@lean.on("entity.created")
def note(event: Event[EntityPayload]) -> None:
    """Note that a bank is linked."""
    app.logger.info("Event %s says that a bank is linked", event.event_id)
