"""An ``access_token`` of the host's own: what Lean's SDK would refuse never reaches a browser."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest

from lean_flask import FlowError
from lean_flask.flows import given_token
from lean_flask.testing import tokens
from support.launching import launch_new


def token_for(app, fake_lean, **changes):
    claims = {
        "issuer": fake_lean.url,
        "application": fake_lean.app_token,
        "scope": "",
        "seconds": 3599,
        "customer_id": app.config["CONNECT"]["customer_id"],
    }
    return tokens.mint(**claims | changes)


def launched_with(app, token):
    app.config["CONNECT"]["access_token"] = token
    return launch_new(app)[2]


@pytest.fixture
def no_secret(make_app):
    return make_app(client_secret=None)


def test_a_good_token_is_used(no_secret, fake_lean):
    token = token_for(no_secret, fake_lean)
    assert launched_with(no_secret, token).json["config"]["access_token"] == token


@pytest.mark.parametrize("seconds", [-60, 0, 599, 650])
def test_a_short_token_is_refused_where_none_can_be_minted(no_secret, fake_lean, seconds):
    with pytest.raises(FlowError, match=r"valid for \d+ s, and Lean's SDK needs ten") as caught:
        launched_with(no_secret, token_for(no_secret, fake_lean, seconds=seconds))
    assert set(caught.value.fields) == {"access_token"}


@pytest.mark.parametrize("seconds", [-60, 0, 599, 650])
def test_a_short_token_is_minted_anew_where_it_can_be(app, fake_lean, seconds):
    token = token_for(app, fake_lean, seconds=seconds)
    given = launched_with(app, token).json["config"]["access_token"]
    assert given != token
    assert given_token.is_lasting(given, time.time())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"customer_id": str(uuid4())}, "another customer"),
        ({"application": str(uuid4())}, "another application"),
        ({"issuer": "https://auth.leantech.me"}, "another environment"),
        ({"issuer": "auth.sandbox.leantech.me"}, "another environment"),
    ],
)
@pytest.mark.parametrize("secret", [True, False])
def test_a_token_for_something_else_is_refused(make_app, fake_lean, changes, words, secret):
    app = make_app(**{} if secret else {"client_secret": None})
    with pytest.raises(FlowError, match=f"access_token cannot be used: it is for {words}"):
        launched_with(app, token_for(app, fake_lean, **changes))


def test_a_token_that_runs_short_before_the_launch(make_app, fake_lean, monkeypatch):
    """Minted anew where it can be; otherwise the flow is over, and its page says so."""
    for settings, status in (({}, 200), ({"client_secret": None}, 410)):
        app = make_app(**settings)
        token = token_for(app, fake_lean, seconds=1200)
        app.config["CONNECT"]["access_token"] = token
        client = app.test_client()
        flow = client.get("/link").location.partition("flow=")[2]
        with monkeypatch.context() as later:
            later.setattr(given_token, "MIN_LIFETIME", 1300)
            response = client.post("/lean/launch", json={"flow": flow})
            page = client.get(f"/lean/picker?flow={flow}")
        assert response.status_code == page.status_code == status
        if status == 410:
            assert response.json["reason"] == "expired"
        else:
            assert response.json["config"]["access_token"] != token


def test_a_token_that_does_not_say_how_long_it_lives_is_logged(app, caplog):
    token = launched_with(app, "host.made.token").json["config"]["access_token"]
    assert token == "host.made.token"
    assert caplog.text.count("The access_token of a flow is no JWT with an expiry") == 1
    assert token not in caplog.text


@pytest.mark.parametrize(
    "claims",
    ["", ".", "b", "!", "W10", "eyJleHAiOnRydWV9", "eyJleHAiOjFlOTk5fQ", "W" * 4000],
)
def test_no_token_is_an_error_of_python(claims):
    token = f"a.{claims}.c"
    assert given_token.seconds_left(token, 0) is None
    assert given_token.is_lasting(token, 0)
