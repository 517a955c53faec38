"""create_customer and create_payment_intent: what reaches Lean, and what never does."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lean_flask import FlowError, UpstreamError
from lean_flask.services import get_services
from lean_flask.testing import faults


@pytest.fixture
def customer(app):
    return app.config["PAY"]["customer_id"]


@pytest.fixture
def backend(app):
    with app.app_context():
        return get_services("lean").client


def test_a_known_user_gets_their_own_customer(backend, fake_lean):
    for name in ("first", "second", "a/b?c=d#e"):
        fake_lean.add_customer(app_user_id=name)
    for name in ("second", "a/b?c=d#e"):
        known = fake_lean.customers[backend.create_customer(name)]
        assert known["app_user_id"] == name
    assert backend.create_customer("new") == backend.create_customer("new")


@pytest.mark.parametrize("amount", [10, "10.25", Decimal("0.1"), Decimal("99999999.99"), "1.000"])
def test_an_intents_amount_arrives_exactly(backend, fake_lean, customer, amount):
    intent = backend.create_payment_intent(customer, amount, "SAR", description="Order 7")
    assert Decimal(str(fake_lean.intents[intent]["amount"])) == Decimal(amount)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "0.12345678901234567890"}, "amount"),
        ({"currency": "sar"}, "currency"),
        ({"description": "x" * 33}, "description"),
        ({"purpose_code": "FUN"}, "purpose_code"),
        ({"customer_id": "x"}, "customer_id"),
    ],
    ids=str,
)
def test_a_bad_intent_is_named_and_never_sent(backend, fake_lean, customer, changes, field):
    arguments = {"customer_id": customer, "amount": 10, "currency": "SAR"} | changes
    with pytest.raises(FlowError) as caught:
        backend.create_payment_intent(**arguments)
    assert set(caught.value.fields) == {field}
    assert fake_lean.count("intents") == 0


def test_an_intent_is_never_sent_twice(backend, fake_lean, customer):
    fake_lean.fault("intents", faults.Status(503))
    with pytest.raises(UpstreamError):
        backend.create_payment_intent(customer, 10, "SAR")
    assert fake_lean.count("intents") == 1
