"""LEAN_RETURN_SCHEMES: a flow may return to an app of the host's, and to no other."""

from __future__ import annotations

import html
import re
import time

import pytest

from lean_flask import ConfigurationError, FlowError
from support.launching import SUCCESS, made_at, token_of

APP = "com.example.app"
SCHEMES = ["MyApp", APP]


@pytest.fixture
def app(make_app):
    return make_app(return_schemes=SCHEMES)


@pytest.fixture
def connect(app):
    """Makes a flow that returns to a URL."""

    def make(url):
        with app.test_request_context():
            given = app.config["CONNECT"] | {"return_url": url}
            return app.blueprints["lean"].connect(**given)

    return make


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("myapp://done", "myapp://done"),
        ("myapp:///done?a=b#top", "myapp:///done?a=b#top"),
        (f"{APP}:/done", f"{APP}:/done"),
        ("MYAPP://Done", "myapp://Done"),
        ("/done", "/done"),
        ("https://app.example/done", "https://app.example/done"),
    ],
)
def test_a_flow_may_return_to_an_app(connect, url, kept):
    assert connect(url).return_url == kept


@pytest.mark.parametrize(
    "url",
    [
        "otherapp://done",
        f"{APP}.evil://done",
        "javascript://myapp/%0aalert(1)",
        "javascript:/alert(1)",
        "data:/text/html,myapp",
        "file:///etc/passwd",
        "myapp:done",
        "myapp:",
        "myapp://",
        "myapp://user@done",
        "myapp://do%6ee",
        "myapp://done\\evil",
        "myapp://done now",
        "//myapp",
    ],
)
def test_no_other_scheme_is_taken(connect, url):
    with pytest.raises(FlowError, match="LEAN_RETURN_SCHEMES") as error:
        connect(url)
    assert error.value.fields.keys() == {"return_url"}


def test_without_the_setting_no_app_is_taken(make_app):
    app = make_app()
    app.config["CONNECT"]["return_url"] = "myapp://done"
    with app.test_request_context(), pytest.raises(FlowError, match="which LEAN_RETURN_SCHEMES"):
        app.blueprints["lean"].connect(**app.config["CONNECT"])


@pytest.mark.parametrize(
    "scheme", ["javascript", "DATA:", "https://", "intent", "android-app://", "my app", "", "1app"]
)
def test_what_is_no_scheme_of_an_app_is_refused(make_app, scheme):
    """Behind ``intent:`` an address opens any app, or any website where the app is missing."""
    with pytest.raises(ConfigurationError, match="LEAN_RETURN_SCHEMES"):
        make_app(return_schemes=[APP, scheme])


@pytest.mark.parametrize(
    ("return_url", "begins", "ends"),
    [
        ("myapp://done?order=7#top", "myapp://done?order=7&lean_status=", "#top"),
        (f"{APP}:/done", f"{APP}:/done?lean_status=", ""),
        ("myapp:///done", "myapp:///done?lean_status=", ""),
    ],
)
def test_every_way_back_leads_to_the_app(app, client, return_url, begins, ends):
    app.config["CONNECT"]["return_url"] = return_url

    def link(page, status):
        found = map(html.unescape, re.findall(r'<a [^>]*href="([^"]*)"', page.text))
        (back,) = {url for url in found if "lean_status" in url}
        assert back.startswith(f"{begins}{status}&lean_flow=")
        assert back.endswith(ends)

    def picker(token):
        return client.get("/lean/picker", query_string={"flow": token})

    flow = token_of(client)
    link(picker(flow), "CANCELLED")
    link(picker(made_at(app, flow, time.time() - 1801)), "ERROR")
    client.post("/lean/launch", json={"flow": flow, "bank_identifier": "RJHI_SAU"})
    assert return_url in html.unescape(client.get("/lean/return/fail").text)
    answer = client.post("/lean/callback", json={"flow": flow, "data": SUCCESS}).json
    assert answer["next"].startswith(f"{begins}SUCCESS&lean_flow=")
    link(picker(flow), "SUCCESS")
