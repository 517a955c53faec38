"""``flask lean trigger``: a signed sample event to the running app."""

from __future__ import annotations

import json
import socket
import ssl
import threading

import pytest
from flask import Flask
from werkzeug.serving import make_server

from lean_flask import webhook_received
from lean_flask.events.samples import SAMPLE_TYPES
from lean_flask.testing.server import stop_server
from support.certificates import certificate


@pytest.fixture
def received(app):
    events = []
    with webhook_received.connected_to(lambda sender, event: events.append(event), app):
        yield events


@pytest.fixture
def trigger(app):
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["lean", "trigger", *arguments])


@pytest.mark.parametrize("type", SAMPLE_TYPES)
def test_the_app_takes_a_sample_of_every_type(type, app, serve, trigger, received):
    result = trigger(type, "--url", serve(app))
    assert result.exit_code == 0, result.output
    (event,) = received
    assert event.type == type
    assert f"{type} {event.event_id} was taken" in result.output


def test_each_event_is_a_new_one(app, serve, trigger, received):
    url = serve(app)
    for _ in range(2):
        assert trigger("payment.created", "--url", url).exit_code == 0
    assert len({event.event_id for event in received}) == 2


def test_fields_can_be_set(app, serve, trigger, received):
    changes = ("intent_id=4711", "amount=99.95", "metadata.order=7", "metadata.new=true", "x=a b")
    options = [part for change in changes for part in ("--set", change)]
    result = trigger("payment.updated", "--url", serve(app), *options, "--json")
    (event,) = received
    printed = json.loads(result.output)
    assert printed["event"]["payload"] == event.payload
    assert (printed["ok"], printed["status"]) == (True, 200)
    assert event.payload["intent_id"] == "4711"  # a text stays one
    assert event.payload["amount"] == 99.95
    assert event.payload["metadata"] == {"order": "7", "new": True}
    assert event.payload["x"] == "a b"


def test_an_address_with_a_path_is_taken_as_it_is(app, serve, trigger, received):
    assert trigger("results.ready", "--url", f"{serve(app)}/lean/webhooks").exit_code == 0
    result = trigger("results.ready", "--url", f"{serve(app)}/other")
    assert result.exit_code == 1
    assert "answered 404. There is no such route" in result.output


def test_production_is_refused(make_app):
    runner = make_app(sandbox=False).test_cli_runner()
    result = runner.invoke(args=["lean", "trigger", "payment.created"])
    assert result.exit_code == 1
    assert "LEAN_SANDBOX is off" in result.output


def test_without_a_secret_there_is_nothing_to_sign_with(make_app):
    runner = make_app(webhook_secret=None).test_cli_runner()
    result = runner.invoke(args=["lean", "trigger", "payment.created"])
    assert result.exit_code == 1
    assert "LEAN_WEBHOOK_SECRET is not set" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["payment.creates"], "'payment.created'"),
        ([], "TYPE"),
        (["payment.created", "--set", "amount"], "is not KEY=VALUE"),
        (["payment.created", "--set", "=1"], "is not KEY=VALUE"),
        (["payment.created", "--set", "amount.x=1"], "is no object"),
        (["payment.created", "--url", "localhost:5000"], "is not an http(s) URL"),
        (["payment.created", "--url", "http://a:b@localhost"], "is not an http(s) URL"),
    ],
)
def test_a_wrong_argument_ends_with_2_and_says_what_is_right(trigger, arguments, said):
    result = trigger(*arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_an_app_that_does_not_run_is_named(trigger):
    with socket.socket() as bound:  # so that nobody else takes the port
        bound.bind(("127.0.0.1", 0))
        result = trigger("payment.created", "--url", f"http://127.0.0.1:{bound.getsockname()[1]}")
    assert result.exit_code == 1
    assert "/lean/webhooks did not answer. Nothing listens there" in result.output


def test_a_certificate_of_ones_own_needs_its_authority(
    app, trigger, received, tmp_path, monkeypatch
):
    authority, (authority_path, _) = certificate(tmp_path, "authority")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate(tmp_path, "server", authority)[1])
    server = make_server("127.0.0.1", 0, app, threaded=True, ssl_context=tls)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        url = f"https://127.0.0.1:{server.server_port}"
        told = trigger("payment.created", "--url", url)
        assert told.exit_code == 1
        assert "the certificate is not accepted" in told.output
        assert "in SSL_CERT_FILE" in told.output
        monkeypatch.setenv("SSL_CERT_FILE", authority_path)
        assert trigger("payment.created", "--url", url).exit_code == 0, told.output
        assert len(received) == 1
    finally:
        stop_server(server)


def test_another_secret_is_told_from_other_refusals(make_app, serve, trigger):
    url = serve(make_app(webhook_secret="another"))
    result = trigger("payment.created", "--url", url)
    assert result.exit_code == 1
    assert "answered 401. The app did not accept the signature" in result.output


@pytest.mark.parametrize(
    ("status", "mend"),
    [
        (500, "A receiver raised an error"),
        (503, "its store is down"),
        (302, "Is this the address of your app?"),
    ],
)
def test_other_answers_come_with_a_mend(serve, trigger, status, mend):
    other = Flask("other")
    other.add_url_rule("/lean/webhooks", "any", lambda: ("", status), methods=["POST"])
    result = trigger("payment.created", "--url", serve(other), "--json")
    assert result.exit_code == 1
    printed = json.loads(result.output)
    assert (printed["ok"], printed["status"]) == (False, status)
    assert mend in printed["advice"]


def test_an_app_that_hangs_is_not_waited_for(trigger, monkeypatch):
    monkeypatch.setattr("lean_flask.cli.trigger.TIMEOUT", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        result = trigger("payment.created", "--url", f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert result.exit_code == 1
    assert "did not answer. It had 0.05 s: does a receiver hang?" in result.output


def test_what_is_no_web_server_is_told(trigger, redis_server):
    result = trigger("payment.created", "--url", f"http://127.0.0.1:{redis_server.port}")
    assert result.exit_code == 1
    assert "did not answer. RemoteProtocolError" in result.output


def test_no_secret_is_printed(app, serve, trigger, fake_lean):
    output = trigger("payment.created", "--url", serve(app), "--json").output
    assert fake_lean.webhook_secret not in output
    assert "sha512" not in output
