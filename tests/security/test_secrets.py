"""No repr, log line, error or page shows a secret."""

from __future__ import annotations

import json
import traceback
from dataclasses import replace
from itertools import count
from types import SimpleNamespace

import pytest
from flask import Flask, jsonify, request

from lean_flask import ConfigurationError, FlowError, LeanBlueprint, LeanError
from lean_flask.banks.cache.shared_lists import ListKey
from lean_flask.services import get_services
from lean_flask.testing import faults
from lean_flask.upstream import deadline
from support.secrets_watch import readable


@pytest.fixture
def lean(app):
    """The blueprint's services, in a request."""
    with app.test_request_context():
        yield get_services("lean")


@pytest.fixture
def secrets_of(fake_lean):
    """All that must not show: credentials and, where asked, the customers' ids."""

    def collect(customers=True):
        return [
            fake_lean.client_secret,
            fake_lean.webhook_secret,
            *fake_lean.live_tokens,
            *(fake_lean.customers if customers else ()),
        ]

    return collect


def shown(text, secrets):
    return [secret for secret in secrets if secret in text]


def test_no_repr_shows_a_secret(lean, app, fake_lean, secrets_of):
    customer = app.config["CONNECT"]["customer_id"]
    token = lean.client.customer_token(customer)
    fake_lean.add_payment_source(customer, "RJHI_SAU", iban="SA44200000012345678XWXYZ")
    fake_lean.add_entity(customer, "RJHI_SAU", ["accounts"])
    blueprint = app.blueprints["lean"]
    things = [
        lean,
        lean.settings,
        lean.settings.client_secret,
        lean.settings.webhook_secret,
        lean.client,
        lean.client.payment_sources(customer),
        lean.client.entities(customer),
        [*lean.client._tokens._held.values()],
        token,
        blueprint,
        blueprint.connect(**app.config["CONNECT"], access_token=token),
        blueprint.pay(**app.config["PAY"]),
        blueprint.client,
        ListKey("PERSONAL", customer),
    ]
    assert shown(repr(things), [*secrets_of(), token, "WXYZ"]) == []


def test_a_password_in_the_stores_url_is_in_no_repr(make_app):
    app = make_app(store_url="redis://:hidden-password@127.0.0.1:1/0")
    with app.test_request_context():
        assert "hidden-password" not in repr(get_services("lean"))


def test_a_flows_token_can_be_read_by_nobody(app, fake_lean):
    client = app.test_client()
    token = client.get("/link").location.partition("flow=")[2]
    layers = [*readable(token)]
    assert layers
    for plain in (*fake_lean.customers, "/done"):
        assert not any(plain in layer for layer in layers)


CALLS = {
    "banks": lambda client, customer: client.banks("PERSONAL", customer),
    "customer_token": lambda client, customer: client.customer_token(customer),
    "payment_sources": lambda client, customer: client.payment_sources(customer),
    "create_customer": lambda client, customer: client.create_customer(customer),
    "intent": lambda client, customer: client.create_payment_intent(customer, 1, "SAR"),
    "entity": lambda client, customer: client.entity(customer, customer),
    "consents": lambda client, customer: client.consents(customer),
}

#: And one that takes every JSON that Lean answers.
ALL_CALLS = CALLS | {
    "request": lambda client, customer: client.request("GET", f"/customers/v1/{customer}/entities"),
}


ENDPOINTS = ("banks", "token", "payment_sources", "customers", "intents", "entities", "consents")


