"""The subject of an event: what its order is kept for."""

from __future__ import annotations

import pytest

from lean_flask.events.subject import subject_of
from lean_flask.upstream.webhook import WebhookEvent

ID = "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01"


def subject(type, payload, event_id="1"):
    return subject_of(WebhookEvent(type, payload, "", "", 0, event_id))


@pytest.mark.parametrize(
    "events",
    [
        [
            ("entity.created", {"id": ID, "customer_id": "c"}),
            ("entity.updated", {"id": ID.upper()}),
            ("entity.reconnected", {"id": ID, "reconnect_id": "r"}),
            ("entity.data.refresh.updated", {"entity_id": ID, "refresh_id": "f"}),
        ],
        [
            ("payment_intent.created", {"intent_id": ID}),
            ("payment.created", {"id": "1", "intent_id": ID}),
            ("payment.updated", {"id": "2", "payment_intent_id": ID}),
            ("bulk_payment_intent.updated", {"id": ID}),
        ],
        [
            ("payment_source.created", {"id": ID}),
            ("payment_source.beneficiary.updated", {"payment_source_id": ID, "id": "b"}),
        ],
        [
            ("bank.availability.updated", {"identifier": "RJHI_SAU"}),
            ("banks.availability.updated", {"identifier": "RJHI_SAU"}),
        ],
        [("consent.status.updated", {"id": ID}), ("consent.authorised", {"consent_id": ID})],
    ],
    ids=lambda events: events[0][0],
)
def test_events_about_one_thing_have_one_subject(events):
    assert len({subject(type, payload) for type, payload in events}) == 1


def test_things_of_two_kinds_with_one_id_are_two_subjects():
    types = ["entity.created", "payment.created", "consent.status.updated", "payment_source.new"]
    assert len({subject(type, {"id": ID}) for type in types}) == len(types)


@pytest.mark.parametrize("payload", [{}, [], "text", 7, {"id": None}, {"id": 7}, {"id": " "}])
@pytest.mark.parametrize("type", ["entity.created", "results.ready", "", "entity"])
def test_an_event_that_names_nothing_has_no_order(type, payload):
    assert subject(type, payload, "1") != subject(type, payload, "2")


def test_a_subject_shows_no_id():
    assert ID not in subject("entity.created", {"id": ID})
