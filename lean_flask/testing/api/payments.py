"""Payment intents, and payments by consent."""

from __future__ import annotations

from flask import Response, jsonify, request

from ..stand_in import StandIn
from ..state.consent_payments import PaymentRefused
from ..state.intents import payment_record
from .answers import body, found, missing, problem
from .consent_checks import is_amount


def _create_intent(fake_lean: StandIn) -> Response:
    fields = body()
    if not {"customer_id", "amount", "currency"} <= set(fields):
        return missing(fake_lean, "customer_id", "amount", "currency")
    if len(fields.get("description") or "") > 32:
        return problem(fake_lean, 400, "INVALID_PARAMETERS", "description takes 32 characters")
    intent = fake_lean.add_intent(fields)
    return jsonify(fake_lean.intent_record(intent["payment_intent_id"]))


def _intent(fake_lean: StandIn, intent_id: str) -> Response:
    known = intent_id in fake_lean.intents
    return found(fake_lean, fake_lean.intent_record(intent_id) if known else None)


def _payment(fake_lean: StandIn, payment_id: str) -> Response:
    for payments in fake_lean.payments.values():
        for payment in payments:
            if payment["id"] == payment_id:
                return jsonify(payment_record(payment))
    return found(fake_lean, None)


def _pay_by_consent(fake_lean: StandIn) -> Response:
    fields, key = body(), request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return missing(fake_lean, "Idempotency-Key")
    if any(fields.get(name) is None for name in ("consent_id", "amount", "risk_details")):
        return missing(fake_lean, "consent_id", "amount", "risk_details")
    if not is_amount(fields["amount"]):
        return problem(fake_lean, 400, "INVALID_PARAMETERS", "amount takes a number above 0")
    try:
        return jsonify(fake_lean.pay_by_consent(fields["consent_id"], fields, key))
    except KeyError:
        return found(fake_lean, None)
    except PaymentRefused as refused:
        if refused.by_limit:
            return problem(fake_lean, 400, "CONSENT_LIMIT_EXCEEDED", str(refused))
        return problem(fake_lean, 409, "INVALID_CONSENT_STATUS", str(refused))


ROUTES = [
    ("POST", "/payments/v1/intents/", "intents", _create_intent),
    ("GET", "/payments/v1/intents/<intent_id>", "intents", _intent),
    ("POST", "/payments/v1/account-on-file", "payments", _pay_by_consent),
    ("GET", "/payments/v1/<payment_id>", "payments", _payment),
]
