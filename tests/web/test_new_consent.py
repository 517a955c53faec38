"""Consents from a function of the host: one for each attempt, and another after one that failed."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from lean_flask import Consent, FlowError, LeanBlueprint, UpstreamTimeout
from lean_flask.services import get_services
from support.flow_page import CONSENT, DESTINATION


@pytest.fixture
def made(app):
    """The ids that the host's function has returned, and the flows that it was called with."""
    ids, flows = [], []

    @app.blueprints["lean"].new_consent
    def new_consent(flow):
        flows.append(flow)
        ids.append(str(uuid4()))
        return ids[-1]

    new_consent.ids, new_consent.flows = ids, flows
    return new_consent


@pytest.fixture
def page(start, made):
    return start("authorize_consent", consent_id=made)


def consent_of(page):
    return page.config()["consent_id"]


def test_it_is_made_at_the_first_launch_and_used_until_an_attempt_fails(page, made):
    assert made.ids == []
    page.open()
    assert made.ids == []
    assert consent_of(page) == consent_of(page) == made.ids[0]
    page.report("CANCELLED")
    assert consent_of(page) == made.ids[0]
    assert len(made.ids) == 1


def test_it_is_called_with_the_flow(page, made):
    page.launch()
    [flow] = made.flows
    assert (flow.id, flow.method, flow.customer_id) == (
        page.flow.id,
        "authorizeConsent",
        page.flow.customer_id,
    )


def test_after_a_failure_another_one_is_made(page, made):
    first = consent_of(page)
    assert page.report("ERROR", secondary_status="REJECTED")["can_retry"] is True
    second = consent_of(page)
    assert [first, second] == made.ids
    assert consent_of(page) == second  # a second tab: nothing has failed since


@pytest.mark.parametrize("status", ["REJECTED", "EXPIRED"])
def test_after_the_banks_no_another_one_is_made(page, made, tell, status):
    first = consent_of(page)
    page.report("CANCELLED")
    tell(first.upper(), status)
    assert (page.status["status"], page.status["can_retry"]) == ("failed", True)
    assert [first, consent_of(page)] == made.ids


def test_the_event_of_its_consent_confirms_the_flow(page, made, tell):
    first = consent_of(page)
    assert page.report()["awaits_confirmation"] is True
    tell(first, "AUTHORISED")
    status = page.status
    assert (status["status"], status["consent_id"]) == ("confirmed", first)
    assert (status["can_retry"], status["awaits_confirmation"]) == (False, False)
    assert page.launch().json["reason"] == "completed"


def test_the_late_no_to_an_earlier_consent_fails_nothing_and_a_late_yes_counts(page, tell):
    first = consent_of(page)
    page.report("ERROR")
    second = consent_of(page)
    tell(first, "REJECTED", 2)
    assert page.status["status"] == "launched"
    tell(first, "AUTHORISED", 3)
    assert (page.status["status"], page.status["consent_id"]) == ("confirmed", first)
    tell(second, "REJECTED", 4)
    assert page.status["status"] == "failed"  # of the consent in use


def test_a_revocation_later_is_no_failure(page, tell):
    consent_id = consent_of(page)
    tell(consent_id, "AUTHORISED", 1)
    tell(consent_id, "REVOKED", 2)
    assert page.status["status"] == "confirmed"


def test_the_landing_gets_the_consent_that_was_made(page, made):
    page.launch()
    page.report("REDIRECT")
    assert page.land(bank_identifier="RJHI_SAU")["config"]["consent_id"] == made.ids[0]


@pytest.mark.parametrize(
    "returned", [UUID(CONSENT), Consent(CONSENT, "c", "AWAITING_AUTHORISATION")], ids=type
)
def test_what_it_may_return(app, start, returned):
    def make(flow):
        return returned

    app.blueprints["lean"].new_consent(make)
    assert consent_of(start("authorize_consent", consent_id=make)) == CONSENT


