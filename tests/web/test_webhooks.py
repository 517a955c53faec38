"""POST /webhooks: nothing unsigned gets in, everything signed has its effect once."""

import json
from datetime import UTC, datetime

import pytest

from lean_flask import availability_changed, webhook_received
from lean_flask.upstream.webhook import nanoseconds
from support.redis_server import until

DOWN = {"data": False, "payments": False}
UP = {"data": True, "payments": True}


@pytest.fixture
def deliver(client, fake_lean):
    def post(event, **headers):
        body, signed = fake_lean.signed(event)
        return client.post("/lean/webhooks", data=body, headers=signed | headers)

    return post


@pytest.fixture
def events(app):
    heard = []

    def listen(sender, event):
        heard.append(event)

    with webhook_received.connected_to(listen, app):
        yield heard


def available(client, identifier="RJHI_SAU"):
    return client.get(f"/lean/banks/{identifier}").json["available"]["data"]


def test_an_availability_event_changes_the_bank_at_once(client, deliver, fake_lean):
    assert available(client)
    assert deliver(fake_lean.set_availability("RJHI_SAU", active=DOWN)).status_code == 200
    assert not available(client)
    assert fake_lean.count("banks") == 1


def test_the_other_spelling_works_too(client, deliver, fake_lean):
    assert available(client)
    event = fake_lean.set_availability("RJHI_SAU", active=DOWN)
    deliver(event | {"type": "banks.availability.updated"})
    assert not available(client)


def test_only_the_availability_changes(client, deliver, fake_lean):
    before = client.get("/lean/banks/RJHI_SAU").json
    deliver(fake_lean.set_availability("RJHI_SAU", active=DOWN))
    after = client.get("/lean/banks/RJHI_SAU").json
    changed = {field for field in before if before[field] != after[field]}
    assert changed == {"availability", "available"}


def test_an_older_event_that_comes_later_changes_nothing(client, deliver, fake_lean):
    available(client)
    older = fake_lean.set_availability("RJHI_SAU", active=UP)
    newer = fake_lean.set_availability("RJHI_SAU", active=DOWN)
    deliver(newer)
    deliver(older)
    assert not available(client)


def test_the_ninth_digit_of_a_timestamp_decides(client, deliver, fake_lean):
    available(client)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    times = (f"{now}.371419668Z", f"{now}.371419667Z")
    down = fake_lean.set_availability("RJHI_SAU", active=DOWN) | {"timestamp": times[0]}
    up = fake_lean.set_availability("RJHI_SAU", active=UP) | {"timestamp": times[1]}
    deliver(down)
    deliver(up)
    assert not available(client)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:01Z", 1_000_000_000),
        ("1970-01-01T00:00:00.1234567Z", 123_456_700),
        ("1970-01-01*00:00:00.000000001Z", 1),
        ("1970-01-01T03:00:00+03:00", 0),
        ("1969-12-31T23:00:00-01:00", 0),
        ("1970-01-01t00:00:01,5z", 1_500_000_000),
        ("yesterday", 0),
        ("2026-13-45T99:99:99Z", 0),
    ],
)
def test_timestamps_are_read_to_the_nanosecond(text, expected):
    assert nanoseconds(text) == expected


def test_an_unknown_bank_makes_a_new_list(client, deliver, fake_lean, app):
    client.get("/lean/banks")
    fake_lean.banks.append(fake_lean.bank("RJHI_SAU") | {"identifier": "BRANDNEW_SAU"})
    deliver(fake_lean.set_availability("BRANDNEW_SAU", active=UP))
    until(lambda: client.get("/lean/banks/BRANDNEW_SAU").status_code == 200)


def test_news_of_a_new_bank_makes_a_new_list(client, deliver, fake_lean):
    client.get("/lean/banks")
    fake_lean.banks.append(fake_lean.bank("RJHI_SAU") | {"identifier": "BRANDNEW_SAU"})
    deliver(fake_lean.webhook_event("bank.availability.new", {"identifier": "BRANDNEW_SAU"}))
    until(lambda: client.get("/lean/banks/BRANDNEW_SAU").status_code == 200)


