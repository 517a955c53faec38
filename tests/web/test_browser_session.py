"""Which browser a flow belongs to: first flows in parallel, clocks that differ, logout."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest

from support.launching import token_of


def cookies_of(response):
    """Name to value of what the response sets."""
    lines = response.headers.getlist("Set-Cookie")
    pairs = (line.partition(";")[0].partition("=") for line in lines)
    return {name: value for name, _, value in pairs}


def flow_of(response):
    return parse_qs(urlsplit(response.location).query)["flow"][0]


@pytest.fixture
def raced(app):
    """A browser whose two first requests were under way at once, and both of its flows."""
    responses = [app.test_client(use_cookies=False).get("/link") for _ in range(2)]
    browser = app.test_client()
    for response in responses:
        for name, value in cookies_of(response).items():
            browser.set_cookie(name, value)
    return browser, [flow_of(response) for response in responses]


def test_two_first_flows_in_parallel_both_work(raced):
    browser, flows = raced
    for flow in flows:
        assert browser.get("/lean/picker", query_string={"flow": flow}).status_code == 200
    for flow in flows:
        assert browser.post("/lean/launch", json={"flow": flow}).status_code == 200


def test_the_cookie_beside_the_session_is_as_careful_as_the_session(make_app):
    app = make_app()
    app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")
    lines = app.test_client().get("/link", base_url="https://localhost").headers
    (line,) = [one for one in lines.getlist("Set-Cookie") if one.startswith("lean_flask_")]
    for attribute in ("HttpOnly", "Secure", "SameSite=Lax", "Max-Age=1800", "Path=/"):
        assert attribute in line


def test_after_a_logout_the_cookie_beside_the_session_opens_nothing(app, raced):
    browser, flows = raced
    browser.delete_cookie("session")  # as session.clear() does
    for flow in flows:
        assert browser.get("/lean/picker", query_string={"flow": flow}).status_code == 403
    browser.get("/link")  # the next user of the browser
    for flow in flows:
        assert browser.get("/lean/picker", query_string={"flow": flow}).status_code == 403


def test_the_cookie_beside_the_session_must_hold_the_name(app):
    made = app.test_client().get("/link")
    (cookie,) = [name for name in cookies_of(made) if name != "session"]
    stranger = app.test_client()
    stranger.get("/link")
    stranger.set_cookie(cookie, "guessed")
    query = {"flow": flow_of(made)}
    assert stranger.get("/lean/picker", query_string=query).status_code == 403


@pytest.mark.parametrize("seconds", [-60, 60])
def test_machines_a_minute_apart_share_flows(app, client, monkeypatch, seconds):
    """One machine makes the flow, the other opens it: both sign with their own clock."""
    real = time.time
    app.config["PERMANENT_SESSION_LIFETIME"] = 86_400
    with monkeypatch.context() as patched:
        patched.setattr(time, "time", lambda: real() + seconds)
        token = token_of(client)
    assert client.get("/lean/picker", query_string={"flow": token}).status_code == 200
    assert client.post("/lean/launch", json={"flow": token}).status_code == 200
    assert f'data-flow="{token}"' in client.get("/lean/return/success").text
    data = {"flow": token, "data": {"status": "SUCCESS"}}
    assert client.post("/lean/callback", json=data).status_code == 200


def test_a_session_of_another_year_is_not_taken(app, client, monkeypatch):
    real = time.time
    token = token_of(client)
    with monkeypatch.context() as patched:
        patched.setattr(time, "time", lambda: real() + 3_600)
        other = app.test_client()
        other.get("/link")
    session = other.get_cookie("session").value
    client.set_cookie("session", session)
    assert client.get("/lean/picker", query_string={"flow": token}).status_code == 403


def test_names_have_128_bits(app, client):
    client.get("/link")
    with client.session_transaction() as session:
        (name,) = session["lean_flask"]["browsers"]
    assert len(name) == 22
