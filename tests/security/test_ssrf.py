"""No request chooses which host, or which path, the server calls."""

from __future__ import annotations

import sys
from contextlib import suppress

import pytest

from lean_flask.errors import FlowError, UpstreamError
from lean_flask.services import get_services
from support.launching import token_of

_hosts: set[str] | None = None


def _note(event, arguments):
    if _hosts is None:
        return
    if event == "socket.getaddrinfo":
        _hosts.add(arguments[0])
    elif event == "socket.connect":
        _hosts.add(arguments[1][0])


sys.addaudithook(_note)  # cannot be taken away again, so it is idle unless a test listens


@pytest.fixture
def called_hosts():
    """Every host that this process looks up or connects to meanwhile."""
    global _hosts
    _hosts = set()
    yield _hosts
    _hosts = None


HOSTILE_IDS = [
    *["http://169.254.169.254/latest/meta-data", "//169.254.169.254/", "https://evil.example"],
    *[
        "../../customers/v1",
        "..",
        ".",
        "..%2f..",
        "a/../../b",
        "@evil.example",
        ":80",
        "?x=1",
        "#x",
    ],
    *[
        "RJHI_SAU\r\nHost: evil.example",
        "RJHI_SAU\x00",
        "\\\\evil.example\\x",
        "file:///etc/passwd",
    ],
]


def test_no_request_chooses_whom_the_server_calls(app, client, fake_lean, called_hosts):
    flow = token_of(client)
    for evil in HOSTILE_IDS:
        headers = {"X-Forwarded-Host": "evil.example", "Referer": "http://169.254.169.254/"}
        for field in ("bank_identifier", "account_id", "customer_id", "api_url", "loader_url"):
            body = {"flow": flow, field: evil}
            client.post("/lean/launch", json=body, headers=headers)
        client.post("/lean/return", json={"flow": flow, "landed_with": {"consent_id": evil}})
        client.post("/lean/callback", json={"flow": evil, "data": {"message": evil}})
        query = {"flow": evil, "q": evil, "customer_id": evil, "account_type": evil, "lang": evil}
        for path in ("banks", "picker", "return/success", "picker.css", "health"):
            client.get(f"/lean/{path}", query_string=query | {"theme": evil})
            client.get(f"/lean/{path}", query_string={"flow": flow, "q": evil})
        client.get(f"/lean/banks/{evil!r}")
        client.get("/lean/banks", base_url="http://evil.example")
        event = fake_lean.set_availability("RJHI_SAU")
        event["payload"] |= {"identifier": evil, "logo": evil, "url": evil}
        signed, signature = fake_lean.signed(event)
        client.post("/lean/webhooks", data=signed, headers=signature)
    assert called_hosts == {"127.0.0.1"}
    assert {asked.endpoint for asked in fake_lean.requests} <= {"token", "banks"}


def test_logos_are_for_the_browser_alone(make_app, fake_lean, called_hosts):
    fake_lean.banks[0] |= {
        "logo": "https://169.254.169.254/x.png",
        "logo_alt": "https://evil/x.svg",
    }
    client = make_app().test_client()
    assert client.get("/lean/banks").status_code == 200
    assert client.get("/link", follow_redirects=True).status_code == 200
    assert called_hosts == {"127.0.0.1"}


@pytest.mark.parametrize("evil", HOSTILE_IDS)
def test_an_identifier_of_the_hosts_stays_one_segment_of_the_path(app, fake_lean, evil):
    """User names may come from anywhere, so even the host's own calls stay where they belong."""
    fake_lean.add_customer(app_user_id=evil)
    with app.app_context():
        client = get_services("lean").client
        with suppress(UpstreamError):  # the stand-in's server has no route for some of them
            client.create_customer(evil)
        with suppress(UpstreamError, FlowError):
            client.payment_sources(evil)
    paths = {asked.path for asked in fake_lean.requests}
    assert "/customers/v1/" in paths
    assert paths <= {
        "/oauth2/token",
        "/customers/v1/",
        f"/customers/v1/app-user-id/{evil}",
    }


@pytest.mark.parametrize("name", [".", "..", "a.b", "ab/../c", "?x=1", "%2e%2e"])
def test_a_user_of_any_name_is_found_again(app, fake_lean, name):
    with app.app_context():
        client = get_services("lean").client
        assert client.create_customer(name) == client.create_customer(name)
