"""Beside other Flask extensions: a customer's way through each recipe of the docs."""

from __future__ import annotations

import re

import flask_login
import pytest
from flask import Blueprint
from flask_talisman import Talisman
from flask_wtf import CSRFProtect
from playwright.sync_api import expect

from lean_flask import LeanBlueprint
from support.browser import skip_pause
from support.host_walk import SUCCESS, Walk, flow_of, follow, host


@pytest.mark.parametrize("nested", [False, True], ids=["flat", "nested"])
@pytest.mark.parametrize("first", ["csrf", "lean"])
def test_flask_wtf(lean_settings, connect, webhook, first, nested):
    lean = LeanBlueprint(**lean_settings)

    def register(app, blueprint):
        csrf = CSRFProtect()
        if first == "csrf":
            csrf.init_app(app)
        parent = Blueprint("shop", __name__, url_prefix="/shop")
        if nested:
            parent.register_blueprint(blueprint)
        app.register_blueprint(parent if nested else blueprint)
        if first == "lean":
            csrf.init_app(app)

    app = host(lean, connect, register)
    app.post("/transfer")(lambda: "sent")
    client = app.test_client()
    root = "/shop/lean" if nested else "/lean"
    walk = Walk(client, root)
    form = client.post(f"{root}/launch", data={"flow": walk.flow})
    assert form.status_code == 303  # it passes CSRFProtect: a tap before the script is there
    walk.through()
    assert webhook(client, root) == 200
    lean.operator(lambda: "Noura")
    page = client.get(f"{root}/operations").text
    fields = {"token": re.search(r'name="token" value="([^"]+)"', page)[1], "do": "refresh"}
    done = client.post(f"{root}/operations", data=fields)
    assert (done.status_code, done.location) == (303, f"{root}/operations?lang=en")
    assert client.post("/transfer").status_code == 400  # the host's own stay protected


def test_flask_wtf_goes_on_protecting_the_hosts_views(lean_settings, connect, webhook):
    """Those on our blueprint, and those that a decorator without functools.wraps makes alike."""
    lean = LeanBlueprint(**lean_settings)
    lean.post("/transfer")(lambda: "sent")

    def register(app, blueprint):
        CSRFProtect(app)
        app.register_blueprint(blueprint)

    app = host(lean, connect, register)
    app.post("/plain", endpoint="plain")(lambda: "sent")

    def counted(view):
        def wrapper(**arguments):
            return view(**arguments)

        return wrapper

    for endpoint in ("plain", "lean.webhooks"):
        app.view_functions[endpoint] = counted(app.view_functions[endpoint])
    client = app.test_client()
    assert webhook(client) == 400  # Flask-WTF cannot tell the two apart, so it protects both
    assert client.post("/plain").status_code == 400
    assert client.post("/lean/transfer").status_code == 400


def test_something_else_that_is_called_csrf(make_app):
    app = make_app()
    app.extensions["csrf"] = "a token of the host's own"
    Walk(app.test_client()).through()


def test_flask_limiter(make_app, webhook):
    app = make_app()
    limits = follow(app, "Flask-Limiter")["limits"]
    assert {f"lean.{route}" for route in limits} <= set(app.view_functions)
    client = app.test_client()
    walk = Walk(client)
    walk.through()
    walk = Walk(client)
    assert [walk.launch().status_code for _ in range(10)] == [200] * 9 + [429]
    assert [walk.post("return").status_code for _ in range(10)] == [200] * 9 + [429]
    assert walk.post("callback", data=SUCCESS).status_code == 200  # each route counts by itself
    assert [webhook(client) for _ in range(40)] == [200] * 40


def test_a_blueprint_of_the_host_nested_in_ours(lean_settings, connect):
    child = Blueprint("help", __name__, url_prefix="/help")
    child.get("/")(lambda: "<!doctype html><h1>Help</h1>")
    lean = LeanBlueprint(**lean_settings)
    lean.register_blueprint(child)
    app = host(lean, connect, lambda app, blueprint: app.register_blueprint(blueprint))
    client = app.test_client()
    assert client.get("/lean/help/").text.endswith("<h1>Help</h1>")
    Walk(client).through()


