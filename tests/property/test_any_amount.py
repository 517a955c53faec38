"""Amounts: what gets through is what the page shows and what Lean is asked to take."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lean_flask import FlowError
from lean_flask.common.money import currency_decimals
from lean_flask.flows.flow import make_flow
from lean_flask.upstream.payment_intents import intent_body
from lean_flask.web.picker.formatting import format_amount

ID = "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01"
CURRENCIES = ["SAR", "AED", "KWD", "BHD", "JPY", "CLF", "USD"]

any_amount = (
    some.decimals()
    | some.decimals(min_value=0, max_value=10**6, places=4)
    | some.decimals(min_value=0, max_value=10**14, places=2)
    | some.integers()
    | some.floats()
    | some.text(some.sampled_from("0123456789.,-+eE _ \n٠١۲∞"), max_size=20)
    | some.decimals(allow_nan=False, allow_infinity=False).map(str)
    | some.sampled_from([True, None, [], {}, b"1", 1j, Fraction(1, 3), "1e9999999", 10**5000])
)


def sent(amount, currency):
    """The amount in the body of an intent, read as exactly as its reader can."""
    body = intent_body({"customer_id": ID, "amount": amount, "currency": currency})
    return json.loads(json.dumps(body), parse_float=Decimal)["amount"]


@given(any_amount, some.sampled_from(CURRENCIES))
def test_an_amount_is_refused_in_words_or_sent_exactly(amount, currency):
    try:
        arrived = sent(amount, currency)
    except FlowError:
        return
    assert not isinstance(amount, float | bool)
    assert arrived == Decimal(amount) > 0
    assert arrived == round(arrived, currency_decimals(currency))


@given(any_amount, some.sampled_from(CURRENCIES))
def test_pay_and_checkout_take_what_an_intent_takes_and_show_that(amount, currency):
    for method in ("pay", "checkout"):
        fields = {"payment_intent_id": ID, "amount": amount, "currency": currency}
        if amount is None:
            continue
        try:
            flow = make_flow(method, fields, None)
        except FlowError:
            with pytest.raises(FlowError):
                sent(amount, currency)
            continue
        assert flow.amount == sent(amount, currency)
        for language in ("en", "ar"):
            digits = re.sub(r"[^0-9.]", "", format_amount(flow.amount, "XXX", language))
            assert Decimal(digits) == flow.amount


@given(some.decimals(min_value=0, max_value=10**9, places=5), some.sampled_from(CURRENCIES))
def test_a_limit_of_lean_is_shown_unrounded(amount, currency):
    shown = format_amount(amount, currency, "en").removeprefix(currency).replace(",", "")
    assert Decimal(shown) == amount


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        (0.1 + 0.2, "SAR", "a float is not exact"),
        (10.0, "SAR", "a float is not exact"),
        ("10.005", "SAR", "SAR has 2 decimals at most"),
        ("1.2345", "KWD", "KWD has 3 decimals at most"),
        ("10.5", "JPY", "JPY has no decimals"),
        ("1e3", "SAR", "not plain digits"),
        ("-0", "SAR", "not plain digits"),
        (Decimal("-0"), "SAR", "not above zero"),
        (Decimal("Infinity"), "SAR", "not a number"),
        (10**16, "SAR", "more than 15 digits"),
        (True, "SAR", "of type bool"),
    ],
    ids=str,
)
def test_the_refusal_says_what_is_wrong(amount, currency, words):
    with pytest.raises(FlowError, match=words) as caught:
        sent(amount, currency)
    assert set(caught.value.fields) == {"amount"}


@pytest.mark.parametrize("amount", [10**5000, -(10**5000)], ids=["huge", "below zero"])
def test_a_number_that_python_cannot_print_is_refused_too(amount):
    for make in (sent, lambda *money: pay(*money).amount):
        with pytest.raises(FlowError, match="amount got a value of type int"):
            make(amount, "SAR")


def pay(amount, currency):
    fields = {"payment_intent_id": ID, "amount": amount, "currency": currency}
    return make_flow("pay", fields, None)


@pytest.mark.parametrize("amount", ["1.234", Decimal("1.2340"), "1.2"])
def test_a_currency_of_three_decimals_takes_three(amount):
    assert sent(amount, "KWD") == Decimal(amount)


@pytest.mark.parametrize("query", ["10.005&currency=SAR", "1e3&currency=SAR", "-0&currency=SAR"])
def test_a_filter_of_banks_takes_no_other_amount(client, query):
    response = client.get(f"/lean/banks?amount={query}")
    assert (response.status_code, response.json["parameter"]) == (400, "amount")
