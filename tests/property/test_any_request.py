"""Whatever a request holds, its answer is one that the route documents."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote_from_bytes
from uuid import uuid4

import pytest
from flask import Response
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from lean_flask import webhook_received
from lean_flask.testing import faults
from support.generated import anything, awkward, spoilt, text

CALLBACK = {"status": "CANCELLED", "message": "m", "bank": {"bank_identifier": "RJHI_SAU"}}
AVAILABILITY = {"active": {"data": True, "payments": False}}
EVENT = {
    "type": "bank.availability.updated",
    "payload": {"identifier": "RJHI_SAU", "availability": AVAILABILITY},
    "message": "m",
    "timestamp": "2026-05-12T13:45:53.371419668Z",
    "event_id": "e",
}
FILTERS = ["account_type", "country", "purpose", "q", "lang", "amount", "currency", "flow"]
HEADERS = [
    "Accept-Encoding", "Accept-Language", "Authorization", "Cookie", "Host", "If-None-Match",
    "Lean-Signature", "Origin", "Referer", "Sec-Fetch-Site", "X-Forwarded-Host",
]  # fmt: skip


def as_json(value):
    return json.dumps(value).encode()


def escaped(value):
    return quote_from_bytes(str(value)[:200].encode("utf-8", "surrogatepass"))


BODIES = {
    "launch": {"bank_identifier": "RJHI_SAU", "account_type": "PERSONAL"},
    "callback": {"data": CALLBACK},
    "events": {"event": "bank_unavailable", "bank_identifier": "RJHI_SAU", "reason": "limit"},
    "return": {"landed_with": {"consent_id": "c"}},
}


@pytest.mark.parametrize("route", sorted(BODIES))
def test_bodies_of_the_pages_own_requests(make_app, route):
    app = make_app(client_secret=None)
    client = app.test_client()
    flow = client.get("/link").location.partition("flow=")[2]
    valid = {"flow": flow} | BODIES[route]

    @given((spoilt(valid) | anything).map(as_json) | st.binary())
    @example(b"[" * 60_000)
    @example(b'{"flow":' * 7_000)
    @example(as_json({"flow": "\ud800"}))
    @example(as_json({"\ud800": 1}))
    @example(as_json(valid))
    def check(body):
        response = client.post(f"/lean/{route}", data=body, content_type="application/json")
        assert response.status_code in {200, 204, 400, 403, 409}
        assert response.headers["Cache-Control"] == "no-store"
        assert response.status_code < 400 or response.mimetype == "application/problem+json"

    check()


def test_every_signed_event_reaches_the_host(app, client, fake_lean):
    heard, ids, now = [], set(), datetime.now(UTC)

    def listen(sender, event):
        heard.append(event)

    @given(spoilt(EVENT) | anything)
    @example(EVENT | {"event_id": "\ud800"})
    @example(EVENT | {"type": "\ud800", "message": {"a": 10**400}})
    @example(EVENT | {"timestamp": 1, "event_id": 7, "payload": [10**400]})
    @example(EVENT)
    def check(event):
        if isinstance(event, dict):  # each is a new one
            event = {"new": len(heard)} | event
            if event.get("event_id") == EVENT["event_id"]:
                event["event_id"] = str(uuid4())
            if event.get("timestamp") == EVENT["timestamp"]:
                event["timestamp"] = now.isoformat()
            assume(repr(event.get("event_id")) not in ids)  # a repeat is handled once
            if "event_id" in event:
                ids.add(repr(event["event_id"]))
        else:
            event = [event, len(heard)]
        body, signed = fake_lean.signed(as_json(event))
        before = len(heard)
        response = client.post("/lean/webhooks", data=body, headers=signed)
        assert (response.status_code, len(heard)) == (200, before + 1)

    client.get("/lean/banks")
    with webhook_received.connected_to(listen, app):
        check()
    assert client.get("/lean/banks").status_code == 200


def test_signed_bytes(client, fake_lean):
    @given(st.binary())
    @example(b"[" * 100_000)
    def check(body):
        body, signed = fake_lean.signed(body)
        response = client.post("/lean/webhooks", data=body, headers=signed)
        assert response.status_code in {200, 400}

    check()


def test_unsigned_webhooks(client):
    @given(st.binary(), st.binary())
    @example(b"{}", b"sha512=\xff")
    @example(b"{}", b"sha512")
    def check(body, signature):
        header = signature.decode("latin-1")
        response = client.post(
            "/lean/webhooks", data=body, environ_overrides={"HTTP_LEAN_SIGNATURE": header}
        )
        assert response.status_code == 401

    check()


def test_filters_of_the_bank_list(client):
    @given(st.dictionaries(st.sampled_from(FILTERS), awkward, max_size=3))
    @example({"q": "\ud800"})
    @example({"amount": "1e999999999", "currency": "SAR"})
    @example({"amount": "sNaN", "currency": "SAR"})
    @example({"purpose": "data", "lang": "ar", "q": "راجحي", "amount": 5, "currency": "SAR"})
    def check(filters):
        query = "&".join(f"{name}={escaped(value)}" for name, value in filters.items())
        response = client.get("/lean/banks", query_string=query)
        assert response.status_code in {200, 400}
        assert (
            response.status_code == 200
            or response.json["parameter"] in filters
            or "amount" in query
        )

    check()


@given(text)
@example("..%2f")
def test_names_of_banks(client, name):
    assert client.get(f"/lean/banks/{escaped(name)}").status_code in {200, 308, 404}


ROUTES = [
    "banks",
    "health",
    "openapi.json",
    "picker",
    "picker.css",
    "ending.css",
    "return/success",
    "return.js",
    "screens",
]


@pytest.mark.parametrize("route", ROUTES)
def test_headers(client, route):
    @given(st.dictionaries(st.sampled_from(HEADERS), st.binary(), min_size=1, max_size=3))
    def check(headers):
        environ = {
            f"HTTP_{name.upper().replace('-', '_')}": value.decode("latin-1")
            for name, value in headers.items()
        }
        response = client.get(f"/lean/{route}", environ_overrides=environ)
        assert response.status_code in {200, 304, 400, 403}

    client.get("/lean/banks")
    check()


@given(st.dictionaries(st.sampled_from(HEADERS), st.binary(), min_size=1, max_size=3))
@example({"Origin": b"http://["})
@example({"Origin": b"http://\xff"})
def test_headers_of_posts(client, headers):
    environ = {
        f"HTTP_{name.upper().replace('-', '_')}": value.decode("latin-1")
        for name, value in headers.items()
    }
    response = client.post("/lean/launch", json={"flow": "x"}, environ_overrides=environ)
    assert response.status_code in {400, 403}


@given(anything.map(as_json) | st.binary() | spoilt({"theme_color": "#fff"}).map(as_json))
@example(as_json({"button_border_radius": 10**400}))
@example(b"[" * 3_000)
def test_themes_in_the_stylesheets_url(client, theme):
    token = base64.urlsafe_b64encode(theme).decode()
    assert client.get(f"/lean/picker.css?theme={token}").status_code in {200, 404}


@given(text, text, text)
def test_the_pages_query(client, flow, q, lang):
    query = f"flow={escaped(flow)}&q={escaped(q)}&lang={escaped(lang)}"
    assert client.get(f"/lean/picker?{query}").status_code == 403
    assert client.get(f"/lean/return/fail?{query}").status_code == 200


@dataclass
class Says(faults.Fault):
    body: bytes

    def apply(self, response, over):
        return Response(self.body, mimetype="application/json")


def test_what_lean_answers(make_app, fake_lean):
    """Bodies of the Banks API: at worst there is no list."""
    sound = fake_lean.banks[:2]

    @settings(max_examples=settings.default.max_examples // 10)  # each is a server's start
    @given((spoilt(sound) | anything).map(as_json) | st.binary())
    @example(as_json([sound[0] | {"name": "A \ud800"}]))
    @example(as_json([sound[0] | {"transfer_limits": [{"currency": "SAR", "min": "1e99999999"}]}]))
    def check(body):
        fake_lean.fault("banks", Says(body))
        client = make_app().test_client()
        response = client.get("/lean/banks")
        assert response.status_code in {200, 503}
        assert isinstance(response.json, list | dict)

    check()
