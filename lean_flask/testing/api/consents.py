"""Consents to payments, which Lean calls Account on File."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request

from ..stand_in import StandIn
from ..state.consents import PURPOSES
from .answers import body, found, missing, page, problem
from .consent_checks import problem_with

_REASONS = {
    "END_USER_REQUESTED",
    "CONSENT_RENEWAL",
    "KYC_VERIFICATION_FAILED",
    "REGULATORY_RESTRICTION",
    "FRAUD_SUSPECTED",
    "CLIENT_TERMINATED_RELATIONSHIP",
    "ACCOUNT_CLOSED_BY_USER",
    "DUPLICATE_CONSENT",
}
_REQUIRED = (
    "customer_id",
    "destination_account_id",
    "currency",
    "reference",
    "purpose",
    "control_parameters",
)
_SHARED = (
    "application_id",
    "start_date_time",
    "expiration_date_time",
    "customer_id",
    "status",
    "destination_account_id",
    "reference",
    "currency",
    "control_parameters",
)
_IF_THERE = ("immediate_payment",)


def _create(fake_lean: StandIn) -> Response:
    fields = body()
    if any(fields.get(name) is None for name in _REQUIRED):
        return missing(fake_lean, *_REQUIRED)
    wrong = problem_with(fields, fake_lean.now())
    if wrong:
        return problem(fake_lean, 400, "INVALID_PARAMETERS", wrong)
    customer = fake_lean.customers.get(fields["customer_id"])
    if customer is None:
        return found(fake_lean, None)
    if fields.get("government_identifier"):
        customer["government_identifiers"] = [fields["government_identifier"]]
    if fake_lean.country == "ae" and not customer.get("government_identifiers"):
        text = "government_identifier is required, here or of the customer"
        return problem(fake_lean, 400, "MISSING_PARAMETERS", text)
    consent = fake_lean.add_consent(fields)
    return jsonify(_shown(consent) | {"id": consent["id"], "purpose": consent["purpose"]})


def _one(fake_lean: StandIn, consent_id: str) -> Response:
    consent = fake_lean.consents.get(consent_id)
    return found(fake_lean, consent and _record(fake_lean, consent))


def _list(fake_lean: StandIn) -> Response:
    customer_id = request.args.get("customer_id")
    if not customer_id:
        return missing(fake_lean, "customer_id")
    statuses = [one for text in request.args.getlist("status") for one in text.split(",")]
    wanted = [
        _record(fake_lean, consent)
        for consent in fake_lean.consents.values()
        if consent["customer_id"] == customer_id and (not statuses or consent["status"] in statuses)
    ]
    shown, about = page(wanted)
    return jsonify(data=shown, page=about)


def _revoke(fake_lean: StandIn, consent_id: str) -> Response:
    consent = fake_lean.consents.get(consent_id)
    if consent is None:
        return found(fake_lean, None)
    if body().get("reason") not in _REASONS:
        text = f"reason takes one of {', '.join(sorted(_REASONS))}"
        return problem(fake_lean, 400, "INVALID_PARAMETERS", text)
    if consent["status"] != "AUTHORISED":
        text = f"The consent is {consent['status']}"
        return problem(fake_lean, 400, "INVALID_CONSENT_STATUS", text)
    fake_lean.revoke_consent(consent_id)
    return jsonify({})


def _balance(fake_lean: StandIn, consent_id: str) -> Response:
    consent = fake_lean.consents.get(consent_id)
    if consent is None:
        return found(fake_lean, None)
    if consent["status"] != "AUTHORISED":
        text = f"The consent is {consent['status']}"
        return problem(fake_lean, 409, "INVALID_CONSENT_STATUS", text)
    return jsonify(currency=consent["currency"], balance=2500.75)


def _payments(fake_lean: StandIn, consent_id: str) -> Response:
    if consent_id not in fake_lean.consents:
        return found(fake_lean, None)
    made = [one for one in fake_lean.consent_payments if one["consent_id"] == consent_id]
    shown, about = page(made)
    return jsonify(data=shown, page=about)


def _shown(consent: dict[str, Any]) -> dict[str, Any]:
    """Return what both shapes of a consent have."""
    there = {name: consent[name] for name in _IF_THERE if consent[name]}
    return {name: consent[name] for name in _SHARED} | there


def _record(fake_lean: StandIn, consent: dict[str, Any]) -> dict[str, Any]:
    """Return a consent as it is read, which is another shape than that of its creation."""
    purpose = consent["purpose"]
    record = {
        "consent_id": consent["id"],
        **_shown(consent),
        "bank_identifier": consent["bank_identifier"],
        "sender_account_id": consent["sender_account_id"],
        "payment_purpose": {"code": purpose, "description": PURPOSES[purpose]},
    }
    if consent["sender_account_id"]:
        record["consented_account"] = consent["consented_account"]
        record["payment_consumption"] = fake_lean.consumption(consent)
    return record


ROUTES = [
    ("POST", "/consents/v1/account-on-file", "consents", _create),
    ("GET", "/consents/v1", "consents", _list),
    ("GET", "/consents/v1/<consent_id>", "consents", _one),
    ("GET", "/consents/v1/<consent_id>/balance", "consents", _balance),
    ("GET", "/consents/v1/<consent_id>/payments", "consents", _payments),
    ("POST", "/consents/v1/<consent_id>/revocation", "consents", _revoke),
]
