"""connection_broken: from which events it comes, with what, and how often."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from lean_flask import Entity, connection_broken

ENTITY = "204fbd9e-5869-48f0-bb61-f6b572bdf340"
CUSTOMER = "0c339c21-6a88-41dc-a047-a5d1725b3ef7"
PAST, FUTURE = "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"


def consent(status="ACTIVE", ends=FUTURE):
    return {"id": "7745b2f8", "consent_status": status, "expiration_date_time": ends}


def updated(*consents, **more):
    return {
        "id": ENTITY,
        "customer_id": CUSTOMER,
        "app_user_id": "user-1",
        "permissions": ["identity", "accounts"],
        "bank_details": {"identifier": "RJHI_SAU", "name": "Al Rajhi Bank"},
        "consents": list(consents),
    } | more


def refreshed(data_status, **more):
    entity = {"entity_id": ENTITY, "customer_id": CUSTOMER, "refresh_id": "r-1"}
    return entity | {"status": "FINISHED", "data_status": data_status} | more


@contextmanager
def hearing(app, receiver=lambda entity, cure: None):
    told = []

    def note(sender, **values):
        told.append(values)
        receiver(**values)

    with connection_broken.connected_to(note, app):
        yield told


@pytest.fixture
def post(client, fake_lean):
    def send(type, payload, **change):
        body, headers = fake_lean.signed(fake_lean.webhook_event(type, payload) | change)
        return client.post("/lean/webhooks", data=body, headers=headers).status_code

    return send


@pytest.mark.parametrize(
    "consents",
    [
        [consent("REVOKED")],
        [consent("EXPIRED"), consent("REJECTED")],
        [consent(ends=PAST)],
        [consent("SUSPENDED"), consent("CONSUMED"), consent(ends=PAST)],
    ],
)
def test_an_entity_without_a_live_consent_is_to_be_connected_again(app, post, consents):
    with hearing(app) as told:
        assert post("entity.updated", updated(*consents)) == 200
    [values] = told
    entity = values["entity"]
    assert values == {"entity": entity, "cure": "connect"}
    assert isinstance(entity, Entity)
    assert (entity.id, entity.customer_id, entity.bank_identifier) == (ENTITY, CUSTOMER, "RJHI_SAU")
    assert entity.permissions == ("identity", "accounts")
    assert len(entity.consents) == len(consents)


@pytest.mark.parametrize(
    "payload",
    [
        updated(consent()),
        updated(consent("REVOKED"), consent()),
        updated(consent("REVOKED"), consent("AWAITING_AUTHORISATION")),
        updated(),
        updated(consents=None),
        updated(consents="REVOKED"),
        updated(consent("REVOKED"), id=None),
        updated(consent("REVOKED"), id="7"),
        [],
        {},
    ],
)
def test_a_renewal_and_what_cannot_be_read_are_not_told(app, post, payload):
    with hearing(app) as told:
        assert post("entity.updated", payload) == 200
        assert post("entity.created", updated(consent("REVOKED"))) == 200
    assert told == []


def test_consents_count_as_they_were_at_the_time_of_the_event(app, post):
    now = datetime.now(UTC)
    ended_since = updated(consent(ends=(now - timedelta(minutes=5)).isoformat()))
    with hearing(app) as told:
        before = (now - timedelta(minutes=9)).isoformat()
        assert post("entity.updated", ended_since, timestamp=before) == 200
        assert told == []
        assert post("entity.updated", ended_since, timestamp="unreadable") == 200
    assert len(told) == 1


@pytest.mark.parametrize(
    ("data_status", "cures"),
    [
        ("RECONNECT_REQUIRED", ["reconnect"]),
        ({"accounts": "CONSENT_EXPIRED"}, ["connect"]),
        ({"accounts": "OK"}, []),
    ],
)
def test_the_refresh_of_its_data_tells_of_an_entity(app, post, data_status, cures):
    with hearing(app) as told:
        assert post("entity.data.refresh.updated", refreshed(data_status)) == 200
    assert [values["cure"] for values in told] == cures
    for values in told:
        assert values["entity"] == Entity(ENTITY, CUSTOMER, "")


@pytest.mark.parametrize("bank", [{"bank_identifier": "SNB_SAU"}, {"bank_details": None}])
def test_the_bank_and_the_customer_may_be_elsewhere_or_missing(app, post, bank):
    payload = updated(consent("REVOKED"), bank_details=None, customer_id=None, permissions=7) | bank
    with hearing(app) as told:
        post("entity.updated", payload)
    entity = told[0]["entity"]
    assert entity.bank_identifier == bank.get("bank_identifier", "") or ""
    assert (entity.customer_id, entity.permissions) == ("", ())


def test_a_repeat_of_the_event_is_not_told_again(app, post):
    with hearing(app) as told:
        for _ in range(3):
            assert post("entity.updated", updated(consent("REVOKED")), event_id="e-1") == 200
    assert len(told) == 1


def test_a_receiver_that_raises_holds_up_nothing(app, post, caplog):
    def fail(**values):
        raise RuntimeError("the host's own fault")

    with hearing(app, fail) as told:
        assert post("entity.updated", updated(consent("REVOKED")), event_id="e-1") == 200
        assert post("entity.updated", updated(consent("REVOKED")), event_id="e-1") == 200
    assert len(told) == 1
    assert "A receiver of the signal lean-connection-broken raised an error" in caplog.text


def test_another_receiver_that_fails_does_not_bring_the_signal_again(app, post):
    lean = app.blueprints["lean"]

    @lean.on("entity.updated")
    def fails(event):
        raise RuntimeError

    with hearing(app) as told:
        for _ in range(2):
            assert post("entity.updated", updated(consent("REVOKED")), event_id="e-1") == 500
    assert len(told) == 1


@pytest.mark.parametrize(
    ("end", "cure"),
    [
        (lambda fake, entity: fake.expire_entity(entity), "connect"),
        (lambda fake, entity: fake.revoke_entity(entity), "connect"),
        (lambda fake, entity: fake.advance(366 * 86_400), "connect"),
        (lambda fake, entity: fake.break_entity(entity), "reconnect"),
    ],
)
def test_the_host_hears_of_what_ends_at_lean_and_of_no_renewal(app, client, fake_lean, end, cure):
    def link():
        return fake_lean.add_entity(CUSTOMER, "RJHI_SAU", ["accounts"])[0]["id"]

    linked = link()
    with hearing(app) as told:
        end(fake_lean, linked)
        deliver(client, fake_lean)
        assert [(values["entity"].id, values["cure"]) for values in told] == [(linked, cure)]
        assert link() == linked  # renewed
        deliver(client, fake_lean)
        assert len(told) == 1


def deliver(client, fake_lean):
    while fake_lean.events:
        body, headers = fake_lean.signed(fake_lean.events.popleft())
        assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200
