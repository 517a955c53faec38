"""Events and reports lead to one outcome, in whatever order they come."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import permutations
from threading import Barrier

import pytest

from lean_flask.banks.stores import open_store
from lean_flask.banks.stores.base import StoreError
from lean_flask.banks.stores.memory import MemoryStore
from lean_flask.flows.bank_word import MAX_WORDS
from support.flow_outcomes import DAY, START, Outcomes, checkout, connect, entity, pay, payment

ACCEPTED, PENDING = payment("ACCEPTED_BY_BANK", 70), payment("PENDING_WITH_BANK", 60)
REFUSED = payment("REJECTED_BY_BANK", 50, id="p-0")


PAYMENTS = {
    "accepted": ([PENDING, ACCEPTED], "confirmed", "p-1"),
    "a second payment is accepted": ([REFUSED, PENDING, ACCEPTED], "confirmed", "p-1"),
    "a second payment is pending": ([REFUSED, PENDING], "reported", "p-1"),
    "refused": ([PENDING, payment("FAILED", 80)], "failed", "p-1"),
    "given back": ([ACCEPTED, payment("FAILED", 80)], "failed", "p-1"),
    "a second payment is refused": (
        [ACCEPTED, payment("FAILED", 80, id="p-2")],
        "confirmed",
        "p-1",
    ),
    "an unknown word": ([ACCEPTED, payment("SOMETHING_NEW", 80)], "confirmed", "p-1"),
    "without a time": ([payment("ACCEPTED_BY_BANK", None)], "confirmed", "p-1"),
}


@pytest.mark.parametrize(("events", "status", "id"), PAYMENTS.values(), ids=list(PAYMENTS))
def test_events_and_the_report_in_any_order(events, status, id):
    for order in permutations([*events, "report"]):
        outcomes = Outcomes()
        flow = outcomes.launch(pay())
        for step in order:
            outcomes.report(flow) if step == "report" else outcomes.hear(step)
        outcome = outcomes.states.outcome(flow.id)
        assert (outcome.status, outcome.payment_id, outcome.sdk_status) == (status, id, "SUCCESS")
        assert outcomes.told[-1] == outcome


def test_two_connects_with_reports_and_entities_in_any_order():
    results = set()
    for order in permutations(["report", entity(id="e-1"), entity("SNB_SAU", 61, id="e-2")]):
        outcomes = Outcomes()
        flows = [connect(), connect(), connect()]
        for flow, bank in zip(flows, ["RJHI_SAU", "RJHI_SAU", None], strict=True):
            outcomes.launch(flow, bank)
            outcomes.now += 1
        for step in order:
            outcomes.report(flows[0]) if step == "report" else outcomes.hear(step)
        found = [outcomes.states.outcome(flow.id) for flow in flows]
        results.add(tuple((known.status, known.entity_id) for known in found))
        assert {known.id: known for known in outcomes.told} == {known.id: known for known in found}
    assert results == {(("confirmed", "e-1"), ("launched", None), ("confirmed", "e-2"))}


def test_a_repeat_changes_nothing_and_is_told_once(outcomes):
    flow = outcomes.launch(pay())
    outcomes.hear(ACCEPTED)
    before, version = outcomes.states.outcome(flow.id), outcomes.store.version()
    outcomes.now += 60
    outcomes.hear(ACCEPTED)
    outcomes.hear(PENDING)
    assert outcomes.states.outcome(flow.id) == before
    assert outcomes.store.version() == version
    assert [known.status for known in outcomes.told] == ["launched", "confirmed"]


def test_the_host_is_told_of_each_change(outcomes):
    flow = outcomes.launch(pay())
    outcomes.report(flow, "REDIRECT")
    outcomes.report(flow, "REDIRECT")
    outcomes.hear(PENDING)
    outcomes.report(flow)
    outcomes.hear(ACCEPTED)
    assert [(known.status, known.payment_id) for known in outcomes.told] == [
        ("launched", None),
        ("at_bank", None),
        ("at_bank", "p-1"),
        ("reported", "p-1"),
        ("confirmed", "p-1"),
    ]


def test_a_failure_before_the_last_launch_was_of_an_earlier_attempt(outcomes):
    flow = outcomes.launch(checkout())
    outcomes.hear(REFUSED)
    assert outcomes.status(flow) == "failed"
    outcomes.now += 55
    outcomes.launch(flow)
    assert outcomes.status(flow) == "launched"
    outcomes.hear(REFUSED)
    assert outcomes.status(flow) == "launched"
    outcomes.hear(payment("FAILED", 60))
    assert outcomes.status(flow) == "failed"
    outcomes.hear(ACCEPTED)
    assert outcomes.status(flow) == "confirmed"


def test_what_the_bank_refused_after_a_success_may_be_tried_again(outcomes):
    flow = outcomes.launch(pay())
    outcomes.report(flow)
    outcomes.launch(flow)
    assert outcomes.states.get(flow.id).launches == 1
    outcomes.hear(REFUSED)
    outcomes.now += 55
    outcomes.launch(flow)
    outcomes.launch(flow)
    assert (outcomes.status(flow), outcomes.states.get(flow.id).launches) == ("launched", 3)
    outcomes.report(flow)
    outcomes.hear(ACCEPTED)
    outcome = outcomes.states.outcome(flow.id)
    assert (outcome.status, outcome.payment_id) == ("confirmed", "p-1")


def test_a_confirmed_flow_is_not_launched_again(outcomes):
    flow = outcomes.launch(pay())
    outcomes.hear(ACCEPTED)
    assert outcomes.states.get(flow.id).is_completed
    before = outcomes.states.get(flow.id)
    outcomes.launch(flow, "SNB_SAU")
    assert outcomes.states.get(flow.id) == before


def test_a_time_in_the_future_holds_up_no_later_word(outcomes):
    flow = outcomes.launch(pay())
    outcomes.hear(payment("PENDING_WITH_BANK", 400 * DAY))
    outcomes.hear(ACCEPTED)
    assert outcomes.status(flow) == "confirmed"


def test_the_word_of_the_bank_after_days(outcomes):
    flow = outcomes.launch(pay())
    outcomes.report(flow)
    outcomes.now += 20 * DAY
    outcomes.hear(payment("ACCEPTED_BY_BANK", 20 * DAY))
    assert outcomes.status(flow) == "confirmed"
    assert outcomes.states.outcome(flow.id).updated_at.timestamp() == START + 20 * DAY


def test_many_failures_push_no_confirmation_out(outcomes):
    flow = outcomes.launch(pay())
    outcomes.hear(ACCEPTED)
    for number in range(2 * MAX_WORDS):
        outcomes.hear(payment("FAILED", 100 + number, id=f"q-{number}"))
    assert outcomes.states.outcome(flow.id).payment_id == "p-1"


def test_what_a_payment_says_of_itself(outcomes):
    flow = outcomes.launch(pay())
    outcomes.hear(
        payment(
            "ACCEPTED_BY_BANK",
            amount=Decimal("120.50"),
            currency="SAR",
            bank_transaction_reference="FT\u202e 1",
        )
    )
    word = outcomes.states.get(flow.id).word
    assert (word.amount, word.currency, word.reference) == ("120.50", "SAR", "FT 1")


@pytest.mark.parametrize(
    "amount", [None, True, "x", -1, float("inf"), "9" * 30, {}, "NaN", "1e99999", "1e-99"]
)
def test_an_odd_amount_is_left_out(outcomes, amount):
    flow = outcomes.launch(pay())
    outcomes.hear(payment("ACCEPTED_BY_BANK", amount=amount, currency="SAR"))
    assert outcomes.states.get(flow.id).word.amount is None


@pytest.mark.parametrize("name", ["", "x" * 65, "../x", "é", None, 7, "unknown"])
def test_whatever_is_asked_for_an_unknown_flow_is_open(outcomes, name):
    assert outcomes.states.outcome(name).status == "open"


def test_the_keys_of_the_store_hold_no_id_of_lean(outcomes, monkeypatch):
    keys = []
    read = outcomes.store.read
    monkeypatch.setattr(outcomes.store, "read", lambda key: keys.append(key) or read(key))
    outcomes.launch(connect())
    outcomes.hear(entity())
    assert any(key.startswith("join:customer_id:") for key in keys)
    assert not any(flow_id in key for key in keys for flow_id in ("3f1b7a52", "e-1"))


def test_a_store_that_fails_keeps_the_event_waiting(outcomes, monkeypatch):
    flow = outcomes.launch(pay())
    monkeypatch.setattr(type(outcomes.store), "failure", property(lambda _: "it is full"))
    with pytest.raises(StoreError, match="it is full"):
        outcomes.hear(ACCEPTED)
    monkeypatch.undo()
    outcomes.hear(ACCEPTED)
    assert outcomes.status(flow) == "confirmed"


@pytest.mark.parametrize("nonsense", [b"\xff", b"[]", b'{"words": [1]}', b'{"flows": 7}', b"null"])
def test_nonsense_in_the_store_costs_no_error(outcomes, nonsense):
    flow = outcomes.launch(pay())
    [key] = outcomes.states.get(flow.id).joins
    outcomes.store.update(key, lambda old, version: nonsense, DAY)
    outcomes.hear(ACCEPTED)
    assert outcomes.status(flow) == "launched"
    outcomes.launch(flow)
    outcomes.hear(ACCEPTED)
    assert outcomes.status(flow) == "confirmed"


def test_a_launch_that_the_store_lost_is_joined_by_the_report(outcomes):
    flow, other = pay(), connect()
    for lost in (flow, other):
        outcomes.report(lost, bank="RJHI_SAU")
        assert outcomes.status(lost) == "reported"
    outcomes.hear(ACCEPTED)
    outcomes.hear(entity())
    assert [outcomes.status(lost) for lost in (flow, other)] == ["confirmed", "confirmed"]


@pytest.mark.parametrize("kind", ["memory:", "sqlite"])
def test_of_parallel_deliveries_and_reports_each_change_is_told_once(kind, tmp_path):
    url = kind if kind == "memory:" else f"sqlite:///{tmp_path}/store.db"
    outcomes = Outcomes(open_store(url, str(tmp_path)))
    flows = [outcomes.launch(pay()), outcomes.launch(checkout())]
    outcomes.told.clear()
    ready = Barrier(8)

    def work(number):
        ready.wait()
        for _ in range(3):
            outcomes.hear(ACCEPTED)
            outcomes.report(flows[number % 2])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    for flow in flows:
        told = [known for known in outcomes.told if known.id == flow.id]
        # Two threads that tell may overtake each other: the newest one is not always the last.
        newest = outcomes.states.outcome(flow.id)
        assert newest in told
        assert (newest.status, newest.sdk_status) == ("confirmed", "SUCCESS")
        seen = [(known.status, known.sdk_status) for known in told]
        assert len(seen) == len(set(seen))


class StoreWithNews(MemoryStore):
    """Lets an event come between two changes of one launch, as a store of the host may."""

    def __init__(self):
        super().__init__()
        self.on_update = lambda key: None

    def update(self, key, updater, ttl):
        self.on_update(key)
        return super().update(key, updater, ttl)


@pytest.mark.parametrize("is_again", [False, True])
def test_an_event_that_comes_within_a_launch_is_told_last_and_once(is_again):
    store = StoreWithNews()
    outcomes = Outcomes(store)
    flow = outcomes.launch(pay()) if is_again else pay()

    def hear_once(key):
        if key.endswith(f"flow:{flow.id}"):
            store.on_update = lambda key: None
            outcomes.hear(ACCEPTED)

    store.on_update = hear_once
    outcomes.launch(flow)
    statuses = [outcome.status for outcome in outcomes.told]
    assert statuses == ["launched", "confirmed"]
    assert outcomes.status(flow) == "confirmed"
