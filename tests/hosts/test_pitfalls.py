"""Mistakes that are easy to make with Lean's SDK and API, and that no flow here makes."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from lean_flask import FlowError, LeanBlueprint, flow_closed
from lean_flask.testing import faults


def token_of(client, path="/link"):
    return parse_qs(urlsplit(client.get(path).location).query)["flow"][0]


def launch(client, **choice):
    return client.post("/lean/launch", json={"flow": token_of(client)} | choice)


@pytest.fixture
def picker(app, serve, open_page):
    def go():
        page = open_page()
        page.goto(f"{serve(app)}/link")
        return page

    return go


def test_nothing_opened_is_noticed(app, serve, open_page):
    page = open_page()
    page.clock.install()
    page.goto(f"{serve(app)}/link")
    page.wait_for_function("() => window.Lean")
    page.evaluate("Lean.connect = () => { window.asked = true; }")  # a config error in production
    page.locator("#all .row").first.click()
    expect(page.locator("#all .row.chosen")).to_be_visible()
    page.wait_for_function("() => window.asked")
    page.clock.run_for(6_000)
    expect(page.locator("#screen h1")).to_have_text("The secure window did not open")


def test_booleans_are_booleans(client, app):
    app.config["CONNECT"]["show_consent_explanation"] = False
    config = launch(client).json["config"]
    assert config["sandbox"] is True
    assert config["show_consent_explanation"] is False
    with app.test_request_context(), pytest.raises(FlowError, match="show_consent_explanation"):
        app.blueprints["lean"].connect(
            **app.config["CONNECT"] | {"show_consent_explanation": "false"}
        )


def test_redirect_urls_are_always_the_same_two(client):
    urls = {
        launch(client, bank_identifier=bank).json["config"][name]
        for bank in ("RJHI_SAU", "SNB_SAU")
        for name in ("success_redirect_url", "fail_redirect_url")
    }
    assert len(urls) == 2
    assert not any(urlsplit(url).query or urlsplit(url).fragment for url in urls)


def test_an_early_callback_does_not_end_the_flow(client, app):
    heard = []

    def listen(sender, flow, data):
        heard.append(data.status)

    token = token_of(client)
    with flow_closed.connected_to(listen, app):
        for status in ("ERROR", "REDIRECT"):
            client.post("/lean/callback", json={"flow": token, "data": {"status": status}})
        assert client.post("/lean/return", json={"flow": token}).status_code == 200
        client.post("/lean/callback", json={"flow": token, "data": {"status": "SUCCESS"}})
    assert heard == ["ERROR", "REDIRECT", "SUCCESS"]


def test_no_bearer_prefix_and_ten_minutes_left(client, fake_lean):
    fake_lean.token_seconds = 700
    first = launch(client).json["config"]["access_token"]
    second = launch(client).json["config"]["access_token"]
    assert first == second
    fake_lean.token_seconds = 630  # below ten minutes and the margin: never reused
    payload = first.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert claims["exp"] - claims["iat"] == 700
    assert not first.startswith("Bearer")


def test_a_token_short_of_the_sdks_minimum_is_minted_anew(client, fake_lean):
    fake_lean.token_seconds = 650
    first = launch(client).json["config"]["access_token"]
    assert launch(client).json["config"]["access_token"] != first


def test_two_applications_share_no_token(app, fake_lean):
    settings = fake_lean.settings() | {"store_url": "memory:"}
    app.register_blueprint(LeanBlueprint("other", url_prefix="/other", **settings))
    client = app.test_client()
    for prefix in ("/lean", "/other"):
        assert client.get(f"{prefix}/banks").status_code == 200
    assert fake_lean.count("token") == 2
    assert fake_lean.count("banks") == 2


def test_the_loader_is_requested_with_the_page(picker, fake_lean):
    picker().wait_for_function("() => window.Lean")
    paths = {request.path for request in fake_lean.requests if request.endpoint == "loader"}
    assert paths == {"/link/loader/prod/sa/latest/lean-link-loader.min.js"}
    assert fake_lean.launches == []


def test_a_loader_without_its_global_is_seen_at_once(picker, fake_lean):
    fake_lean.fault("loader", faults.Status(200, b"/* emptied by a blocker */", "text/javascript"))
    page = picker()
    page.locator("#all .row").first.click()
    expect(page.locator("#screen h1")).to_have_text("The secure window could not load")
    fake_lean.heal("loader")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#lean-stand-in")).to_be_visible()


def test_no_secret_reaches_the_browser(client, fake_lean):
    page = client.get(client.get("/link").location).text
    config = launch(client, bank_identifier="RJHI_SAU").text
    for secret in (fake_lean.client_secret, fake_lean.webhook_secret, *fake_lean.live_tokens):
        assert secret not in page
        assert secret not in config


def test_a_token_of_the_browsers_is_never_used(client, fake_lean):
    client.get("/lean/banks", headers={"Authorization": "Bearer of-the-browser"})
    sent = [request.headers.get("authorization", "") for request in fake_lean.requests]
    assert not any("of-the-browser" in value for value in sent)


@pytest.mark.parametrize(
    "url", ["https://shop.example/%D8%B4%D9%83%D8%B1%D8%A7", "https://shop.example/a%20b?c=%26"]
)
def test_percent_encoded_redirects_arrive_unchanged(client, app, url):
    app.config["CONNECT"]["success_redirect_url"] = url
    assert launch(client).json["config"]["success_redirect_url"] == url


def test_raw_characters_in_a_redirect_are_refused(app):
    with app.test_request_context(), pytest.raises(FlowError, match="success_redirect_url"):
        app.blueprints["lean"].connect(
            **app.config["CONNECT"] | {"success_redirect_url": "https://shop.example/a b"}
        )
