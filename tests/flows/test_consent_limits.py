"""``authorize_consent``: the limits of the consent, and the amount that the banks are asked for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lean_flask import FlowError
from lean_flask.common.json_object import JSONObject
from lean_flask.flows.flow import from_payload, make_flow, to_payload
from support.flow_outcomes import CUSTOMER
from support.flow_page import CONSENT

LIMITS = {"period_type": "Month", "max_individual_amount": Decimal("250.50")}


def consent(**fields):
    given = {"customer_id": CUSTOMER, "consent_id": CONSENT, "currency": "SAR"} | fields
    return make_flow("authorizeConsent", given, None)


def test_the_most_of_one_payment_is_the_amount():
    flow = consent(control_parameters=LIMITS)
    assert flow.amount == Decimal("250.50")
    assert flow.control_parameters == {
        "type": "VariableOnDemand",
        "period_type": "Month",
        "max_individual_amount": "250.50",
    }
    assert "control_parameters" not in flow.config
    assert "amount" not in flow.config


def test_an_amount_of_the_hosts_own_stands():
    assert consent(control_parameters=LIMITS, amount=7).amount == 7


def test_limits_without_one_for_a_single_payment_say_no_amount():
    flow = consent(control_parameters={"period_type": "Day", "max_cumulative_amount": 9})
    assert flow.amount is None
    assert flow.currency == "SAR"


def test_limits_as_lean_sends_them_are_taken():
    sent = JSONObject(LIMITS | {"max_cumulative_amount": None})
    assert consent(control_parameters=sent).amount == Decimal("250.50")


def test_a_flow_of_limits_is_kept_as_it_is():
    flow = consent(control_parameters=LIMITS)
    again = from_payload(to_payload(flow), "", "")
    assert (again.control_parameters, again.amount) == (flow.control_parameters, flow.amount)


@pytest.mark.parametrize(
    ("fields", "named", "words"),
    [
        ({"currency": None, "control_parameters": LIMITS}, "currency", "go together"),
        ({"currency": None, "amount": 5}, "currency", "go together"),
        ({}, "amount", "go together"),
        ({"control_parameters": {}}, "control_parameters", "period_type"),
        ({"control_parameters": {"period_type": "Day"}}, "control_parameters", "is needed"),
        ({"control_parameters": LIMITS | {"max_amount": 1}}, "control_parameters", "Unknown"),
        (
            {"control_parameters": LIMITS | {"max_individual_amount": 9.5}},
            "control_parameters",
            "exact",
        ),
        (
            {"control_parameters": LIMITS | {"max_individual_amount": "1.005"}},
            "control_parameters",
            "SAR has 2 decimals at most",
        ),
        (
            {"control_parameters": "250"},
            "control_parameters",
            "got '250' (Invalid input type.); it takes limits such as {'period_type': 'Month',",
        ),
        ({"consent_id": 7}, "consent_id", "a function registered with @lean.new_consent"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named(fields, named, words):
    with pytest.raises(FlowError) as refused:
        consent(**fields)
    assert refused.value.fields.keys() == {named}
    assert words in refused.value.fields[named]
