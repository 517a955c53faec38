"""The code of docs/mobile.md, docs/spa.md and docs/links.md, used as an app or a front end does."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask, redirect, request, session

from lean_flask import LeanBlueprint
from support.documents import HOST, blocks_of, run

LEFT = {"status": "SUCCESS", "message": "Link closed after redirect"}
LANDED_WITH = {"consent_attempt_id": "attempt-1", "granular_status_code": "OK"}


@pytest.fixture
def host(fake_lean):
    """Makes a host with the code of a page, and a client of its own for each caller."""

    def make(document, **config):
        app = Flask("host")
        app.config.update(SECRET_KEY="a reader's secret key", TESTING=True, **config)
        settings = {"store_url": "memory:", "return_schemes": ["com.example.app"]}
        lean = LeanBlueprint(**fake_lean.settings(), **settings, origins=["https://app.example"])
        app.register_blueprint(lean)
        names = {"app": app, "lean": lean, "__name__": "host"}
        exec(HOST, names)
        names |= {
            "customer_id": fake_lean.add_customer("user-1"),
            "current_user": SimpleNamespace(id="user-1"),
            "connections": {},
        }
        for block in blocks_of(document):
            if block.language == "python" and not block.not_run:
                run(block, names)
        return SimpleNamespace(app=app, names=names, sign_in=lambda token: sign_in(app, token))

    return make


def sign_in(app, token):
    client = app.test_client(use_cookies=False)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


@pytest.mark.parametrize("platform", ["react-native", "flutter", "ios", "android"])
def test_an_app_goes_to_the_bank_and_back_by_the_routes_and_by_python(host, platform):
    mobile = host("docs/mobile.md")
    client = mobile.sign_in("the app's token")
    flow = client.post("/api/flows").json
    body = {"flow": flow["token"], "platform": platform}
    choice = {"bank_identifier": "RJHI_SAU"}
    launched = [
        client.post(path, json=body | choice).json for path in ("/lean/launch", "/api/launch")
    ]
    assert launched[0].keys() == {"method", "config", "native"} == launched[1].keys()
    for call in launched:
        assert call["config"].pop("access_token").count(".") == 2
    assert launched[0] == launched[1]
    assert launched[0]["config"]["success_redirect_url"] == "http://localhost/lean/return/success"
    assert client.post("/api/closed", json=body | {"data": LEFT}).json == {"status": "REDIRECT"}
    path = f"/api/flows/{flow['id']}?flow={flow['token']}"
    assert client.get(path).json == {"status": "at_bank"}
    back = client.post("/api/returned", json=body | {"query": LANDED_WITH}).json
    assert (back["method"], back["config"]["consent_attempt_id"]) == (
        "captureRedirect",
        "attempt-1",
    )
    assert (
        client.post("/api/closed", json=body | {"data": {"status": "SUCCESS"}}).status_code == 200
    )
    assert client.get(path).json == {"status": "reported"}
    again = client.post("/api/returned", json=body | {"query": LANDED_WITH})
    assert again.json == {"method": None}
    over = client.post("/api/launch", json=body | choice)
    assert (over.status_code, over.json) == (410, {"reason": "completed"})


def test_the_refusals_of_an_apps_own_routes(host):
    mobile = host("docs/mobile.md")
    client, stranger = mobile.sign_in("the app's token"), mobile.sign_in("another token")
    body = {"flow": client.post("/api/flows").json["token"], "platform": "ios"}

    def refusal(client, call="launch", **more):
        response = client.post(f"/api/{call}", json=body | more)
        return response.status_code, response.json["reason"]

    assert stranger.post("/api/flows").status_code == 401
    assert refusal(stranger, bank_identifier="RJHI_SAU") == (403, "signed_out")
    assert refusal(client, bank_identifier="NO_BANK") == (409, "unknown")
    assert refusal(client, bank_identifier="RJHI_SAU", platform="symbian") == (400, "arguments")
    assert refusal(client, bank_identifier="no id!") == (400, "arguments")
    assert refusal(client, "closed", data={}) == (400, "arguments")


def test_the_system_browser_opens_the_picker_for_whom_it_knows(host):
    mobile = host("docs/mobile.md")
    url = mobile.sign_in("the app's token").post("/api/picker").json["url"]
    browser = mobile.app.test_client()
    assert browser.get(url).status_code == 403
    with browser.session_transaction() as cookie:
        cookie["user_id"] = "user-1"
    page = browser.get(url)
    assert page.status_code == 200
    assert "com.example.app://linked" in page.text


def test_a_web_view_is_signed_in_by_a_code_in_a_header_once(host):
    mobile = host("docs/mobile.md")
    code = mobile.sign_in("the app's token").post("/api/code").json["code"]
    view, headers = mobile.app.test_client(), {"App-Code": code}
    assert view.get("/app/picker").status_code == 401
    opened = view.get("/app/picker", headers=headers)
    assert view.get(opened.location).status_code == 200
    assert mobile.app.test_client().get("/app/picker", headers=headers).status_code == 401


def test_a_front_end_on_another_origin(host):
    spa = host("docs/spa.md")
    client = spa.sign_in("the token of a sign-in")
    headers = {"Origin": "https://app.example"}
    begun = client.post("/api/flows", headers=headers)
    assert begun.headers["Access-Control-Allow-Origin"] == headers["Origin"]
    body = {"flow": begun.json["token"]}
    choice = {"bank_identifier": "RJHI_SAU"}
    launch = client.post("/lean/launch", json=body | choice, headers=headers)
    assert launch.headers["Access-Control-Allow-Origin"] == headers["Origin"]
    assert launch.json["config"]["success_redirect_url"] == "https://app.example/return"
    client.post("/lean/callback", json=body | {"data": {"status": "REDIRECT"}}, headers=headers)
    back = client.post("/lean/return", json=body | {"landed_with": LANDED_WITH}, headers=headers)
    assert back.json["method"] == "captureRedirect"


def test_a_link_from_a_script_opens_after_the_login_for_its_user_alone(host):
    links = host("docs/links.md", SERVER_NAME="shop.example", PREFERRED_URL_SCHEME="https")
    with links.app.app_context():
        flow_id, url = links.names["make_link"]("user-1", links.names["customer_id"])
    assert url.startswith("https://shop.example/lean/picker?flow=")

    @links.app.get("/login")
    def login():
        session["user_id"] = request.args["user"]
        return redirect(request.args["next"])

    def open_as(user):
        client = links.app.test_client()
        asked = client.get(url)
        (after,) = parse_qs(urlsplit(asked.location).query)["next"]
        query = {"next": after, "user": user}
        page = client.get("/login", query_string=query, base_url="https://shop.example")
        return client.get(page.location, base_url="https://shop.example")

    assert open_as("user-1").status_code == 200
    assert open_as("user-2").status_code == 403
    with links.app.test_request_context():
        assert links.names["lean"].outcome(flow_id).status == "open"
    with links.app.test_client() as client:
        assert "<svg" in client.get("/show-code", base_url="https://shop.example").text