def test_a_change_is_signalled(client, app, deliver, fake_lean):
    client.get("/lean/banks")
    heard = []

    def listen(sender, identifier, availability):
        heard.append((identifier, availability.active.data))

    with availability_changed.connected_to(listen, app):
        deliver(fake_lean.set_availability("RJHI_SAU", active=DOWN))
    assert heard == [("RJHI_SAU", False)]


def test_every_verified_event_is_a_signal_whatever_its_type(deliver, events, fake_lean):
    for type in ("entity.created", "payment.updated", "something.never.heard.of"):
        assert deliver(fake_lean.webhook_event(type, {"id": "1"})).status_code == 200
    assert [event.type for event in events] == [
        "entity.created",
        "payment.updated",
        "something.never.heard.of",
    ]


def test_a_repeated_event_has_no_second_effect(client, deliver, events, fake_lean):
    available(client)
    down = fake_lean.set_availability("RJHI_SAU", active=DOWN)
    up = fake_lean.set_availability("RJHI_SAU", active=UP)
    for event in (down, up, down):
        assert deliver(event).status_code == 200
    assert available(client)
    assert len(events) == 2


def test_a_handler_that_fails_makes_lean_try_again(app, deliver, fake_lean):
    calls = []

    def fail_once(sender, event):
        calls.append(event)
        if len(calls) == 1:
            raise RuntimeError("the host's database is down")

    event = fake_lean.webhook_event("entity.created", {"id": "1"})
    with webhook_received.connected_to(fail_once, app):
        assert deliver(event).status_code == 500
        assert deliver(event).status_code == 200
        assert deliver(event).status_code == 200
    assert len(calls) == 2


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha512=",
        "sha512=00",
        "sha256={hex}",
        "{hex}",
        "sha512={hex}0",
        "sha512=é",
        "SHA512 {hex}",
    ],
)
def test_a_bad_signature_is_a_401(client, events, fake_lean, signature):
    body, headers = fake_lean.signed(fake_lean.webhook_event("entity.created", {}))
    digest = headers.pop("lean-signature").partition("=")[2]
    if signature is not None:
        headers["lean-signature"] = signature.format(hex=digest)
    assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 401
    assert events == []


def test_one_changed_byte_is_a_401(client, events, fake_lean):
    body, headers = fake_lean.signed(fake_lean.webhook_event("entity.created", {}))
    assert client.post("/lean/webhooks", data=body + b" ", headers=headers).status_code == 401


def test_the_digest_may_be_upper_case(client, fake_lean):
    body, headers = fake_lean.signed(fake_lean.webhook_event("entity.created", {}))
    headers["lean-signature"] = "sha512=" + headers["lean-signature"].partition("=")[2].upper()
    assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200


def test_two_secrets_work_while_one_replaces_the_other(make_app, fake_lean):
    client = make_app(webhook_secret=["the new one", fake_lean.webhook_secret]).test_client()
    body, headers = fake_lean.signed(fake_lean.webhook_event("entity.created", {}))
    assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200


def test_without_a_secret_there_is_no_route(make_app, fake_lean):
    client = make_app(webhook_secret=None).test_client()
    body, headers = fake_lean.signed(fake_lean.webhook_event("entity.created", {}))
    assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 404


def test_a_large_body_is_refused_before_it_is_read(client, fake_lean):
    body, headers = fake_lean.signed(b" " * 1_100_000)
    assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 413


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 9999, b"[" * 99999 + b"]" * 99999])
def test_a_signed_body_that_cannot_be_decoded_is_a_400(client, events, fake_lean, body, caplog):
    raw, headers = fake_lean.signed(body)
    assert client.post("/lean/webhooks", data=raw, headers=headers).status_code == 400
    assert (events, len(caplog.messages)) == ([], 1)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"identifier": "RJHI_SAU"},
        {"identifier": "../x", "availability": {}},
        {"identifier": "RJHI_SAU", "availability": 7},
    ],
    ids=json.dumps,
)
def test_an_availability_event_without_sense_costs_nothing(client, deliver, fake_lean, payload):
    client.get("/lean/banks")
    event = fake_lean.webhook_event("bank.availability.updated", payload)
    assert deliver(event).status_code == 200
    assert available(client)


def test_an_event_sets_no_cookie(deliver, fake_lean):
    response = deliver(fake_lean.webhook_event("entity.created", {}))
    assert "Set-Cookie" not in response.headers
