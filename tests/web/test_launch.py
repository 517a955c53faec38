"""POST /launch: what a browser may choose, and the config that it gets."""

from urllib.parse import parse_qs, urlsplit

import pytest

from lean_flask.testing import faults
from support.launching import SUCCESS, launch_new


def test_the_config_is_exactly_what_the_sdk_takes(launch, app, fake_lean):
    response = launch(bank_identifier="RJHI_SAU")
    config = response.json["config"]
    assert response.json["method"] == "connect"
    assert config.pop("access_token").count(".") == 2
    assert config == {
        "app_token": fake_lean.app_token,
        "customer_id": app.config["CONNECT"]["customer_id"],
        "permissions": ["identity", "accounts"],
        "bank_identifier": "RJHI_SAU",
        "account_type": "PERSONAL",
        "sandbox": True,
        "language": "en",
        "success_redirect_url": "http://localhost/lean/return/success",
        "fail_redirect_url": "http://localhost/lean/return/fail",
    }


def test_nothing_may_keep_the_config(launch):
    assert launch(bank_identifier="RJHI_SAU").headers["Cache-Control"] == "no-store"


def test_the_token_is_the_customers_own(launch, app, fake_lean):
    launch(bank_identifier="RJHI_SAU")
    scopes = [r.form["scope"] for r in fake_lean.requests if r.endpoint == "token"]
    assert f"customer.{app.config['CONNECT']['customer_id']}" in scopes
    assert "api" not in launch(bank_identifier="RJHI_SAU").json["config"]["access_token"]


def test_without_a_secret_key_no_strangers_token_is_an_error_of_ours(app, caplog):
    app.config["SECRET_KEY"] = None
    client = app.test_client()
    assert client.post("/lean/launch", json={"flow": "x"}).status_code == 403
    assert client.get("/lean/picker?flow=x").status_code == 403
    assert "SECRET_KEY is not set" in caplog.text


def test_without_a_secret_the_sdk_runs_without_a_token(make_app):
    app = make_app(client_secret=None)
    client = app.test_client()
    token = parse_qs(urlsplit(client.get("/link").location).query)["flow"][0]
    assert "access_token" not in client.post("/lean/launch", json={"flow": token}).json["config"]


def test_the_hosts_theme_reaches_the_sdk(make_app):
    app = make_app(customization={"theme_color": "#0a6847", "button_border_radius": "8"})
    app.config["CONNECT"]["customization"] = {"theme_color": "rgb(1, 2, 3)"}
    client = app.test_client()
    token = parse_qs(urlsplit(client.get("/link").location).query)["flow"][0]
    config = client.post("/lean/launch", json={"flow": token}).json["config"]
    assert config["customization"] == {"theme_color": "rgb(1, 2, 3)", "button_border_radius": "8"}


def test_the_pages_language_reaches_the_sdk(client, flow):
    response = client.post("/lean/launch?lang=ar", json={"flow": flow})
    assert response.json["config"]["language"] == "ar"


def test_without_a_bank_the_sdk_makes_its_own_choice(launch):
    assert "bank_identifier" not in launch().json["config"]


def test_the_hosts_own_choice_is_used_unless_the_customer_makes_another(app):
    app.config["CONNECT"]["bank_identifier"] = "SNB_SAU"
    client = app.test_client()
    token = parse_qs(urlsplit(client.get("/link").location).query)["flow"][0]

    def chosen(**body):
        response = client.post("/lean/launch", json={"flow": token} | body)
        return response.json["config"]["bank_identifier"]

    assert chosen() == "SNB_SAU"
    assert chosen(bank_identifier="RJHI_SAU") == "RJHI_SAU"


def test_the_hosts_own_choice_works_without_any_list(app, fake_lean):
    app.config["CONNECT"]["bank_identifier"] = "SNB_SAU"
    fake_lean.fault("banks", faults.Status(500))
    client = app.test_client()
    token = parse_qs(urlsplit(client.get("/link").location).query)["flow"][0]
    config = client.post("/lean/launch", json={"flow": token}).json["config"]
    assert config["bank_identifier"] == "SNB_SAU"


