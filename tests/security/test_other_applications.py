"""What a token means outside the application, environment and blueprint that made it: nothing."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from lean_flask import LeanBlueprint
from lean_flask.services import get_services
from lean_flask.web.assets import stylesheet_url

APP_TOKEN = "2c9a80897169b1dd01716a0339a8a2b1"
API = "http://localhost:9"
SAME = {"client_secret": "a secret", "store_url": "memory:", "bind_flow": False}
CONNECT = {
    "customer_id": "3f1b7a52-6c1d-4e59-9a57-0a5b6f3c2d11",
    "permissions": ["identity"],
    "customization": {"theme_color": "#663399"},
}

#: One application, and others that differ from it in one thing each.
MADE_BY = {
    "application": {"app_token": APP_TOKEN},
    "another application": {"app_token": "f" * 32, "client_id": APP_TOKEN},
    "another client": {"app_token": APP_TOKEN, "client_id": "e" * 32},
    "production": {"app_token": APP_TOKEN, "sandbox": False},
    "the UAE": {"app_token": APP_TOKEN, "country": "ae"},
    "the UAE in production": {"app_token": APP_TOKEN, "country": "ae", "sandbox": False},
    "another API": {"app_token": APP_TOKEN, "api_url": API},
    "production there": {"app_token": APP_TOKEN, "api_url": API, "sandbox": False},
    "the UAE there": {"app_token": APP_TOKEN, "api_url": API, "country": "ae"},
    "another blueprint": {"app_token": APP_TOKEN, "name": "payments"},
}


@pytest.fixture(scope="module")
def made():
    """A client of each, with a flow token and a theme that it made; they share ``SECRET_KEY``."""
    return {title: make(settings) for title, settings in MADE_BY.items()}


def make(settings):
    app = Flask(__name__)
    app.config.update(SECRET_KEY="shared by all of them", TESTING=True)
    lean = LeanBlueprint(**{"url_prefix": "/lean"} | SAME | settings)
    app.register_blueprint(lean)
    with app.test_request_context():
        flow = lean.connect(**CONNECT)
        url = stylesheet_url(get_services(lean.name), flow)
    theme = parse_qs(urlsplit(url).query)["theme"][0]
    return app.test_client(), flow.token, theme


@pytest.mark.parametrize("maker", MADE_BY)
def test_a_flow_and_a_theme_mean_something_to_their_maker_alone(made, maker):
    _, flow, theme = made[maker]
    body = {"flow": flow, "data": {"status": "CANCELLED"}}
    for reader, (client, _, _) in made.items():
        ours = maker == reader
        closed = client.post("/lean/callback", json=body)
        assert closed.status_code == (200 if ours else 403), reader
        stylesheet = client.get("/lean/picker.css", query_string={"theme": theme})
        assert stylesheet.status_code == (200 if ours else 404), reader
