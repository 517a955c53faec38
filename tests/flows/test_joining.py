"""How the flows of each method are found by an event: a test for each row of docs/events.md."""

from __future__ import annotations

import pytest

from lean_flask.flows.joining import EVENT_JOINS, METHOD_FIELDS
from lean_flask.flows.methods import TRAITS
from support.flow_outcomes import (
    BANK,
    CUSTOMER,
    DAY,
    INTENT,
    Outcomes,
    checkout,
    connect,
    entity,
    event,
    other_method,
    pay,
    payment,
)

OTHER = "11111111-6c1d-4e59-9a57-0a5b6f3c2d11"
SOURCE = {"id": "s-1", "customer_id": CUSTOMER, "bank_identifier": BANK, "status": "ACTIVE"}
PAID_FROM = {"payment_source_id": "s-1", "payment_destination_id": "d-1"}


@pytest.fixture
def outcomes():
    return Outcomes()


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


class TestConnectsOfOneCustomer:
    def test_an_entity_says_nothing_of_a_payment_source(self, outcomes):
        source = outcomes.launch(other_method("createPaymentSource", customer_id=CUSTOMER))
        link = outcomes.launch(connect())
        outcomes.hear(entity())
        assert (outcomes.status(source), outcomes.status(link)) == ("launched", "confirmed")
        outcomes.hear(event("payment_source.created", **SOURCE))
        assert outcomes.status(source) == "confirmed"

    def test_the_bank_tells_them_apart(self, outcomes):
        here, there = outcomes.launch(connect()), outcomes.launch(connect(), "SNB_SAU")
        outcomes.hear(entity("SNB_SAU"))
        assert (outcomes.status(here), outcomes.status(there)) == ("launched", "confirmed")

    def test_the_bank_that_the_sdk_named_counts(self, outcomes):
        named, other = outcomes.launch(connect(), None), outcomes.launch(connect(), None)
        outcomes.report(named, "REDIRECT", BANK)
        outcomes.hear(entity())
        assert (outcomes.status(named), outcomes.status(other)) == ("confirmed", "launched")

    def test_the_only_one_that_chooses_in_the_sdk_is_meant(self, outcomes):
        unknown, other = outcomes.launch(connect(), None), outcomes.launch(connect(), "SNB_SAU")
        outcomes.hear(entity())
        assert (outcomes.status(unknown), outcomes.status(other)) == ("confirmed", "launched")

    def test_of_two_that_choose_in_the_sdk_none_is_guessed(self, outcomes):
        flows = [outcomes.launch(connect(), None), outcomes.launch(connect(), None)]
        outcomes.hear(entity())
        assert [outcomes.status(flow) for flow in flows] == ["launched", "launched"]
        outcomes.report(flows[0])
        assert [outcomes.status(flow) for flow in flows] == ["confirmed", "launched"]

    @pytest.mark.parametrize("report_first", [True, False])
    def test_at_one_bank_it_is_the_one_that_reported_success(self, outcomes, report_first):
        reported, last = outcomes.launch(connect()), connect()
        outcomes.now += 1
        outcomes.launch(last)
        steps = [lambda: outcomes.report(reported), lambda: outcomes.hear(entity())]
        for step in steps if report_first else reversed(steps):
            step()
        assert (outcomes.status(reported), outcomes.status(last)) == ("confirmed", "launched")

    def test_at_one_bank_without_a_report_it_is_the_last_one(self, outcomes):
        first, last = outcomes.launch(connect()), connect()
        outcomes.now += 1
        outcomes.launch(last)
        outcomes.hear(entity())
        assert (outcomes.status(first), outcomes.status(last)) == ("launched", "confirmed")

    def test_each_entity_is_of_one_flow(self, outcomes):
        flows = [outcomes.launch(connect()), outcomes.launch(connect())]
        outcomes.hear(entity(id="e-1"))
        outcomes.hear(entity(id="e-2", after=61))
        ids = {outcomes.states.outcome(flow.id).entity_id for flow in flows}
        assert ids == {"e-1", "e-2"}

    def test_connecting_again_confirms_the_second_flow(self, outcomes):
        first = outcomes.launch(connect())
        outcomes.hear(entity())
        outcomes.report(first)
        outcomes.now += DAY / 2
        second = outcomes.launch(connect())
        outcomes.hear(entity())  # a repeat
        assert outcomes.status(second) == "launched"
        again = event(
            "entity.updated",
            DAY / 2 + 60,
            id="e-1",
            customer_id=CUSTOMER,
            bank_details={"identifier": BANK},
        )
        outcomes.hear(again)
        assert [outcomes.states.outcome(flow.id).entity_id for flow in (first, second)] == [
            "e-1",
            "e-1",
        ]

    def test_an_entity_from_long_before_or_after_is_of_no_flow(self, outcomes):
        outcomes.now += DAY
        flow = outcomes.launch(connect())
        outcomes.hear(entity(after=0))
        outcomes.now += 10 * DAY
        outcomes.hear(entity(after=9 * DAY))
        assert outcomes.status(flow) == "launched"

    def test_an_entity_whose_consents_are_all_over_confirms_nothing(self, outcomes):
        flow = outcomes.launch(connect())
        outcomes.hear(entity(consents=[{"consent_status": "REVOKED"}]))
        assert outcomes.status(flow) == "launched"
        outcomes.hear(entity(after=61, consents=[{"consent_status": "ACTIVE"}, "?"]))
        assert outcomes.status(flow) == "confirmed"

    def test_a_bank_from_before_the_last_launch_still_counts(self, outcomes):
        flow = outcomes.launch(connect(), BANK)
        outcomes.launch(flow, "SNB_SAU")
        outcomes.hear(entity(BANK))
        outcome = outcomes.states.outcome(flow.id)
        assert (outcome.status, outcome.bank_identifier) == ("confirmed", BANK)

    def test_a_payment_source_says_nothing_of_a_connect_for_data(self, outcomes):
        flow = outcomes.launch(connect())
        outcomes.hear(event("payment_source.created", **SOURCE))
        assert outcomes.status(flow) == "launched"
