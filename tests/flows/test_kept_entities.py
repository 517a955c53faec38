"""What is kept of a customer's connections, for how long, and that no page waits for it."""

from __future__ import annotations

import threading

import pytest

from lean_flask import Entity, UpstreamError, UpstreamTimeout
from lean_flask.flows import linked_banks
from lean_flask.flows.linked_banks import MAX_CUSTOMERS, TTL, LinkedBanks
from lean_flask.upstream.webhook import WebhookEvent
from support.clock import MovableClock

ONE, OTHER = "0c339c21-6a88-41dc-a047-a5d1725b3ef7", "5b0f2c7e-8c1a-4c59-9d0e-3f6a1d2b4c01"
EVENT = WebhookEvent("entity.updated", {"customer_id": ONE}, "", "", 0, "1")


class Lean:
    """Answers with an entity of the customer; fails with *error*, and waits while *held*."""

    def __init__(self):
        self.asked = []
        self.error = None
        self.clock = MovableClock()
        self.free = threading.Event()
        self.free.set()
        self.banks = LinkedBanks(self.fetch, self.clock.monotonic)

    def fetch(self, customer_id):
        self.asked.append(customer_id)
        assert self.free.wait(10)
        if self.error:
            raise self.error
        return (Entity(str(len(self.asked)), customer_id, "RJHI_SAU"),)

    def wait(self):
        self.banks._flights.wait_until_idle(10)


@pytest.fixture
def lean():
    return Lean()


def test_a_customer_is_asked_for_once_in_half_a_minute(lean):
    first = lean.banks.entities(ONE)
    lean.clock.ahead += TTL - 1
    lean.banks.prefetch(ONE)
    assert lean.banks.entities(ONE) == first
    assert lean.banks.entities(ONE.upper()) == first
    assert lean.asked == [ONE]
    lean.clock.ahead += 2
    assert lean.banks.entities(ONE) != first


def test_customers_are_kept_apart(lean):
    assert {entity.customer_id for entity in lean.banks.entities(ONE)} == {ONE}
    assert {entity.customer_id for entity in lean.banks.entities(OTHER)} == {OTHER}
    assert {entity.customer_id for entity in lean.banks.entities(ONE)} == {ONE}


def test_a_page_waits_for_the_prefetch_alone(lean):
    lean.free.clear()
    lean.banks.prefetch(ONE)
    lean.banks.prefetch(ONE)
    threading.Timer(0.05, lean.free.set).start()
    assert len(lean.banks.entities(ONE)) == 1
    assert lean.asked == [ONE]


def test_without_an_answer_in_time_there_is_none_and_the_next_page_has_it(
    lean, monkeypatch, caplog
):
    monkeypatch.setattr(linked_banks, "WAIT", 0.01)
    lean.free.clear()
    assert lean.banks.entities(ONE) == ()
    assert "The linked banks cannot be shown: no answer within 0.0 s" in caplog.text
    lean.free.set()
    lean.wait()
    assert len(lean.banks.entities(ONE)) == 1
    assert lean.asked == [ONE]


def test_an_error_costs_one_line_and_is_not_kept(lean, caplog):
    lean.error = UpstreamTimeout("no answer", call="entities")
    assert lean.banks.entities(ONE) == ()
    [record] = caplog.records
    assert record.message == "The linked banks cannot be shown: entities: no answer"
    lean.error = UpstreamError("down for a while", tried=False)
    assert lean.banks.entities(ONE) == ()
    assert len(caplog.records) == 1
    assert not lean.banks._loading
    lean.error = None
    assert len(lean.banks.entities(ONE)) == 1


def test_what_an_event_is_about_is_asked_for_again(lean):
    before = lean.banks.entities(ONE), lean.banks.entities(OTHER)
    lean.banks.hear(EVENT)
    assert lean.banks.entities(ONE) != before[0]
    assert lean.banks.entities(OTHER) == before[1]


@pytest.mark.parametrize(
    ("type", "payload"),
    [("entity.updated", None), ("entity.updated", {"customer_id": 7}), ("payment.created", {})],
)
def test_other_events_change_nothing(lean, type, payload):
    before = lean.banks.entities(ONE)
    lean.banks.hear(WebhookEvent(type, payload, "", "", 0, "1"))
    assert lean.banks.entities(ONE) == before


@pytest.mark.parametrize(
    ("customer", "times"), [(ONE, 2), (OTHER, 1)], ids=["the same", "somebody else"]
)
def test_an_answer_from_before_an_event_about_the_same_customer_is_not_kept(lean, customer, times):
    """Would events about others cost it, too, a busy app would keep hardly any."""
    lean.free.clear()
    lean.banks.prefetch(customer)
    lean.banks.hear(EVENT)
    lean.free.set()
    lean.wait()
    lean.banks.entities(customer)
    assert lean.asked == [customer] * times


def test_it_holds_a_bounded_number_of_customers(lean):
    for number in range(MAX_CUSTOMERS + 5):
        lean.banks.prefetch(str(number))
        lean.wait()
    assert len(lean.banks._held) == MAX_CUSTOMERS
