"""Calls to Lean over real sockets: budget, retries, tokens, and errors that keep secrets."""

import json
import logging
import socket
import threading
import time
import tracemalloc

import pytest

from lean_flask.errors import (
    UpstreamError,
    UpstreamInvalid,
    UpstreamRejected,
    UpstreamTimeout,
)
from lean_flask.testing import faults, tokens


def test_the_list_arrives(make_client, fake_lean):
    records = make_client().banks("PERSONAL")
    assert {"identifier", "availability"} <= set(records[0])
    assert fake_lean.requests[-1].query["account_types"] == "PERSONAL"


def test_a_5xx_is_retried(make_client, fake_lean):
    fake_lean.fault("banks", faults.Status(503), times=2)
    assert make_client().banks("PERSONAL")
    assert fake_lean.count("banks") == 3


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
def test_a_4xx_is_never_retried(make_client, fake_lean, status):
    fake_lean.fault("banks", faults.Status(status))
    with pytest.raises(UpstreamRejected) as caught:
        make_client().banks("PERSONAL")
    assert caught.value.status == status
    assert fake_lean.count("banks") == 1


def test_a_429_is_retried_after_the_pause_that_it_asks_for(make_client, fake_lean):
    fake_lean.fault("banks", faults.TooManyRequests(retry_after=1), times=1)
    begun = time.monotonic()
    assert make_client().banks("PERSONAL")
    assert time.monotonic() - begun >= 1


def test_a_429_that_asks_for_more_than_the_budget_is_the_answer(make_client, fake_lean):
    fake_lean.fault("banks", faults.TooManyRequests(retry_after=120))
    with pytest.raises(UpstreamRejected) as caught:
        make_client().banks("PERSONAL")
    assert caught.value.status == 429
    assert caught.value.retry_after == 120
    assert fake_lean.count("banks") == 1


@pytest.mark.parametrize("fault", [faults.Hang(), faults.Drip()], ids=["hang", "drip"])
def test_the_budget_holds_however_slow_lean_is(make_client, fake_lean, fault):
    fake_lean.fault("banks", fault)
    begun = time.monotonic()
    with pytest.raises(UpstreamTimeout):
        make_client(timeout=0.4).banks("PERSONAL")
    assert time.monotonic() - begun < 4  # seconds; without a budget it would be minutes


@pytest.fixture
def dripping():
    """A server whose headers come byte by byte, for five seconds, each in time for its read."""
    over = threading.Event()

    def drip(listener):
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            for _ in range(100):
                if over.wait(0.05):
                    return
                connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=drip, args=(listener,), daemon=True)
        server.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        over.set()
        server.join()


def test_the_budget_holds_for_headers_that_drip(make_client, dripping):
    begun = time.monotonic()
    with pytest.raises(UpstreamTimeout):
        make_client(timeout=0.4, client_secret=None, api_url=dripping).banks("PERSONAL")
    assert time.monotonic() - begun < 4


@pytest.mark.parametrize(
    "fault",
    [
        faults.NotJson(),
        faults.NotAnArray(),
        faults.DeepJson(),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_an_answer_that_is_no_bank_list_is_invalid(make_client, fake_lean, fault):
    fake_lean.fault("banks", fault)
    with pytest.raises(UpstreamInvalid):
        make_client().banks("PERSONAL")
    assert fake_lean.count("banks") == 1


@pytest.mark.parametrize("fault", [faults.Huge(), faults.GzipBomb()], ids=["huge", "bomb"])
def test_an_answer_that_is_too_large_is_cut_off(make_client, fake_lean, fault):
    fake_lean.fault("banks", fault)
    client = make_client()
    client.check_credentials()
    tracemalloc.start()
    with pytest.raises(UpstreamInvalid, match="larger than 10000000 bytes"):
        client.banks("PERSONAL")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 50_000_000  # both sides of it, and copies
    assert fake_lean.count("banks") == 1


@pytest.mark.parametrize("fault", [faults.ResetMidBody(), faults.Truncated()], ids=["reset", "cut"])
def test_a_broken_connection_is_retried_then_reported(make_client, fake_lean, fault):
    fake_lean.fault("banks", fault)
    with pytest.raises(UpstreamError):
        make_client().banks("PERSONAL")
    assert fake_lean.count("banks") == 3


def test_a_refused_connection_is_an_upstream_error(make_client, fake_lean):
    client = make_client()
    fake_lean.stop()
    with pytest.raises(UpstreamError, match="the server refused the connection; look at LEAN_A"):
        client.banks("PERSONAL")


def test_a_name_that_does_not_resolve_is_an_upstream_error(make_client):
    client = make_client(api_url="https://nobody.invalid", client_secret=None)
    with pytest.raises(UpstreamError):
        client.banks("PERSONAL")


def test_tls_that_fails_is_an_upstream_error(make_client, fake_lean):
    plain = fake_lean.url.replace("http://", "https://")
    with pytest.raises(UpstreamError):
        make_client(api_url=plain, client_secret=None).banks("PERSONAL")


def test_a_redirect_is_not_followed_with_credentials(make_client, fake_lean):
    fake_lean.fault("banks", faults.Redirect("http://127.0.0.1:1/elsewhere"))
    with pytest.raises(UpstreamRejected, match="LEAN_API_URL"):
        make_client().banks("PERSONAL")
    assert fake_lean.count("banks") == 1


def test_an_error_carries_status_code_message_and_correlation_id(make_client, fake_lean):
    body = b'{"status": "INVALID_PARAMETERS", "message": "Bad account type"}'
    fake_lean.fault("banks", faults.Status(400, body, "application/json"))
    with pytest.raises(UpstreamRejected) as caught:
        make_client().banks("PERSONAL")
    error = caught.value
    assert (error.status, error.code) == (400, "INVALID_PARAMETERS")
    assert error.message == "Bad account type"
    assert error.correlation_id in str(error)


def test_a_credential_that_lean_echoes_is_left_out(make_client, fake_lean):
    token = fake_lean.settings()["app_token"]
    body = f'{{"status": "FORBIDDEN", "message": "No such app {token}"}}'.encode()
    fake_lean.fault("banks", faults.Status(403, body, "application/json"))
    with pytest.raises(UpstreamRejected) as caught:
        make_client(client_secret=None).banks("PERSONAL")
    assert token not in str(caught.value)


def test_the_case_of_a_customers_id_means_nothing(make_client, fake_lean):
    customer = fake_lean.add_customer(app_user_id="user-1")
    minted = tokens.mint(
        issuer="lean", application="a", scope="", seconds=3599, customer_id=customer
    )
    body = json.dumps({"access_token": minted, "expires_in": 3599}).encode()
    fake_lean.fault("token", faults.Status(200, body))
    assert make_client().customer_token(customer.upper()) == minted


def test_nothing_secret_is_logged(make_client, fake_lean, caplog):
    caplog.set_level(logging.DEBUG)
    customer = fake_lean.add_customer(app_user_id="user-1")
    client = make_client()
    client.banks("PERSONAL", customer)
    token = client.customer_token(customer)
    for secret in (fake_lean.settings()["client_secret"], token, customer):
        assert secret not in caplog.text