def test_a_consent_for_each_attempt_at_lean(app, start, fake_lean):
    """The whole way: made at Lean by the client, refused by the bank, and made anew."""
    lean = app.blueprints["lean"]

    def make(flow):
        return lean.client.create_consent(
            customer_id=flow.customer_id,
            destination_account_id=DESTINATION,
            currency="SAR",
            reference="Order 1",
            purpose="FIS",
            control_parameters=flow.control_parameters,
        )

    lean.new_consent(make)
    limits = {"period_type": "Month", "max_individual_amount": Decimal("99.90")}
    page = start("authorize_consent", consent_id=make, control_parameters=limits, currency="SAR")
    first = consent_of(page)
    fake_lean.reject_consent(first)
    page.report("ERROR", secondary_status="REJECTED_BY_BANK")
    second = consent_of(page)
    assert [*fake_lean.consents] == [first, second]
    assert fake_lean.consents[second]["control_parameters"]["max_individual_amount"] == 99.9


@pytest.mark.parametrize("returned", [None, "", "x", 7, {"id": CONSENT}], ids=repr)
def test_what_is_no_consent_is_refused_and_logged(app, start, caplog, returned):
    def make(flow):
        return returned

    app.blueprints["lean"].new_consent(make)
    response = start("authorize_consent", consent_id=make).launch("?lang=ar")
    assert (response.status_code, response.json["reason"]) == (503, "upstream")
    assert response.json["advice"].startswith("الخدمة")
    assert "No consent for a launch" in caplog.text
    assert type(returned).__name__ in caplog.text


def test_an_error_of_it_is_logged_and_the_next_launch_calls_it_again(app, start, caplog):
    answers = [ValueError("our database is down"), CONSENT]

    def make(flow):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    app.blueprints["lean"].new_consent(make)
    page = start("authorize_consent", consent_id=make)
    response = page.launch()
    assert (response.status_code, response.json["reason"]) == (503, "upstream")
    assert "database" not in response.text
    assert "our database is down" in caplog.text
    assert page.status["status"] == "open"
    assert consent_of(page) == CONSENT


def test_an_outage_of_lean_is_an_outage(app, start):
    def make(flow):
        raise UpstreamTimeout("no answer", call="consent")

    app.blueprints["lean"].new_consent(make)
    response = start("authorize_consent", consent_id=make).launch()
    assert (response.status_code, response.json["reason"]) == (503, "upstream")


def test_a_function_that_is_not_registered_is_an_error_that_names_the_decorator(start, made):
    def other(flow):
        return CONSENT

    with pytest.raises(FlowError, match=r"@lean\.new_consent") as refused:
        start("authorize_consent", consent_id=other)
    assert "consent_id" in refused.value.fields
    with pytest.raises(FlowError, match="not registered"):
        start("authorize_consent", consent_id=lambda flow: made(flow))


def test_a_process_that_does_not_know_the_function_says_so(page, app, caplog):
    app.blueprints["lean"]._host.new_consents._functions.clear()
    assert page.launch().status_code == 503
    assert "is not registered in this process" in caplog.text


def test_only_functions_can_be_registered():
    lean = LeanBlueprint()

    async def later(flow):
        return CONSENT

    def step_by_step(flow):
        yield CONSENT

    for wrong in (later, step_by_step, CONSENT, None):
        with pytest.raises(TypeError):
            lean.new_consent(wrong)


def test_of_two_launches_at_once_both_get_one_consent(app, start):
    """The second launch begins and ends while the function of the first one runs."""
    ids = [str(uuid4()), str(uuid4())]
    meanwhile = []

    def make(flow):
        consent_id = ids[len(meanwhile)]
        if not meanwhile:
            meanwhile.append(None)
            meanwhile.append(consent_of(page))
        return consent_id

    app.blueprints["lean"].new_consent(make)
    page = start("authorize_consent", consent_id=make)
    assert consent_of(page) == meanwhile[1] == ids[1]


def test_of_two_launches_after_the_banks_no_both_get_one_consent(page, app, made, tell):
    """The second launch begins when the first has its consent, and has not been noted yet."""
    tell(consent_of(page), "REJECTED")
    with app.app_context():
        states = get_services("lean").flow_states
    kept = str(uuid4())
    assert states.keep_consent(page.flow.id, kept, made.ids[0]) == kept
    assert consent_of(page) == kept
    assert len(made.ids) == 1
