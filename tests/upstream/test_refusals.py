"""What Lean refuses for good: named with call and setting, and never called an outage."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest

from lean_flask import FlowError, UpstreamError, UpstreamRejected
from lean_flask.config.settings import load_settings
from lean_flask.testing import faults
from lean_flask.upstream.client import LeanClient

CUSTOMER = str(uuid4())


@pytest.fixture
def lean_client(fake_lean):
    return LeanClient(load_settings({}, overrides=fake_lean.settings()))


CALLS = {
    "banks": lambda client: client.banks("PERSONAL"),
    "token": lambda client: client.customer_token(CUSTOMER),
    "payment-sources": lambda client: client.payment_sources(CUSTOMER),
    "accounts": lambda client: client.request(
        "GET", "/data/v2/accounts", params={"entity_id": CUSTOMER}
    ),
}


@pytest.mark.parametrize(
    ("endpoint", "call", "status", "code", "words"),
    [
        ("token", "banks", 401, "invalid_client", "look at LEAN_CLIENT_ID, LEAN_CLIENT_SECRET"),
        ("token", "banks", 400, "invalid_scope", "does not give this application the scope api"),
        ("token", "token", 400, "invalid_scope", "Lean refused the customer"),
        ("token", "token", 403, "", "Lean refused the customer"),
        ("token", "banks", 404, "", "look at LEAN_AUTH_URL"),
        ("banks", "banks", 403, "", "does not permit this call"),
        ("banks", "banks", 404, "", "look at LEAN_API_URL"),
        ("banks", "banks", 401, "", "Lean refused the credentials"),
        ("payment_sources", "payment-sources", 404, "", "is that id one of this application"),
        ("data", "accounts", 404, "UNKNOWN_ENTITY", "is that id one of this application"),
        ("data", "accounts", 403, "CONSENT_EXPIRED", "the customer has to connect again"),
        ("data", "accounts", 403, "INCORRECT_ACCESS_LEVEL", "does not permit this call"),
    ],
)
def test_a_refusal_says_what_to_look_at(
    lean_client, fake_lean, endpoint, call, status, code, words
):
    fake_lean.fault(endpoint, faults.Status(status, json.dumps({"error": code}).encode()))
    with pytest.raises(UpstreamRejected) as caught:
        CALLS[call](lean_client)
    text = str(caught.value)
    assert words in text
    assert caught.value.permanent
    assert CUSTOMER not in text
    assert f"{fake_lean.url.removeprefix('http://')}/" in text
    assert "(LEAN_AUTH_URL): " in text or "(LEAN_API_URL): " in text


@pytest.mark.parametrize(
    "fault",
    [faults.Hang(), faults.NotJson(), faults.Status(500), faults.ResetMidBody()],
    ids=lambda fault: type(fault).__name__,
)
@pytest.mark.parametrize(
    ("endpoint", "setting"), [("token", "LEAN_AUTH_URL"), ("banks", "LEAN_API_URL")]
)
def test_every_failure_names_call_host_path_and_setting(fake_lean, endpoint, setting, fault):
    client = LeanClient(load_settings({}, overrides=fake_lean.settings() | {"timeout": 0.5}))
    fake_lean.fault(endpoint, fault)
    with pytest.raises(UpstreamError) as caught:
        client.customer_token(CUSTOMER) if endpoint == "token" else client.banks("PERSONAL")
    call = {"token": "customer token, POST", "banks": "bank list, GET"}[endpoint]
    path = {"token": "/oauth2/token", "banks": "/banks/v1/"}[endpoint]
    host = fake_lean.url.removeprefix("http://")
    assert str(caught.value).startswith(f"{call} {host}{path} ({setting}): ")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("AE070331234567890123456 is closed", "… is closed"),
        ("SA03 8000 0000 6080 1016 7519: no", "…: no"),
        ("+966500000000 and 784-1990-1234567-1 and noura@mail.example", "+… and … and …"),
        ("account 0331234567890", "account …"),
        ("10000.50 is above 9999 since 2026-07-11T16:58:03Z", None),
    ],
)
def test_what_lean_says_of_a_customer_is_left_out(lean_client, fake_lean, said, shown):
    """Also where it was not sent: ``test_secrets`` has what was."""
    body = json.dumps({"status": "CONSENT_NOT_FOUND", "message": said}).encode()
    fake_lean.fault("banks", faults.Status(400, body))
    with pytest.raises(UpstreamRejected) as caught:
        lean_client.banks("PERSONAL")
    assert caught.value.message == (shown or said)
    assert caught.value.code == "CONSENT_NOT_FOUND"


def test_a_refusal_without_words_has_ours_whole(lean_client, fake_lean):
    fake_lean.fault("customers", faults.Status(400, b"{}"))
    with pytest.raises(UpstreamRejected) as caught:
        lean_client.request("POST", "/customers/v1/", json={"type": "request"})
    assert caught.value.message == "Lean refused the request"


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_an_outage_is_no_refusal(lean_client, fake_lean, status):
    fake_lean.fault("banks", faults.Status(status))
    with pytest.raises(UpstreamRejected) as caught:
        lean_client.banks("PERSONAL")
    assert not caught.value.permanent


def test_the_list_route_tells_both_apart_and_goes_on_doing_so(make_app, fake_lean):
    for status, answered in ((403, 502), (500, 503)):
        fake_lean.fault("banks", faults.Status(status))
        client = make_app().test_client()
        for _ in range(3):  # the later ones are answered from the failure that is remembered
            response = client.get("/lean/banks")
            assert response.status_code == answered
            assert ("Retry-After" in response.headers) == (answered == 503)
        assert response.json["reason"] == ("upstream_refused" if answered == 502 else "upstream")


# --- ids of the types that hosts have -----------------------------------------------------------


@pytest.mark.parametrize("user", ["user-1", 7, 10**20, UUID(int=7)], ids=str)
def test_a_user_id_may_be_of_the_types_that_hosts_have(lean_client, fake_lean, user):
    customer = lean_client.create_customer(user)
    assert fake_lean.customers[customer]["app_user_id"] == str(user)
    assert lean_client.create_customer(str(user)) == customer


@pytest.mark.parametrize(
    "user",
    ["", "x" * 256, None, True, 1.5, b"x", [], {}, object(), 10**5000, "\ud83d"],
    ids=lambda user: type(user).__name__,
)
def test_a_user_id_that_is_none_is_an_error_of_ours(lean_client, fake_lean, user):
    with pytest.raises(FlowError) as caught:
        lean_client.create_customer(user)
    assert set(caught.value.fields) == {"app_user_id"}
    assert fake_lean.count("customers") == 0


def test_a_customer_id_may_be_a_uuid(lean_client, fake_lean):
    customer = fake_lean.add_customer(app_user_id="user-1")
    fake_lean.add_payment_source(customer, "RJHI_SAU")
    as_uuid = UUID(customer)
    assert lean_client.payment_sources(as_uuid) == lean_client.payment_sources(customer)
    assert lean_client.customer_token(as_uuid) == lean_client.customer_token(customer)
    assert lean_client.banks("PERSONAL", as_uuid)
    lean_client.prepare_customer_token(as_uuid)
    assert lean_client.create_payment_intent(as_uuid, 1, "SAR", payment_destination_id=uuid4())


def test_a_list_of_a_customer_takes_a_uuid_too(make_app, fake_lean):
    app = make_app(per_customer=True)
    lean = app.blueprints["lean"]
    customer = UUID(app.config["CONNECT"]["customer_id"])
    with app.app_context():
        assert lean.banks(customer_id=customer) == lean.banks(customer_id=str(customer))
        with pytest.raises(FlowError, match="customer_id got a value of type int"):
            lean.banks(customer_id=7)
    asked = [one.query["customer_id"] for one in fake_lean.requests if one.endpoint == "banks"]
    assert asked == [str(customer)]


@pytest.mark.parametrize("customer", ["", 7, None, True, b"x", [], {}, "\ud83d"], ids=ascii)
def test_a_customer_id_that_is_none_is_an_error_of_ours(lean_client, customer):
    calls = [
        lean_client.payment_sources,
        lean_client.customer_token,
        lean_client.prepare_customer_token,
        lambda one: lean_client.create_payment_intent(one, 1, "SAR"),
    ]
    for call in calls:
        with pytest.raises(FlowError) as caught:
            call(customer)
        assert set(caught.value.fields) == {"customer_id"}
