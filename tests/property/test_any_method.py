"""Whatever a host gives to a method, and whatever a browser chooses: no 500, and our config."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lean_flask import FlowError
from lean_flask.flows.flow import SCHEMAS, from_payload, make_flow, to_payload
from support.flow_page import CONSENT, DESTINATION, NEEDED, FlowPage
from support.generated import awkward, spoilt

CUSTOMER = "3f1b7a52-6c1d-4e59-9a57-0a5b6f3c2d11"
SDK = {"app_token", "access_token", "sandbox", "language", "customization", "account_type"}
CHOICES = {
    "bank_identifier": ["RJHI_SAU", "NOBODY_SAU"],
    "account_id": [CONSENT],
    "payment_source_id": [CONSENT],
    "entity_id": [CONSENT],
    "account_type": ["PERSONAL", "BUSINESS"],
}


def name_of(method):
    """The blueprint's name of it."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in method)


def arguments_of(method):
    valid = {"customer_id": CUSTOMER, "return_url": "/done"} | NEEDED[name_of(method)]
    if method == "authorizeConsent":
        limits = {"period_type": "Month", "max_individual_amount": "5.25"}
        valid |= {"control_parameters": limits, "currency": "SAR"}
    names = st.sampled_from(sorted(SCHEMAS[method].fields))
    return spoilt(valid) | st.dictionaries(names, awkward, max_size=3).map(lambda new: valid | new)


@pytest.mark.parametrize("method", SCHEMAS)
def test_any_arguments_are_refused_by_name_or_make_a_flow(method):
    @given(arguments_of(method))
    @example({"customer_id": CUSTOMER} | NEEDED[name_of(method)])
    def check(given):
        try:
            flow = make_flow(method, {str(name): value for name, value in given.items()}, None)
        except FlowError as error:
            refused.append(error)
            return
        assert flow.config.keys() <= SCHEMAS[method].fields.keys()
        kept = json.loads(json.dumps(to_payload(flow)))
        again = from_payload(kept, "", "")
        assert (again.config, again.amount) == (flow.config, flow.amount)
        assert again.control_parameters == flow.control_parameters

    refused: list[FlowError] = []
    check()
    assert all(error.fields for error in refused)


@pytest.mark.parametrize("method", SCHEMAS)
def test_any_choice_is_refused_by_name_or_gives_a_config(app, fake_lean, method):
    customer = app.config["CONNECT"]["customer_id"]
    source = fake_lean.add_payment_source(customer, "RJHI_SAU")
    linked = fake_lean.add_entity(customer, "RJHI_SAU", ["identity"])[0]
    own = {
        "bank_identifier": "RJHI_SAU",
        "account_id": source["accounts"][0]["id"],
        "payment_source_id": source["id"],
        "entity_id": linked["id"],
        "account_type": "PERSONAL",
    }
    chosen = st.fixed_dictionaries(
        {}, optional={name: st.sampled_from([own[name], *CHOICES[name]]) for name in CHOICES}
    )
    page = FlowPage(app, name_of(method), {})
    fields = {*SCHEMAS[method].fields} - {"return_url", "amount", "currency"}

    @given(chosen | spoilt(own))
    @example({"payment_source_id": source["id"]})
    @example({"entity_id": linked["id"], "bank_identifier": "RJHI_SAU"})
    @example({"customer_id": DESTINATION})
    def check(choice):
        body = {"flow": page.flow.token} | choice
        response = page.client.post(
            "/lean/launch", data=json.dumps(body), content_type="application/json"
        )
        assert response.status_code in {200, 400, 403, 409}
        if response.status_code != 200:
            assert {"errors", "reason"} & response.json.keys()
            return
        config = response.json["config"]
        assert response.json["method"] == method
        assert config.keys() <= fields | SDK
        assert config.get("customer_id", customer) == customer
        for name in CHOICES.keys() & config.keys() & choice.keys() - {"account_type"}:
            if name == "bank_identifier" and "account_id" in choice:  # it is the account's
                assert config[name] == "RJHI_SAU"
            else:
                assert config[name].lower() == choice[name].lower()

    check()
