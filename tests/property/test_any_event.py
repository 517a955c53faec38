"""Whatever Lean puts into an event, receivers get one."""

from __future__ import annotations

import json
import pickle
from dataclasses import fields
from decimal import Decimal

import pytest
from hypothesis import example, given

from lean_flask.events.event import event_of
from lean_flask.events.payloads import PAYLOADS
from lean_flask.events.samples import sample_event
from lean_flask.upstream.webhook import parse_event
from support.generated import anything, spoilt


@pytest.mark.parametrize("type", PAYLOADS)
def test_every_payload_gives_an_event(type):
    @example({"amount": {"amount": True, "currency": []}})
    @example({"permissions": [{"a": [1]}, "x"], "bank_details": {"name": {"a": 1}, "b": 2}})
    @given(spoilt(sample_event(type)["payload"]) | anything)
    def check(payload):
        body = json.dumps({"type": type, "payload": payload, "event_id": "e"}).encode()
        event = event_of(parse_event(body))
        assert event.event_id == "e"
        assert type in repr(event)
        assert isinstance(event.payload, PAYLOADS[type])
        for each in fields(event.payload):
            value = getattr(event.payload, each.name)
            assert not isinstance(value, dict | list), each.name
            assert not isinstance(value, Decimal) or value.is_finite()
        if isinstance(payload, dict):
            raw = {**event.payload.raw}
            assert json.dumps(raw, default=str) == json.dumps(
                parse_event(body).payload, default=str
            )
        assert pickle.loads(pickle.dumps(event)).event_id == "e"
        hash(event)

    check()


@given(anything)
def test_an_event_of_a_new_type_keeps_all_that_lean_wrote(payload):
    body = json.dumps({"type": "a.type.of.tomorrow", "payload": payload}).encode()
    event = event_of(parse_event(body))
    assert type(event.payload).__name__ == "UnknownPayload"
    if isinstance(payload, dict):
        assert event.payload.raw.keys() == payload.keys()
