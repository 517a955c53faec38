"""How the flows of each method are found by an event: a test for each row of docs/events.md."""

from __future__ import annotations

import pytest

from lean_flask.flows.joining import EVENT_JOINS, METHOD_FIELDS
from lean_flask.flows.methods import TRAITS
from support.flow_outcomes import (
    BANK,
    CUSTOMER,
    INTENT,
    SOURCE,
    checkout,
    connect,
    entity,
    event,
    other_method,
    pay,
    payment,
)

OTHER = "11111111-6c1d-4e59-9a57-0a5b6f3c2d11"
PAID_FROM = {"payment_source_id": "s-1", "payment_destination_id": "d-1"}


ROWS = {
    "pay": (pay(), payment("ACCEPTED_BY_BANK"), "payment_id", "p-1"),
    "pay, in bulk": (
        pay(payment_intent_id=None, bulk_payment_intent_id=OTHER),
        event("bulk_payment_intent.updated", id=OTHER, status="ACCEPTED_BY_BANK"),
        "payment_id",
        None,
    ),
    "checkout": (checkout(), payment("ACCEPTED_BY_BANK"), "payment_id", "p-1"),
    "connect": (connect(), entity(), "entity_id", "e-1"),
    "connect, again": (
        connect(),
        event("entity.updated", id="e-1", customer_id=CUSTOMER, bank_details={"identifier": BANK}),
        "entity_id",
        "e-1",
    ),
    "connect, for payments only": (
        connect(permissions=["payments"]),
        event("payment_source.created", **SOURCE),
        "entity_id",
        None,
    ),
    "createPaymentSource": (
        other_method("createPaymentSource", customer_id=CUSTOMER),
        event("payment_source.created", **SOURCE),
        "entity_id",
        None,
    ),
    "reconnect": (
        other_method("reconnect", reconnect_id="r-1"),
        event("entity.reconnected", id="e-1", reconnect_id="r-1"),
        "entity_id",
        "e-1",
    ),
    "authorizeConsent": (
        other_method("authorizeConsent", consent_id="c-1", customer_id=CUSTOMER),
        event("consent.status.updated", id="c-1", status="AUTHORISED"),
        "consent_id",
        "c-1",
    ),
    "updatePaymentSource": (
        other_method("updatePaymentSource", **PAID_FROM),
        event("payment_source.beneficiary.created", **PAID_FROM, status="ACTIVE"),
        "entity_id",
        None,
    ),
    "createBeneficiary": (
        other_method("createBeneficiary", **PAID_FROM),
        event("payment_source.beneficiary.updated", **PAID_FROM, status="ACTIVE"),
        "entity_id",
        None,
    ),
}


@pytest.mark.parametrize(("flow", "said", "id_field", "value"), ROWS.values(), ids=list(ROWS))
def test_each_method_is_joined(outcomes, flow, said, id_field, value):
    outcomes.launch(flow)
    outcomes.hear(said)
    outcome = outcomes.states.outcome(flow.id)
    assert (outcome.status, getattr(outcome, id_field)) == ("confirmed", value)


def test_every_row_of_the_tables_is_tested():
    flows = [row[0] for row in ROWS.values()]
    joined = {method for method, fields in METHOD_FIELDS.items() if fields}
    assert {flow.method for flow in flows} == joined
    assert METHOD_FIELDS.keys() == TRAITS.keys()
    fields = {name for flow in flows for name in METHOD_FIELDS[flow.method] if name in flow.config}
    assert fields == {join.field for join in EVENT_JOINS.values()}


def test_an_event_that_does_not_name_its_thing_gives_no_other_id_for_it(outcomes):
    """The ids by which it is found are those of the customer, and of the intent."""
    linked, paid = connect(), pay()
    for flow in (linked, paid):
        outcomes.launch(flow)
    outcomes.hear(event("entity.created", customer_id=CUSTOMER))
    outcomes.hear(event("payment.updated", intent_id=INTENT, status="ACCEPTED_BY_BANK"))
    told = [outcomes.states.outcome(flow.id) for flow in (linked, paid)]
    assert [outcome.status for outcome in told] == ["confirmed", "confirmed"]
    assert [outcome.entity_id or outcome.payment_id for outcome in told] == [None, None]


