"""Whatever Lean answers or sends: no error, and a cure that there is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lean_flask import broken_connection, connection_broken
from lean_flask.events.broken_connections import tell_broken_connection
from lean_flask.upstream.webhook import WebhookEvent
from support.generated import anything

ID = "20afcfd3-7ee3-44b8-9d6e-bf74b259fb90"
KNOWN = st.sampled_from(["RECONNECT_REQUIRED", "CONSENT_EXPIRED", "REVOKED", "OK", ID])
KEYS = ["status", "data_status", "payload", "reconnect_id", "results_id"]
EVENT_KEYS = ["id", "entity_id", "customer_id", "consents", "bank_details", "bank_identifier"]
EVENT_KEYS += ["permissions", "status", "data_status", "created_at"]
CONSENT = st.dictionaries(
    st.sampled_from(["id", "consent_status", "expiration_date_time", "permissions"]),
    KNOWN | anything,
)
EVENT = WebhookEvent("", {}, "", "", 0, "1")
YEARS = st.sampled_from([0, -(10**20), 10**20]) | st.integers(-(10**12), 10**12)


@given(st.dictionaries(st.sampled_from(KEYS), KNOWN | anything) | anything)
def test_no_answer_costs_an_error(answer):
    broken = broken_connection(answer)
    if broken:
        assert broken.cure in {"reconnect", "connect"}
        assert broken.reconnect_id in {None, ID}


@given(
    st.sampled_from(["entity.updated", "entity.data.refresh.updated"]),
    st.dictionaries(st.sampled_from(EVENT_KEYS), KNOWN | st.lists(CONSENT, max_size=3) | anything)
    | anything,
    YEARS,
)
def test_no_event_costs_an_error(app, type, payload, at):
    told = []

    def note(sender, entity, cure):
        told.append((entity.id, cure))

    with app.app_context(), connection_broken.connected_to(note, app):
        tell_broken_connection(replace(EVENT, type=type, payload=payload, nanoseconds=at * 10**9))
    assert told in ([], [(ID, "connect")], [(ID, "reconnect")])