FAULTS = {
    "400": faults.Status(400),
    "401": faults.Unauthorized(),
    "a redirect": faults.Redirect("http://127.0.0.1:1/"),
    "no JSON": faults.NotJson(),
    "an object without sense": faults.NotAnArray(),
    "deep JSON": faults.DeepJson(),
    "reset": faults.ResetMidBody(),
    "cut short": faults.Truncated(),
    "hang": faults.Hang(),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_failure_shows_a_secret(app, fake_lean, secrets_of, fault):
    customer = app.config["CONNECT"]["customer_id"]
    with app.test_request_context():
        client = get_services("lean").client
        client.check_credentials()
        client._settings = replace(client._settings, timeout=0.3)
        for endpoint in ENDPOINTS:
            fake_lean.fault(endpoint, FAULTS[fault])
        for call in CALLS.values():
            with pytest.raises(LeanError) as caught:
                call(client, customer)
            assert_no_secret(caught.value, secrets_of)


@pytest.mark.parametrize("step", range(9))
def test_a_budget_that_ends_at_any_step_shows_no_secret(app, secrets_of, monkeypatch, step):
    """Also while the client secret is on its way: the libraries below hold it as it is sent."""
    readings = count()
    clock = SimpleNamespace(monotonic=lambda: 0.0 if next(readings) <= step else 3600.0)
    with app.test_request_context():
        client = get_services("lean").client
        monkeypatch.setattr(deadline, "time", clock)
        try:
            client.customer_token(app.config["CONNECT"]["customer_id"])
        except LeanError as error:
            assert_no_secret(error, secrets_of)
    assert next(readings) > step, "the call reads the time less often: try fewer steps"


def assert_no_secret(error, secrets_of):
    with_locals = traceback.TracebackException.from_exception(error, capture_locals=True)
    chain = "".join(traceback.format_exception(error))
    assert shown(chain + repr(error.__dict__), secrets_of()) == []
    # Local variables hold the customer's id wherever the host's own code does.
    assert shown("".join(with_locals.format()), secrets_of(customers=False)) == []


@pytest.mark.parametrize("field", ["message", "error_description", "status", "error"])
@pytest.mark.parametrize("call", ALL_CALLS)
def test_what_lean_echoes_is_left_out(app, fake_lean, secrets_of, call, field, caplog):
    customer = app.config["CONNECT"]["customer_id"]
    with app.test_request_context():
        client = get_services("lean").client
        client.check_credentials()
        (token,) = fake_lean.live_tokens
        sent = fake_lean.client_secret if call == "customer_token" else token
        echo = f"{customer.upper()} {customer} says no to {sent}"
        body = json.dumps({field: echo}).encode()
        for endpoint in ENDPOINTS:
            fake_lean.fault(endpoint, faults.Status(400, body))
        with pytest.raises(LeanError) as caught:
            ALL_CALLS[call](client, customer)
    error = caught.value
    told = f"{error} {error.message} {error.code}"
    assert shown(told.lower(), [customer, sent[:60].lower()]) == []
    assert "… … says no to …" in told


def test_a_user_that_lean_names_is_left_out(app, fake_lean):
    body = b'{"status": "INVALID", "message": "noura@mail.example is no app_user_id"}'
    fake_lean.fault("customers", faults.Status(400, body))
    with app.test_request_context(), pytest.raises(LeanError) as caught:
        get_services("lean").client.create_customer("noura@mail.example")
    assert caught.value.message == "… is no app_user_id"


class Unreadable(faults.Fault):
    """Lean knows the user and does not tell of them; its words repeat where it was asked."""

    def apply(self, response, over):
        if request.method == "POST":
            return response()
        message = "No noura@mail.example at /customers/v1/app-user-id/noura%40mail%2Eexample"
        return jsonify(message=message), 400


def test_a_user_in_an_address_of_leans_is_left_out(app, fake_lean):
    fake_lean.add_customer("noura@mail.example")
    fake_lean.fault("customers", Unreadable())
    with app.test_request_context(), pytest.raises(LeanError) as caught:
        get_services("lean").client.create_customer("noura@mail.example")
    assert caught.value.message == "No … at /customers/v1/app-user-id/…"


@pytest.mark.parametrize(
    "body",
    [b'{"access_token": "%s", "expires_in": 3', b'{"access_token": "%s", "expires_in": 1%s}'],
    ids=["cut", "digits"],
)
def test_local_variables_show_no_token_that_came_broken(app, fake_lean, body):
    token = "broken-token-1"
    spelt = body.replace(b"%s", token.encode(), 1).replace(b"%s", b"0" * 5_000)
    fake_lean.fault("token", faults.Status(200, spelt))
    with app.test_request_context(), pytest.raises(LeanError) as caught:
        get_services("lean").client.check_credentials()
    assert token not in "".join(with_locals(caught.value))


def test_local_variables_show_no_secret_of_settings_that_are_wrong():
    with pytest.raises(ConfigurationError) as caught:
        Flask("host").register_blueprint(
            LeanBlueprint(client_secret="hidden-1", webhook_secret=["hidden-2"], timeout=-1)
        )
    assert "hidden-" not in "".join(with_locals(caught.value))


def with_locals(error):
    """A traceback as an error tracker sends it, without the frames of the tests."""
    whole = traceback.TracebackException.from_exception(error, capture_locals=True)
    return [frame for frame in whole.format() if __file__ not in frame]


@pytest.mark.parametrize(
    ("method", "changes"),
    [
        ("connect", {"customer_id": "noura@mail.example"}),
        ("connect", {"customer_metadata": "noura@mail.example" * 20}),
        ("connect", {"end_user_id": "noura@mail.example" * 20}),
        ("connect", {"access_token": "Bearer noura@mail.example"}),
        ("pay", {"account_id": "noura@mail.example"}),
        ("pay", {"risk_details": {"noura@mail.example": {}, "payment_process": 7}}),
        ("checkout", {"customer_name": "noura@mail.example" * 20}),
    ],
    ids=str,
)
def test_a_refused_argument_about_the_customer_is_not_repeated(app, method, changes):
    with app.test_request_context(), pytest.raises(FlowError) as caught:
        getattr(app.blueprints["lean"], method)(**app.config[method.upper()] | changes)
    assert next(iter(changes)) in caught.value.fields
    assert "noura@mail.example" not in str(caught.value)


def test_a_refused_intent_does_not_repeat_its_customer(app):
    with app.test_request_context(), pytest.raises(FlowError) as caught:
        get_services("lean").client.create_payment_intent("noura@mail.example", 1, "SAR")
    assert "noura@mail.example" not in str(caught.value)


def test_error_pages_show_nothing(app, fake_lean):
    """Every refusal and every failure that a browser can see; the watch reads the answers."""
    fake_lean.fault("token", faults.Status(400, b'{"error": "invalid_client"}'))
    client = app.test_client()
    token = client.get("/link").location.partition("flow=")[2]
    for path in ("/lean/banks", "/lean/health", f"/lean/picker?flow={token}", "/lean/picker"):
        assert client.get(path).status_code in {200, 403, 502, 503}
    assert client.post("/lean/launch", json={"flow": token}).status_code == 502
    assert client.post("/lean/webhooks", data=b"{}").status_code == 401