@pytest.mark.parametrize(
    ("bank", "reason"), [("NOBODY_SAU", "unknown"), ("BSF_SAU", "unavailable")]
)
def test_a_bank_that_cannot_be_used_is_refused(launch, fake_lean, bank, reason):
    fake_lean.set_availability("BSF_SAU", active={"data": False})
    response = launch(bank_identifier=bank)
    assert response.status_code == 409
    assert response.mimetype == "application/problem+json"
    assert response.json["reason"] == reason
    assert fake_lean.count("token") <= 1


@pytest.mark.parametrize(
    "body",
    [
        {"bank_identifier": "A B"},
        {"bank_identifier": 7},
        {"bank_identifier": ["RJHI_SAU"]},
        {"account_id": "not a uuid"},
        {"customer_id": "someone else"},
        {"app_token": "x"},
        {"config": {}},
    ],
    ids=str,
)
def test_a_browser_can_say_nothing_else(launch, body):
    response = launch(**body)
    assert response.status_code == 400
    assert response.json["errors"]


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"x"', b"{", b"\xff"])
def test_a_body_that_is_no_json_object_is_a_400(client, body):
    for path in ("/lean/launch", "/lean/callback"):
        response = client.post(path, data=body, content_type="application/json")
        assert response.status_code == 400


def test_another_content_type_is_a_415(client):
    assert client.post("/lean/launch", data="x", content_type="text/plain").status_code == 415


def test_a_large_body_is_refused(client):
    response = client.post("/lean/callback", json={"flow": "x" * 100_000})
    assert response.status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
    ids=str,
)
def test_another_site_cannot_launch_or_call_back(client, flow, headers):
    for path in ("/lean/launch", "/lean/callback"):
        body = {"flow": flow, "data": SUCCESS} if path.endswith("callback") else {"flow": flow}
        assert client.post(path, json=body, headers=headers).status_code == 403


def test_our_own_page_can(client, flow):
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    assert client.post("/lean/launch", json={"flow": flow}, headers=headers).status_code == 200


def test_credentials_that_lean_refuses_are_no_outage(launch, fake_lean, caplog):
    fake_lean.rotate_secret()
    response = launch()
    assert (response.status_code, response.json["reason"]) == (502, "upstream_refused")
    assert "Retry-After" not in response.headers
    assert "Trying again does not help" in response.json["advice"]
    assert fake_lean.client_secret not in response.text
    assert "look at LEAN_CLIENT_ID, LEAN_CLIENT_SECRET" in caplog.text


def test_a_token_endpoint_that_fails_is_an_outage(launch, fake_lean):
    fake_lean.fault("token", faults.Status(500))
    response = launch()
    assert (response.status_code, response.json["reason"]) == (503, "upstream")
    assert response.headers["Retry-After"]


def test_choosing_and_launching_are_signalled(launch, heard):
    launch(bank_identifier="RJHI_SAU")
    assert [name for name, _ in heard] == ["bank-selected", "flow-launched"]
    assert heard[0][1]["bank"].identifier == "RJHI_SAU"
    assert heard[0][1]["account_id"] is None


def test_the_hosts_own_token_is_used_and_none_is_minted_for_the_customer(app, fake_lean):
    app.config["CONNECT"]["access_token"] = "host.made.token"
    _, _, response = launch_new(app)
    assert response.json["config"]["access_token"] == "host.made.token"
    scopes = [one.form["scope"] for one in fake_lean.requests if one.endpoint == "token"]
    assert not [scope for scope in scopes if scope.startswith("customer.")]


def test_without_a_client_secret_the_sdk_runs_without_a_token(make_app):
    _, _, response = launch_new(make_app(client_secret=None))
    assert response.status_code == 200
    assert "access_token" not in response.json["config"]
