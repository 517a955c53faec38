"""Flow tokens: nobody but this browser session can use them, in time, with the host's key."""

import os
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from lean_flask import ConfigurationError, FlowError, LeanBlueprint
from support.launching import CONNECT, CUSTOMER, made_at


def token_of(url):
    return parse_qs(urlsplit(url).query)["flow"][0]


def test_a_flow_has_an_id_a_method_and_the_pickers_url(host, lean):
    flow = lean.connect(**CONNECT)
    assert flow.method == "connect"
    assert flow.url.startswith("/lean/picker?flow=")
    assert flow.id != lean.connect(**CONNECT).id


def test_the_token_shows_nothing_of_the_customer(host, lean):
    flow = lean.connect(**CONNECT, return_url="/done?order=4711")
    assert CUSTOMER not in flow.url
    assert "4711" not in flow.url
    assert CUSTOMER not in repr(flow)


def test_flows_need_a_secret_key(lean):
    app = Flask(__name__)
    app.register_blueprint(lean)
    with app.test_request_context(), pytest.raises(ConfigurationError, match="SECRET_KEY"):
        lean.connect(**CONNECT)


@pytest.mark.parametrize(
    "config", [{"SECRET_KEY": 12345}, {"SECRET_KEY_FALLBACKS": [5]}, {"SECRET_KEY_FALLBACKS": "x"}]
)
def test_a_key_that_is_none_is_refused_in_words(app, config):
    app.config.update(config)
    with app.test_request_context(), pytest.raises(ConfigurationError, match=next(iter(config))):
        app.blueprints["lean"].connect(**app.config["CONNECT"])


def test_a_flow_needs_the_blueprint_on_the_app(lean):
    with Flask(__name__).test_request_context(), pytest.raises(ConfigurationError, match="lean"):
        lean.connect(**CONNECT)


# --- the token in a browser -----------------------------------------------------------------


def start(client):
    return client.get("/link").location


def test_the_browser_that_made_a_flow_can_open_it(client):
    assert client.get(start(client)).status_code == 200


def test_two_flows_live_side_by_side(client):
    first, second = start(client), start(client)
    assert client.get(first).status_code == client.get(second).status_code == 200


def test_another_browser_cannot_open_it(app):
    url = start(app.test_client())
    response = app.test_client().get(url)
    assert response.status_code == 403
    assert "<h1" in response.text


def test_an_unbound_flow_opens_anywhere(make_app):
    app = make_app(bind_flow=False)
    assert app.test_client().get(start(app.test_client())).status_code == 200


@pytest.mark.parametrize(("age", "status"), [(1790, 200), (1801, 410), (-240, 200), (-3600, 410)])
def test_an_expired_flow_is_gone(client, app, age, status):
    """A token from the future counts as expired: nobody knows when it was made."""
    token = made_at(app, token_of(start(client)), time.time() - age)
    response = client.get("/lean/picker", query_string={"flow": token})
    assert response.status_code == status


@pytest.mark.parametrize(
    "tamper",
    [
        lambda token: "",
        lambda token: token[:-9] + ("A" if token[-9] != "A" else "B") + token[-8:],
        lambda token: ("A" if token[0] != "A" else "B") + token[1:],
        lambda token: token[:-1],
        lambda token: token + "=",
        lambda token: token + "%3D%3D",
        lambda token: token[:50] + "." + token[50:],
        lambda token: "é" * 10,
        lambda token: "x" * 20_000,
    ],
)
def test_a_tampered_flow_is_refused(client, tamper):
    token = tamper(token_of(start(client)))
    assert client.get("/lean/picker", query_string={"flow": token}).status_code == 403


def test_a_flow_of_another_blueprint_is_refused(client, app, fake_lean):
    other = LeanBlueprint("other", url_prefix="/other", **fake_lean.settings())
    app.register_blueprint(other)
    token = token_of(start(client))
    assert client.get("/other/picker", query_string={"flow": token}).status_code == 403


def test_a_flow_survives_a_rotated_secret_key(client, app):
    url = start(client)
    app.config.update(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[app.config["SECRET_KEY"]])
    assert client.get(url).status_code == 200


def test_a_flow_of_a_withdrawn_secret_key_is_refused(make_app):
    app = make_app(bind_flow=False)  # or the session's own signature would decide
    url = start(app.test_client())
    app.config["SECRET_KEY"] = "new"
    assert app.test_client().get(url).status_code == 403


def test_refusals_speak_the_customers_language(client):
    response = client.get("/lean/picker?flow=x&lang=ar")
    assert 'lang="ar"' in response.text
    assert 'dir="rtl"' in response.text


def test_a_flow_that_no_address_could_hold_is_refused_when_it_is_made(app):
    lean = app.blueprints["lean"]
    details = {"debtor_indicators": {"note": os.urandom(3000).hex()}}
    with app.test_request_context(), pytest.raises(FlowError, match="too long") as caught:
        lean.pay(**app.config["PAY"], risk_details=details)
    assert set(caught.value.fields) == {"risk_details"}
    assert details["debtor_indicators"]["note"] not in str(caught.value)


@pytest.mark.parametrize("length", range(2100, 2500, 50))
def test_a_flow_is_refused_or_short_enough_for_gunicorn(app, length):
    """gunicorn takes 4,094 characters for the request line."""
    lean = app.blueprints["lean"]
    details = {"debtor_indicators": {"note": os.urandom(length).hex()}}
    with app.test_request_context():
        try:
            url = lean.pay(**app.config["PAY"], risk_details=details).url
        except FlowError:
            return
    assert len(f"GET {url} HTTP/1.1\r\n") <= 4094
