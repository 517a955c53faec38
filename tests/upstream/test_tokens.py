"""OAuth tokens over real sockets: reused, renewed early, scoped to one customer."""

import json
import time

import pytest

from lean_flask.errors import (
    ConfigurationError,
    UpstreamInvalid,
    UpstreamRejected,
)
from lean_flask.testing import faults, tokens
from support.redis_server import until


def test_one_token_serves_many_calls(make_client, fake_lean):
    client = make_client()
    for _ in range(3):
        client.banks("PERSONAL")
    assert fake_lean.count("token") == 1


def test_without_a_secret_the_app_token_is_the_credential(make_client, fake_lean):
    make_client(client_secret=None).banks("PERSONAL")
    headers = fake_lean.requests[-1].headers
    assert headers["lean-app-token"] == fake_lean.settings()["app_token"]
    assert "authorization" not in {name.lower() for name in headers}
    assert fake_lean.count("token") == 0


def test_a_token_is_renewed_before_it_expires(make_client, fake_lean, clock):
    fake_lean.token_seconds = 61  # due for renewal one second after it was minted
    client = make_client()
    client.banks("PERSONAL")
    fake_lean.token_seconds = 3599
    clock.seconds += 2
    client.banks("PERSONAL")  # with the token in hand, while another is minted
    until(lambda: fake_lean.count("token") == 2, 5)
    client.banks("PERSONAL")
    assert fake_lean.count("token") == 2


def test_a_renewal_that_hangs_costs_the_call_nothing(make_client, fake_lean, clock):
    fake_lean.token_seconds = 61
    client = make_client(timeout=5)
    client.banks("PERSONAL")
    clock.seconds += 2
    fake_lean.fault("token", faults.Hang())
    begun = time.monotonic()
    for _ in range(20):
        assert client.banks("PERSONAL")
    assert time.monotonic() - begun < 4
    assert fake_lean.count("token") <= 2


def test_a_failed_early_renewal_keeps_the_token_in_use(make_client, fake_lean, clock):
    fake_lean.token_seconds = 61
    client = make_client(timeout=1)
    client.banks("PERSONAL")
    clock.seconds += 2
    fake_lean.fault("token", faults.Status(503))
    assert client.banks("PERSONAL")


def test_a_401_mints_once_more(make_client, fake_lean):
    client = make_client()
    client.banks("PERSONAL")
    fake_lean.revoke_tokens()
    assert client.banks("PERSONAL")
    assert fake_lean.count("token") == 2


def test_a_second_401_is_the_answer(make_client, fake_lean):
    fake_lean.fault("banks", faults.Unauthorized())
    with pytest.raises(UpstreamRejected) as caught:
        make_client().banks("PERSONAL")
    assert caught.value.status == 401
    assert fake_lean.count("banks") == 2


def test_a_wrong_secret_is_rejected_and_not_retried(make_client, fake_lean):
    with pytest.raises(UpstreamRejected) as caught:
        make_client(client_secret="wrong-secret-1").banks("PERSONAL")
    assert caught.value.status == 401
    assert fake_lean.count("token") == 1
    assert "wrong-secret-1" not in str(caught.value)


def test_a_customer_token_is_scoped_and_reused(make_client, fake_lean):
    customer = fake_lean.add_customer(app_user_id="user-1")
    client = make_client()
    assert client.customer_token(customer) == client.customer_token(customer)
    assert fake_lean.requests[-1].form["scope"] == f"customer.{customer}"
    assert fake_lean.count("token") == 1


def test_a_customer_token_below_the_sdks_minimum_is_not_reused(make_client, fake_lean):
    customer = fake_lean.add_customer(app_user_id="user-1")
    fake_lean.token_seconds = 650
    client = make_client()
    client.customer_token(customer)
    client.customer_token(customer)
    assert fake_lean.count("token") == 2


def test_customers_do_not_share_tokens(make_client, fake_lean):
    one, two = (fake_lean.add_customer(app_user_id=name) for name in ("one", "two"))
    client = make_client()
    assert client.customer_token(one) != client.customer_token(two)


def test_a_token_for_another_customer_is_refused(make_client, fake_lean):
    one, other = (fake_lean.add_customer(app_user_id=name) for name in ("one", "other"))
    foreign = tokens.mint(issuer="lean", application="a", scope="", seconds=3599, customer_id=other)
    body = json.dumps({"access_token": foreign, "expires_in": 3599}).encode()
    fake_lean.fault("token", faults.Status(200, body))
    with pytest.raises(UpstreamInvalid, match="another customer"):
        make_client().customer_token(one)


def test_a_customer_token_without_a_secret_names_the_setting(make_client):
    with pytest.raises(ConfigurationError, match="LEAN_CLIENT_SECRET"):
        make_client(client_secret=None).customer_token("x")
