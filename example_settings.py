"""The settings page of the example shop: what a customer has linked and approved, and its end."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask, abort, flash, redirect, render_template, request, session, url_for

from example_texts import MONTHS, TEXTS
from lean_flask import (
    AccountOnFilePaymentPayload,
    Consent,
    Entity,
    Event,
    Flow,
    Language,
    LeanBlueprint,
    UpstreamError,
    UpstreamRejected,
    format_amount,
)
from lean_flask.testing import FakeLean

PERMISSIONS = ["identity", "accounts", "balance"]
#: Who is paid. On Lean's sandbox it is one of your payment destinations.
DESTINATION = os.environ.get("LEAN_DESTINATION_ID", "3f0f4f5e-8f5b-4b8a-9a52-6b0b5f7f2c11")


@dataclass(frozen=True)
class Shop:
    """What the settings page needs of the shop."""

    lean: LeanBlueprint
    price: int
    #: Number of an order to what came of it.
    orders: dict[str, str]
    customer_id: Callable[[], str]
    language: Callable[[], Language]
    currency: Callable[[], str]
    fake: FakeLean | None

    def now(self) -> datetime:
        return self.fake.now() if self.fake else datetime.now(UTC)

    def date(self, moment: datetime | None) -> str:
        names = MONTHS[self.language()]
        return f"{moment.day} {names[moment.month - 1]} {moment.year}" if moment else ""

    def bank(self, identifier: str | None) -> str:
        names = {bank.identifier: bank.names for bank in self.lean.banks()}
        return names[identifier][self.language()] if identifier in names else identifier or ""

    @property
    def amount(self) -> str:
        """The price as the picker writes it, with a space at which no line breaks."""
        words = format_amount(self.price, self.currency(), self.language())
        return words.replace(" ", "\N{NO-BREAK SPACE}")

    def limits(self) -> dict[str, Any]:
        """What the customer is asked to approve: a box each week, for a year."""
        return {
            "type": "VariableOnDemand",
            "period_type": "Week",
            "max_individual_amount": self.price,
            "max_cumulative_amount_per_period": self.price,
        }

    def entity(self, entity_id: str) -> Entity:
        """One of this visitor's own. What a form names may be anybody's."""
        known = {entity.id: entity for entity in self.lean.client.entities(self.customer_id())}
        return known.get(entity_id) or abort(404)

    def consent(self) -> Consent | None:
        """The approval under which this visitor may pay with one tap."""
        approved = self.lean.client.consents(self.customer_id(), "AUTHORISED")
        return next(iter(approved), None)


def add_settings(app: Flask, shop: Shop) -> None:
    """Add the page, and what its buttons do."""
    lean = shop.lean

    def here() -> str:
        return url_for("settings", lang=shop.language())

    def tell(name: str, **values: str) -> None:
        flash(TEXTS[shop.language()][name].format(**values))

    @app.get("/settings")
    def settings() -> str:
        customer = shop.customer_id()
        try:
            entities, consent = lean.client.entities(customer), shop.consent()
        except UpstreamError:
            entities, consent = None, None  # the page says so, and has its other buttons
        session["order"] = secrets.token_urlsafe(16)
        return render_template(
            "settings.html",
            t=TEXTS[shop.language()],
            language=shop.language(),
            status=request.args.get("lean_status"),
            entities=entities,
            consent=consent,
            shop=shop,
            order_key=session["order"],
            stand_in=shop.fake,
        )

    @app.errorhandler(UpstreamError)
    def try_again(error: UpstreamError) -> Any:
        """Whatever button was pressed: nothing has changed."""
        app.logger.warning("Lean: %s", error)
        tell("unknown")
        return redirect(url_for("shop", lang=shop.language()), 303)

    @app.post("/settings/link")
    def link_another() -> Any:
        flow = lean.connect(
            customer_id=shop.customer_id(),
            permissions=PERMISSIONS,
            linked_banks="mark",
            language=shop.language(),
            return_url=here(),
        )
        return redirect(flow.url, 303)

    @app.post("/settings/renew/<entity_id>")
    def renew(entity_id: str) -> Any:
        flow = lean.renew(
            customer_id=shop.customer_id(),
            entity_id=shop.entity(entity_id).id,
            language=shop.language(),
            return_url=here(),
        )
        return redirect(flow.url, 303)

    @app.post("/settings/disconnect/<entity_id>")
    def disconnect(entity_id: str) -> Any:
        entity = shop.entity(entity_id)
        lean.client.delete_entity(entity.customer_id, entity.id)
        tell("disconnected", bank=shop.bank(entity.bank_identifier))
        return redirect(here(), 303)

    @app.post("/settings/consents")
    def consents() -> Any:
        flow = lean.manage_consents(
            customer_id=shop.customer_id(),
            consent_type=["data", "payment", "payment_history"],
            language=shop.language(),
            return_url=here(),
        )
        return redirect(flow.url, 303)

    @lean.new_consent
    def weekly_box(flow: Flow) -> Consent:
        """Ask Lean for an approval: the first time, and again after one that failed."""
        return lean.client.create_consent(
            customer_id=flow.customer_id or "",
            destination_account_id=DESTINATION,
            currency=shop.currency(),
            reference="Dates",
            purpose="GDS",
            control_parameters=shop.limits(),
        )

    @app.post("/settings/approve")
    def approve() -> Any:
        flow = lean.authorize_consent(
            customer_id=shop.customer_id(),
            consent_id=weekly_box,
            amount=shop.price,
            control_parameters=shop.limits(),
            currency=shop.currency(),
            language=shop.language(),
            return_url=here(),
        )
        return redirect(flow.url, 303)

    @app.post("/settings/pay")
    def pay_again() -> Any:
        """Pay under the approval: nobody is asked again. A form that is sent twice pays once."""
        consent = shop.consent()
        if consent is None:
            tell("not_approved")
            return redirect(here(), 303)
        try:
            payment = lean.client.request(
                "POST",
                "/payments/v1/account-on-file",
                json={
                    "consent_id": consent.id,
                    "amount": shop.price,
                    "purpose": "GDS",
                    "risk_details": {"transaction_indicators": {"channel": "WEB"}},
                },
                idempotency_key=request.form["order"],
            )
        except UpstreamRejected:
            tell("not_paid")
            return redirect(here(), 303)
        shop.orders.setdefault(payment["id"], "pending")
        return redirect(url_for("order", intent=payment["id"], lang=shop.language()), 303)

    @lean.on("payment.account-on-file.*", "payment.account_on_file.*")
    def on_payment(event: Event[AccountOnFilePaymentPayload]) -> None:
        payment = str(event.payload.raw.get("id"))
        word = {"PROCESSED": "paid", "FAILED": "failed"}.get(event.payload.status or "")
        if word and shop.orders.get(payment) != "paid":
            shop.orders[payment] = word

    @app.post("/settings/revoke")
    def revoke() -> Any:
        consent = shop.consent()
        if consent:
            lean.client.revoke_consent(consent.id)
        tell("revoked")
        return redirect(here(), 303)

    fake = shop.fake
    if fake:

        @app.post("/stand-in/expire/<entity_id>")
        def expire(entity_id: str) -> Any:
            """What a year does, in a moment."""
            fake.expire_entity(shop.entity(entity_id).id)
            return redirect(here(), 303)