def test_each_flow_of_an_intent_is_confirmed(outcomes):
    first, second, late = outcomes.launch(pay()), outcomes.launch(checkout()), checkout()
    outcomes.hear(payment("ACCEPTED_BY_BANK"))
    assert [outcomes.status(flow) for flow in (first, second)] == ["confirmed", "confirmed"]
    outcomes.launch(late)
    assert outcomes.status(late) == "confirmed"  # so that nobody pays twice


def test_an_intent_that_expired_has_failed(outcomes):
    flow = outcomes.launch(pay())
    outcomes.hear(event("payment_intent.expired", intent_id=INTENT.upper()))
    assert outcomes.status(flow) == "failed"


@pytest.mark.parametrize(
    "said",
    [
        payment("ACCEPTED_BY_BANK", intent_id=OTHER),
        payment("SOMETHING_NEW"),
        payment("UNKNOWN"),
        payment("ACCEPTED_BY_BANK", intent_id=None),
        payment("ACCEPTED_BY_BANK", intent_id={"x": 1}),
        event("payment.something.new", intent_id=INTENT, status="ACCEPTED_BY_BANK"),
        event("results.ready", id="e-1"),
        entity(customer_id=OTHER),
    ],
    ids=str,
)
def test_an_event_of_no_flow_changes_nothing(outcomes, said):
    flows = [outcomes.launch(pay()), outcomes.launch(connect())]
    outcomes.hear(said)
    assert [outcomes.status(flow) for flow in flows] == ["launched", "launched"]


def test_an_event_before_any_launch_is_kept_nowhere(outcomes):
    outcomes.hear(payment("ACCEPTED_BY_BANK"))
    assert outcomes.status(outcomes.launch(pay())) == "launched"
    assert outcomes.store.version() > 0


def test_a_payee_of_another_destination_says_nothing(outcomes):
    flow = outcomes.launch(other_method("createBeneficiary", **PAID_FROM))
    said = {"status": "ACTIVE", "payment_source_id": "s-1"}
    for destination in ("d-2", None, {"id": "d-1"}):
        outcomes.hear(
            event("payment_source.beneficiary.created", **said, payment_destination_id=destination)
        )
    assert outcomes.status(flow) == "launched"


@pytest.mark.parametrize("method", ["createBeneficiary", "updatePaymentSource"])
def test_the_source_that_the_customer_chose_counts(outcomes, method):
    flow = other_method(method, payment_destination_id="d-1")
    outcomes.states.record_launch(flow, BANK, {**flow.config, "payment_source_id": "s-1"})
    outcomes.hear(
        event("payment_source.beneficiary.created", **PAID_FROM, status="ACTIVE", bank="x")
    )
    assert outcomes.status(flow) == "confirmed"


def test_a_source_that_was_chosen_before_still_confirms(outcomes):
    flow = other_method("createBeneficiary", payment_destination_id="d-1")
    for source in ("s-1", "s-2"):
        outcomes.states.record_launch(flow, BANK, {**flow.config, "payment_source_id": source})
    outcomes.hear(
        event(
            "payment_source.beneficiary.created",
            **PAID_FROM,
            status="AWAITING_BENEFICIARY_COOL_OFF",
        )
    )
    assert outcomes.status(flow) == "confirmed"


@pytest.mark.parametrize("status", ["REVOKED", "SUSPENDED", "CONSUMED", "SOMETHING_NEW"])
def test_a_consent_that_ends_later_fails_no_flow(outcomes, status):
    given = outcomes.launch(other_method("authorizeConsent", consent_id="c-1"))
    managed = outcomes.launch(other_method("manageConsents", consent_id="c-1"))
    outcomes.hear(event("consent.status.updated", id="c-1", status="AUTHORISED"))
    outcomes.hear(event("consent.status.updated", 61, id="c-1", status=status))
    assert [outcomes.status(flow) for flow in (given, managed)] == ["confirmed", "launched"]
