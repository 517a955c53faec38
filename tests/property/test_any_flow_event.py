"""Whatever an event of a known type holds: no error, which would hold up its subject for a day."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_flask.flows.joining import EVENT_JOINS
from support.flow_outcomes import CUSTOMER, INTENT, Outcomes, connect, event, pay
from support.generated import anything

KEYS = ["id", "intent_id", "customer_id", "status", "amount", "currency", "bank_details"]
KEYS += ["bank_identifier", "bank_transaction_reference", "consents", "reconnect_id"]
KNOWN = st.sampled_from([CUSTOMER, INTENT, "ACCEPTED_BY_BANK", "FAILED", "RJHI_SAU", "SAR"])
PAYLOADS = st.dictionaries(st.sampled_from(KEYS), KNOWN | anything) | anything


@pytest.mark.parametrize("type", EVENT_JOINS)
def test_no_event_costs_an_error(type):
    @given(st.lists(PAYLOADS, max_size=3))
    def check(payloads):
        outcomes = Outcomes()
        flows = [outcomes.launch(pay()), outcomes.launch(connect())]
        for number, payload in enumerate(payloads):
            outcomes.hear(replace(event(type, 60 + number), payload=payload))
        for flow in flows:
            assert outcomes.status(flow) in {"launched", "confirmed", "failed"}

    check()
