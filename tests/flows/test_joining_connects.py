"""Which of the connects of one customer an entity is of: the event names no flow."""

from __future__ import annotations

import pytest

from support.flow_outcomes import BANK, CUSTOMER, DAY, SOURCE, connect, entity, event, other_method


def test_an_entity_says_nothing_of_a_payment_source(outcomes):
    source = outcomes.launch(other_method("createPaymentSource", customer_id=CUSTOMER))
    link = outcomes.launch(connect())
    outcomes.hear(entity())
    assert (outcomes.status(source), outcomes.status(link)) == ("launched", "confirmed")
    outcomes.hear(event("payment_source.created", **SOURCE))
    assert outcomes.status(source) == "confirmed"


def test_the_bank_tells_them_apart(outcomes):
    here, there = outcomes.launch(connect()), outcomes.launch(connect(), "SNB_SAU")
    outcomes.hear(entity("SNB_SAU"))
    assert (outcomes.status(here), outcomes.status(there)) == ("launched", "confirmed")


def test_the_bank_that_the_sdk_named_counts(outcomes):
    named, other = outcomes.launch(connect(), None), outcomes.launch(connect(), None)
    outcomes.report(named, "REDIRECT", BANK)
    outcomes.hear(entity())
    assert (outcomes.status(named), outcomes.status(other)) == ("confirmed", "launched")


def test_the_only_one_that_chooses_in_the_sdk_is_meant(outcomes):
    unknown, other = outcomes.launch(connect(), None), outcomes.launch(connect(), "SNB_SAU")
    outcomes.hear(entity())
    assert (outcomes.status(unknown), outcomes.status(other)) == ("confirmed", "launched")


def test_of_two_that_choose_in_the_sdk_none_is_guessed(outcomes):
    flows = [outcomes.launch(connect(), None), outcomes.launch(connect(), None)]
    outcomes.hear(entity())
    assert [outcomes.status(flow) for flow in flows] == ["launched", "launched"]
    outcomes.report(flows[0])
    assert [outcomes.status(flow) for flow in flows] == ["confirmed", "launched"]


@pytest.mark.parametrize("report_first", [True, False])
def test_at_one_bank_it_is_the_one_that_reported_success(outcomes, report_first):
    reported, last = outcomes.launch(connect()), connect()
    outcomes.now += 1
    outcomes.launch(last)
    steps = [lambda: outcomes.report(reported), lambda: outcomes.hear(entity())]
    for step in steps if report_first else reversed(steps):
        step()
    assert (outcomes.status(reported), outcomes.status(last)) == ("confirmed", "launched")


def test_at_one_bank_without_a_report_it_is_the_last_one(outcomes):
    first, last = outcomes.launch(connect()), connect()
    outcomes.now += 1
    outcomes.launch(last)
    outcomes.hear(entity())
    assert (outcomes.status(first), outcomes.status(last)) == ("launched", "confirmed")


def test_each_entity_is_of_one_flow(outcomes):
    flows = [outcomes.launch(connect()), outcomes.launch(connect())]
    outcomes.hear(entity(id="e-1"))
    outcomes.hear(entity(id="e-2", after=61))
    ids = {outcomes.states.outcome(flow.id).entity_id for flow in flows}
    assert ids == {"e-1", "e-2"}


def test_connecting_again_confirms_the_second_flow(outcomes):
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


def test_an_entity_from_long_before_or_after_is_of_no_flow(outcomes):
    outcomes.now += DAY
    flow = outcomes.launch(connect())
    outcomes.hear(entity(after=0))
    outcomes.now += 10 * DAY
    outcomes.hear(entity(after=9 * DAY))
    assert outcomes.status(flow) == "launched"


def test_an_entity_whose_consents_are_all_over_confirms_nothing(outcomes):
    flow = outcomes.launch(connect())
    outcomes.hear(entity(consents=[{"consent_status": "REVOKED"}]))
    assert outcomes.status(flow) == "launched"
    outcomes.hear(entity(after=61, consents=[{"consent_status": "ACTIVE"}, "?"]))
    assert outcomes.status(flow) == "confirmed"


def test_a_bank_from_before_the_last_launch_still_counts(outcomes):
    flow = outcomes.launch(connect(), BANK)
    outcomes.launch(flow, "SNB_SAU")
    outcomes.hear(entity(BANK))
    outcome = outcomes.states.outcome(flow.id)
    assert (outcome.status, outcome.bank_identifier) == ("confirmed", BANK)


def test_a_payment_source_says_nothing_of_a_connect_for_data(outcomes):
    flow = outcomes.launch(connect())
    outcomes.hear(event("payment_source.created", **SOURCE))
    assert outcomes.status(flow) == "launched"
