"""A proxy that Flask does not know of: said in the log, and no customer is sent to http://."""

from __future__ import annotations

import pytest
from werkzeug.middleware.proxy_fix import ProxyFix

WARNING = "A proxy says that browsers see another scheme or host than Flask does"


def lines(caplog, text):
    return [line for line in caplog.messages if text in line]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Proto": "HTTPS, http"},
        {"X-Forwarded-Host": "shop.example"},
        {"Forwarded": 'for=192.0.2.1; proto="https"'},
        {"X-Forwarded-Ssl": "on"},
        {"Front-End-Https": "On"},
        {"X-Forwarded-Scheme": "https"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://shop.example"},
    ],
)
def test_it_is_said_once(client, caplog, headers):
    for _ in range(3):
        client.get("/lean/banks", headers=headers)
    assert len(lines(caplog, WARNING)) == 1
    assert "shop.example" not in caplog.text


def test_a_proxy_that_flask_knows_is_fine(app, caplog):
    app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=1, x_host=1)
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "shop.example"}
    app.test_client().get("/lean/banks", headers=headers)
    assert lines(caplog, WARNING) == []


def test_a_proxy_that_tells_flask_only_the_scheme_is_said(app, caplog):
    app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=1)
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "shop.example"}
    app.test_client().get("/lean/banks", headers=headers)
    assert len(lines(caplog, WARNING)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Proto": "http"},
        {"X-Forwarded-Host": "shop.example:80"},
        {"X-Forwarded-Host": "other.example, shop.example"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://shop.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://other.example"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
)
def test_what_says_nothing_of_a_proxy_is_no_warning(client, caplog, headers):
    client.get("/lean/banks", headers=headers, base_url="http://shop.example")
    assert lines(caplog, WARNING) == []


def launch(app, base_url, headers=None):
    client = app.test_client()
    token = client.get("/link", base_url=base_url).location.partition("flow=")[2]
    return client.post("/lean/launch", json={"flow": token}, base_url=base_url, headers=headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "shop.example"},
        {"X-Forwarded-Ssl": "on"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://shop.example"},
    ],
)
def test_a_proxy_that_passes_no_host_on_is_no_developers_machine(make_app, headers):
    """By default nginx sends the address of the app as ``Host``."""
    response = launch(make_app(sandbox=False), "http://127.0.0.1:8000", headers)
    assert response.status_code == 503
    assert "ProxyFix" in response.json["detail"]


def test_production_sends_nobody_to_an_http_landing(make_app, fake_lean, caplog):
    response = launch(make_app(sandbox=False), "http://shop.example")
    assert response.status_code == 503
    assert response.mimetype == "application/problem+json"
    assert "ProxyFix" in response.json["detail"]
    assert len(lines(caplog, "Refused a launch in production")) == 1
    assert fake_lean.count("token") <= 1  # none for the customer


@pytest.mark.parametrize(
    ("sandbox", "base_url"),
    [
        (False, "https://shop.example"),
        (False, "http://localhost:5000"),
        (False, "http://[::1]:5000"),
        (True, "http://shop.example"),
    ],
)
def test_other_launches_go_on(make_app, sandbox, base_url):
    assert launch(make_app(sandbox=sandbox), base_url).status_code == 200