def test_flask_login(make_app):
    app = make_app()
    follow(app, "Flask-Login")
    follow(app, "Flows of a user")

    class User(flask_login.UserMixin):
        id = "user-1"

    app.login_manager.user_loader(lambda _: User())
    app.get("/login")(lambda: str(flask_login.login_user(User())))
    client = app.test_client()
    assert client.get("/accounts/link").status_code == 401
    client.get("/login")
    Walk(client, link="/accounts/link").through()
    walk = Walk(client, link="/accounts/link")
    client.post("/logout")
    assert walk.launch().json["reason"] == "invalid_flow"
    client.get("/login")
    Walk(client, link="/accounts/link-mine").through()
    walk = Walk(client, link="/accounts/link-mine")
    client.post("/logout")
    assert walk.launch().json["reason"] == "signed_out"
    public, alone = client.get("/lean/banks"), make_app().test_client().get("/lean/banks")
    for name in ("ETag", "Cache-Control"):
        assert public.headers[name] == alone.headers[name]
    assert "Set-Cookie" not in public.headers
    assert ("Cookie" in public.vary, "Cookie" in alone.vary) == (True, False)


def test_flask_babel(make_app):
    plain, beside = make_app(), make_app()
    beside.config["CONNECT"] = plain.config["CONNECT"]
    follow(beside, "Flask-Babel")
    for language in ("en", "ar"):
        pages = []
        for app in (plain, beside):
            client = app.test_client()
            flow = flow_of(client.get("/link"))
            page = client.get("/lean/picker", query_string={"flow": flow, "lang": language})
            text = page.text.replace(flow, "…")
            pages.append(text.replace(re.search(r'lean_flow=([^"&]+)"', text)[1], "…"))
        assert pages[0] == pages[1]
    config = Walk(beside.test_client(), link="/link-in-my-language").through()
    assert config["language"] == "ar"


def test_flask_talisman_sends_our_policy(make_app):
    app = make_app(csp="strict")
    follow(app, "Flask-Talisman", "csp.md")
    client = app.test_client()
    secure = {"base_url": "https://localhost"}
    Walk(client, **secure).through()
    page = client.get("/lean/return/success", **secure)
    (policy,) = page.headers.getlist("Content-Security-Policy")
    sent = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    with app.app_context():
        assert {name: sources.split() for name, sources in sent.items()} == {
            **app.blueprints["lean"].csp(),
            "frame-ancestors": ["'none'"],
        }
    assert client.get("/lean/return/success").status_code == 302  # to https, by Talisman


def test_the_session_cookie(make_app):
    app = make_app(sandbox=False)
    follow(app, "The session cookie")
    response = app.test_client().get("/link", base_url="https://localhost")
    cookies = response.headers.getlist("Set-Cookie")
    assert len(cookies) == 2  # the session, and which browser a flow belongs to
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    checked = app.test_cli_runner().invoke(args=["lean", "check"]).output
    assert "ok    cookie" in checked
    assert "warn  cookie" not in checked


def test_all_of_them_at_once(make_app, serve, open_page):
    """Every recipe on one app: nothing is blocked, and the customer gets through."""
    app = make_app(csp="strict")
    app.debug = True  # Talisman then leaves plain http alone
    for chapter in ("Flask-WTF", "Flask-Login", "Flask-Babel", "Flask-Limiter", "A proxy in front"):
        follow(app, chapter)
    follow(app, "Flask-Talisman", "csp.md")
    app.login_manager.user_loader(lambda _: None)
    page = open_page()  # fails on any violation of the policy
    page.clock.install()
    page.goto(f"{serve(app)}/link")
    page.locator("#all .row[value=RJHI_SAU]").click()
    page.frame_locator("#lean-stand-in").locator("[data-lean-end=REDIRECT]").click()
    page.wait_for_url("**/stand-in/bank?**")
    page.locator("[data-bank-end=approve]").click()
    page.frame_locator("#lean-stand-in").locator("[data-lean-end=SUCCESS]").click()
    skip_pause(page)
    page.wait_for_url(re.compile(r"/done\?lean_status=SUCCESS"))


def test_talismans_own_policy_stops_leans_script_and_nothing_of_ours(
    make_app, serve, browser, fake_lean
):
    app = make_app()
    app.debug = True
    Talisman(app)
    page = browser.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{serve(app)}/link")
    row = page.locator("#all .row[value=RJHI_SAU]")
    expect(row).to_be_visible()
    accent = "getComputedStyle(document.documentElement).getPropertyValue('--accent')"
    assert page.evaluate(accent)  # our stylesheet
    page.locator("#query").fill("rajhi")
    expect(page.locator("#all .row:visible")).to_have_count(1)  # our script
    row.click()
    expect(page.get_by_role("heading", name="could not load")).to_be_visible()
    refused = [text for text in complaints if "Content Security Policy" in text]
    assert any("lean-link-loader" in text for text in refused)
    ours = [text for text in refused if fake_lean.url not in text]
    assert [text for text in ours if "'data:,'" not in text] == []  # the empty icon
    page.close()
