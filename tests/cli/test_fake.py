"""``flask lean fake``: the stand-in of another process is controlled, and nothing else is."""

from __future__ import annotations

import json
import queue
import ssl
import threading

import pytest
from flask import Flask, request
from werkzeug.serving import make_server

from lean_flask import LeanBlueprint
from lean_flask.cli.stand_in import NoStandInError, control_url
from lean_flask.testing import FakeLean
from lean_flask.testing.server import make_app, stop_server
from support.certificates import certificate


@pytest.fixture(scope="module")
def stand_in():
    with FakeLean(faults_url="/_fake") as running:
        yield running


@pytest.fixture(autouse=True)
def as_at_the_start(stand_in, monkeypatch):
    monkeypatch.delenv("LEAN_FAKE_URL", raising=False)
    stand_in.webhook_urls = []
    stand_in.reset()


@pytest.fixture(scope="module")
def runner(stand_in):
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "a test's secret key"
    app.register_blueprint(LeanBlueprint(**stand_in.settings(), store_url="memory:"))
    return app.test_cli_runner()


@pytest.fixture
def fake(runner):
    def run(*arguments, code=0):
        result = runner.invoke(args=["lean", "fake", *arguments])
        assert result.exit_code == code, result.output
        return result.output

    return run


@pytest.fixture
def host(serve, stand_in):
    """A host that answers 200 to each event; what it got."""
    got = queue.Queue()
    app = Flask(__name__)

    @app.post("/webhooks")
    def webhooks():
        got.put(request.json)
        return ""

    stand_in.webhook_url = f"{serve(app)}/webhooks"
    return got


def test_lean_goes_down_and_up(fake, stand_in):
    assert "banks: Reset" in fake("down")
    assert {*stand_in.armed()} >= {"token", "banks", "customers", "loader"}
    assert fake("up") == "All operations answer.\n"
    assert stand_in.armed() == {}


def test_an_operation_fails_in_a_way_of_its_own(fake, stand_in):
    slow = ("down", "banks", "token", "--fault", "Slow", "--seconds", "0.5", "--times", "2")
    assert fake(*slow) == "banks: Slow seconds=0.5, 2 more\ntoken: Slow seconds=0.5, 2 more\n"
    status = json.loads(fake("down", "data", "--fault", "Status", "--set", "status=503", "--json"))
    assert status["data"]["arguments"]["status"] == 503
    assert "token" not in fake("up", "token")
    assert {*stand_in.armed()} == {"banks", "data"}


def test_a_bank_goes_off_for_one_purpose_and_its_host_is_told(fake, stand_in, host):
    told = fake("bank", "RJHI_SAU", "--off", "--purpose", "data")
    assert f"{stand_in.webhook_url}: 200" in told
    assert host.get(timeout=10)["payload"]["availability"]["active"]["data"] is False
    assert "RJHI_SAU" in fake("show")
    assert "sent to nobody" in fake("bank", "RJHI_SAU", "--on", "--quiet")
    assert stand_in.bank("RJHI_SAU")["availability"]["active"] == {"payments": True, "data": True}


def test_an_event_of_any_type_is_sent(fake, host, stand_in):
    sent = json.loads(fake("send", "payment.created", "--set", "intent_id=i-1", "--json"))
    got = host.get(timeout=10)
    assert got == sent["event"]
    assert (got["payload"]["intent_id"], got["payload"]["currency"]) == ("i-1", "SAR")
    fake("send", "of.your.own", "--set", "a.b=1")
    assert host.get(timeout=10)["payload"] == {"a": {"b": 1}}
    stand_in.webhook_url = "http://127.0.0.1:9/"
    assert "ConnectError" in fake("send", "results.ready", code=1)


def test_the_clock_moves_on_and_a_reset_sets_it_back(fake, stand_in):
    assert "129600 s ahead" in fake("clock", "--advance", "1d12h")
    assert "129690 s ahead" in fake("clock", "--advance", "90")
    assert json.loads(fake("clock", "--json"))["ahead"] == 129_690
    assert "0 s ahead" in fake("reset")
    assert stand_in.ahead.total_seconds() == 0


def test_what_it_does_not_know_is_said_in_a_line(fake):
    for arguments, code, words in (
        (("down", "nothing"), 1, "Error: operation: There is no nothing"),
        (("down", "--fault", "Nothing"), 1, "Error: fault: There is none; it takes Slow"),
        (("down", "--fault", "Slow"), 1, "seconds: Missing data"),
        (("bank", "NO_BANK", "--off"), 1, "Error: bank: There is no bank NO_BANK"),
        (("bank", "RJHI_SAU"), 2, "--on"),
        (("clock", "--advance", "soon"), 2, "it takes 3d"),
        (("send", "a.b", "--set", "nothing"), 2, "is not KEY=VALUE"),
    ):
        assert words in fake(*arguments, code=code), arguments


def test_its_address_can_be_named(fake, stand_in, monkeypatch, make_fake_lean):
    address = f"{stand_in.url}/_fake"
    assert stand_in.url in fake("show", "--url", stand_in.url)
    monkeypatch.setenv("LEAN_FAKE_URL", address)
    assert stand_in.url in fake("show")
    without_control = make_fake_lean().url
    assert "it is no stand-in" in fake("show", "--url", without_control, code=1)
    assert "Nothing listens at" in fake("show", "--url", "http://127.0.0.1:9", code=1)


def test_another_server_is_not_controlled(fake, serve):
    asked = []
    app = Flask(__name__)
    app.before_request(lambda: asked.append(request.method) or {"status": "ok"})
    assert "it is no stand-in" in fake("down", "--url", serve(app), code=1)
    assert asked == ["GET"]


def test_behind_tls_it_is_reached_by_an_authority_of_ones_own(
    fake, stand_in, tmp_path, monkeypatch
):
    authority, (authority_path, _) = certificate(tmp_path, "authority")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate(tmp_path, "server", authority)[1])
    app = make_app(stand_in, "/_fake")
    server = make_server("127.0.0.1", 0, app, threaded=True, ssl_context=tls)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        url = f"https://127.0.0.1:{server.server_port}"
        assert "in SSL_CERT_FILE" in fake("show", "--url", url, code=1)
        monkeypatch.setenv("SSL_CERT_FILE", authority_path)
        assert stand_in.url in fake("show", "--url", url)
    finally:
        stop_server(server)


@pytest.mark.parametrize(
    ("given", "api_url", "words"),
    [
        (None, "https://sandbox.sa.leantech.me", "it can be Lean itself"),
        (None, "https://lean.bank.example", "it can be Lean itself"),
        ("https://sandbox.leantech.me/_fake", "http://127.0.0.1:1", "is Lean itself"),
        ("127.0.0.1:8765", "http://127.0.0.1:1", "is not an http"),
        ("http://user:word@127.0.0.1", "http://127.0.0.1:1", "is not an http"),
    ],
)
def test_lean_itself_is_never_controlled(given, api_url, words):
    with pytest.raises(NoStandInError, match=words):
        control_url(given, api_url)


def test_the_address_is_that_of_the_api_on_this_machine():
    assert control_url(None, "http://127.0.0.1:8765") == "http://127.0.0.1:8765/_fake"
    assert control_url("https://fake.example/x/", "") == "https://fake.example/x"
