"""``client.request``: any call of Lean's API, to Lean alone, and nothing of it in messages."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from lean_flask import FlowError, UpstreamError, UpstreamInvalid, UpstreamRejected, UpstreamTimeout
from lean_flask.config.settings import load_settings
from lean_flask.testing import faults
from lean_flask.upstream.api_path import parse_path
from lean_flask.upstream.client import LeanClient
from support.scripted_upstream import Answer

ID = "204fbd9e-5869-48f0-bb61-f6b572bdf340"
ACCOUNTS = f"/customers/v1/{ID}/entities/{ID}/accounts"


def test_an_answer_comes_as_json_with_exact_numbers(lean_client, upstream):
    upstream.will_answer(Answer(body=b'{"balance": 10.30, "accounts": [{"id": 7}]}'))
    answer = lean_client.request("GET", ACCOUNTS, params={"page": 0})
    assert answer == {"balance": Decimal("10.30"), "accounts": [{"id": 7}]}
    (asked,) = upstream.asked
    assert (asked.method, asked.path, asked.query) == ("GET", ACCOUNTS, {"page": ["0"]})
    assert asked.headers["lean-app-token"] == "t-1"
    assert asked.body == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_body_is_sent_with_exact_amounts_and_a_key(lean_client, upstream, method):
    body = {"amount": Decimal("10.30"), "whole": Decimal("5.00"), "ids": [UUID(ID)], "none": None}
    lean_client.request(method, "/payments/v1/account-on-file", json=body, idempotency_key="key-1")
    (asked,) = upstream.asked
    assert asked.body.replace(b" ", b"") == (
        f'{{"amount":10.3,"whole":5,"ids":["{ID}"],"none":null}}'.encode()
    )
    assert asked.headers["idempotency-key"] == "key-1"
    assert asked.headers["content-type"] == "application/json"


def test_a_query_takes_what_hosts_have(lean_client, upstream):
    params = {
        "id": UUID(ID),
        "from": date(2026, 1, 31),
        "to": datetime(2026, 2, 1, tzinfo=UTC),
        "status": ["A", "B"],
        "some": True,
        "amount": Decimal("1E+2"),
        "left_out": None,
        "nothing": [],
    }
    lean_client.request("GET", "/data/v2/x", params=params)
    assert upstream.asked[0].query == {
        "id": [ID],
        "from": ["2026-01-31"],
        "to": ["2026-02-01T00:00:00+00:00"],
        "status": ["A", "B"],
        "some": ["true"],
        "amount": ["100"],
    }


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("GET", Answer(body=b"")),
        ("DELETE", Answer(status=204, body=b"")),
        ("POST", Answer(body=b"", headers={"Content-Type": "text/plain"})),
        ("POST", Answer(body=b"", headers={"Content-Encoding": "gzip"})),
        ("HEAD", Answer({"a": 1}, headers={"Content-Encoding": "gzip"})),
    ],
)
def test_an_answer_without_a_body_is_none(lean_client, upstream, method, answer):
    upstream.will_answer(answer)
    assert lean_client.request(method, "/customers/v1/") is None


# --- what cannot be sent ------------------------------------------------------------------------

PATHS = {
    "https://evil.example/": "does not begin with '/'",
    "//evil.example/customers": "has an empty segment",
    "customers/v1": "does not begin with '/'",
    "": "does not begin with '/'",
    "/customers/v1//accounts": "is an id missing?",
    "/customers/v1/../../oauth2": "'.' or '..'",
    "/customers/./v1": "'.' or '..'",
    "/customers/%2e%2E/x": "'.' or '..'",
    "/customers/%252e%252e/x": "'.' or '..'",
    "/customers/%2e%2e%2fx": "'.' or '..'",
    "/customers?x=1": "a query goes into params",
    "/customers#x": "a query goes into params",
    "/\\evil.example": "backslash",
    "/a%5cb": "backslash",
    "/a\r\nHost: evil": "cannot hold",
    "/a%0d%0ab": "cannot hold",
    "/a b": "cannot hold",
    "/a\x00": "cannot hold",
    "/\ud800": "cannot hold",
    "/" + "a" * 3000: "more than 2000",
    "/%2525252525252525252541": "again and again",
}


@pytest.mark.parametrize("path", PATHS, ids=ascii)
def test_a_path_that_could_lead_elsewhere_is_refused(lean_client, upstream, path):
    with pytest.raises(FlowError) as caught:
        lean_client.request("GET", path)
    assert PATHS[path] in caught.value.fields["path"]
    assert path not in str(caught.value).removesuffix("'/customers/v1/'") or path == ""
    assert upstream.asked == []


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"method": "get"}, "method"),
        ({"method": "TRACE"}, "method"),
        ({"method": "GET /\r\nX: y"}, "method"),
        ({"path": None}, "path"),
        ({"params": "a=b"}, "params"),
        ({"params": {"a": b"x"}}, "params"),
        ({"params": {"a": "\ud800"}}, "params"),
        ({"params": {1: "a"}}, "params"),
        ({"params": {"a": datetime(2026, 1, 1)}}, "params"),  # noqa: DTZ001
        ({"json": {"a": float("nan")}}, "json"),
        ({"json": {"a": Decimal("NaN")}}, "json"),
        ({"json": {"a": Decimal("1e400")}}, "json"),
        ({"json": {"a": Decimal("0.12345678901234567890")}}, "json"),
        ({"json": {"a": Decimal(2**60 + 1)}}, "json"),
        ({"json": {"a": b"x"}}, "json"),
        ({"json": {1: "a"}}, "json"),
        ({"json": {"a": "\ud800"}}, "json"),
        ({"json": {"a": datetime(2026, 1, 1)}}, "json"),  # noqa: DTZ001
        (
            {"json": [[[]]] and __import__("functools").reduce(lambda a, _: [a], range(99), [])},
            "json",
        ),
        ({"method": "GET", "json": {}}, "json"),
        ({"idempotency_key": ""}, "idempotency_key"),
        ({"idempotency_key": "a\r\nX-Evil: 1"}, "idempotency_key"),
        ({"idempotency_key": "é"}, "idempotency_key"),
        ({"idempotency_key": "x" * 256}, "idempotency_key"),
        ({"idempotency_key": 7}, "idempotency_key"),
    ],
    ids=ascii,
)
def test_what_cannot_be_sent_is_named_and_never_sent(lean_client, upstream, arguments, field):
    with pytest.raises(FlowError) as caught:
        lean_client.request(**({"method": "POST", "path": "/customers/v1/"} | arguments))
    assert set(caught.value.fields) == {field}
    assert str(caught.value).startswith(f"request: {field} ")
    assert upstream.asked == []


# --- failures -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "options", "calls"),
    [
        ("GET", {}, 3),
        ("POST", {}, 1),
        ("DELETE", {}, 1),
        ("POST", {"idempotency_key": "key-1"}, 3),
    ],
)
def test_only_what_can_be_repeated_is_retried(lean_client, upstream, method, options, calls):
    upstream.will_answer(Answer({}, status=503))
    with pytest.raises(UpstreamRejected) as caught:
        lean_client.request(method, "/payments/v1/", **options)
    assert caught.value.status == 503
    assert len(upstream.asked) == calls
    assert len({asked.headers.get("idempotency-key") for asked in upstream.asked}) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 409, 429])
def test_a_refusal_has_leans_code_and_nothing_of_the_customer(
    lean_client, upstream, status, caplog
):
    caplog.set_level(logging.DEBUG)
    said = f"{ID} of noura@mail.example asked 1234.50 for Salary, key-123 and 784-1 at /users/zaid9"
    said += " ?email=noura%40mail.example"
    upstream.will_answer(
        Answer({"status": "CONSENT_NOT_FOUND", "message": said}, status, headers={"X": "y"})
    )
    with pytest.raises(UpstreamRejected) as caught:
        lean_client.request(
            "POST",
            f"/customers/v1/{ID}/users/zaid9",
            params={"email": "noura@mail.example"},
            json={"amount": Decimal("1234.50"), "for": ["Salary", {"id": "784-1", "kind": "NOT"}]},
            idempotency_key="key-123",
        )
    error = caught.value
    assert (error.status, error.code) == (status, "CONSENT_NOT_FOUND")
    assert error.call == (
        f"request, POST {upstream.url.removeprefix('http://')}"
        "/customers/v1/{id}/users/{id} (LEAN_API_URL)"
    )
    told = f"{error} {error.message} {caplog.text}"
    for private in (ID, "noura", "1234.5 ", "Salary", "784-1", "zaid9", "key-123"):
        assert private not in told


def test_a_token_that_lean_refuses_is_minted_again_once(upstream):
    settings = {
        "app_token": "t-1",
        "client_secret": "secret-1",
        "api_url": upstream.url,
        "auth_url": f"{upstream.url}/oauth2/token",
    }
    lean_client = LeanClient(load_settings({}, overrides=settings))
    minted = [{"access_token": f"token-{number}", "expires_in": 3599} for number in (1, 2)]
    upstream.will_answer(minted[0], Answer({}, 401), minted[1], {"done": True})
    assert lean_client.request("POST", "/customers/v1/", json={"a": 1}) == {"done": True}
    sent = [a.headers["authorization"] for a in upstream.asked if a.path == "/customers/v1/"]
    assert sent == ["Bearer token-1", "Bearer token-2"]
    upstream.will_answer(Answer({}, 401), minted[0], Answer({}, 401))
    with pytest.raises(UpstreamRejected) as caught:
        lean_client.request("GET", "/customers/v1/")
    assert caught.value.status == 401


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"<html>", headers={"Content-Type": "text/html"}),
        Answer(body=b'{"a": '),
        Answer(body=b"[" * 100_000),
    ],
    ids=["html", "cut", "deep"],
)
def test_an_answer_that_is_no_json_is_invalid(lean_client, upstream, answer):
    upstream.will_answer(answer)
    with pytest.raises(UpstreamInvalid):
        lean_client.request("GET", "/customers/v1/")


def test_it_has_the_time_of_every_call(fake_lean, make_client):
    fake_lean.fault("customers", faults.Hang())
    with pytest.raises(UpstreamTimeout, match=r"within 0.3 s"):
        make_client(timeout=0.3).request("GET", "/customers/v1/")


def test_one_kind_of_call_that_hangs_stops_no_other(upstream):
    settings = {"app_token": "t-1", "api_url": "http://127.0.0.1:1", "timeout": 0.5}
    lean_client = LeanClient(load_settings({}, overrides=settings))
    for number in range(4):
        with pytest.raises(UpstreamError) as caught:
            lean_client.request("POST", f"/customers/v1/{number}/accounts", json={})
    assert not caught.value.tried
    with pytest.raises(UpstreamError) as caught:
        lean_client.request("POST", "/customers/v1/", json={})
    assert caught.value.tried


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/banks/v1", "/banks/v1"),
        (ACCOUNTS, "/customers/v1/{id}/entities/{id}/accounts"),
        ("/customers/v1/app-user-id/alice", "/customers/v1/app-user-id/{id}"),
        ("/consents/v1/account-on-file", "/consents/v1/account-on-file"),
        ("/data/v2/results/7", "/data/v2/results/{id}"),
        ("/banks/v1/ENBD_UAE", "/banks/v1/{id}"),
        ("/users/a%40b", "/users/{id}"),
        ("/users/سارة", "/users/{id}"),
        ("/data/deadbeefdeadbeefdeadbeef", "/data/{id}"),
    ],
)
def test_messages_name_a_path_without_its_ids(path, template):
    assert parse_path(path).template == template
