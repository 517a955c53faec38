"""Beside other extensions and behind servers: a customer's way through each recipe of the docs."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import flask_login
import pytest
from flask import Blueprint, Flask, redirect
from flask_talisman import Talisman
from flask_wtf import CSRFProtect
from playwright.sync_api import expect
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from lean_flask import ConfigurationError, LeanBlueprint
from lean_flask.testing import FakeLean
from support.documents import block_under, run

SUCCESS = {"status": "SUCCESS", "lean_correlation_id": "abc123"}


def follow(app, chapter, document="extensions.md"):
    """Do to *app* what the chapter says; the names that its code defines."""
    names = {"app": app, "lean": app.blueprints["lean"]}
    run(block_under(f"docs/{document}", chapter), names)
    return names


def flow_of(answer):
    return parse_qs(urlsplit(answer.location).query)["flow"][0]


class Walk:
    """A customer's way over HTTP, wherever the blueprint stands."""

    def __init__(self, client, root="/lean", link="/link", **options):
        self.client, self.root, self.options = client, root, options
        self.begun = client.get(link, **options)
        self.flow = flow_of(self.begun)

    def post(self, path, **body):
        url = f"{self.root}/{path}"
        return self.client.post(url, json={"flow": self.flow} | body, **self.options)

    def launch(self):
        return self.post("launch", bank_identifier="RJHI_SAU")

    def through(self):
        """The SDK's config; every step on the way has worked."""
        page = self.client.get(
            f"{self.root}/picker", query_string={"flow": self.flow}, **self.options
        )
        assert page.status_code == 200, page.text
        assert "Al Rajhi" in page.text or "الراجحي" in page.text
        launched = self.launch()
        assert launched.status_code == 200, launched.text
        assert self.client.get(f"{self.root}/return/success", **self.options).status_code == 200
        assert self.post("return").status_code == 200
        assert self.post("callback", data=SUCCESS).status_code == 200
        return launched.json["config"]


@pytest.fixture
def webhook(fake_lean):
    """Sends a signed webhook; its status."""

    def send(client, root="/lean"):
        body, headers = fake_lean.signed(fake_lean.set_availability("RJHI_SAU"))
        return client.post(f"{root}/webhooks", data=body, headers=headers).status_code

    return send


@pytest.fixture
def lean_settings(fake_lean):
    return fake_lean.settings() | {"store_url": "memory:"}


def host(blueprint, connect, register=None):
    """An app that hands *blueprint* to *register*, with a view that starts a flow."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="a test's secret key", TESTING=True, CONNECT=connect)
    (register or Flask.register_blueprint)(app, blueprint)
    app.get("/link", endpoint="link")(lambda: redirect(blueprint.connect(**connect).url))
    return app


@pytest.fixture
def connect(fake_lean):
    customer_id = fake_lean.add_customer(app_user_id="user-1")
    return {"customer_id": customer_id, "permissions": ["accounts"], "return_url": "/done"}


# --- extensions ---------------------------------------------------------------------------------


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
    assert client.post(f"{root}/launch", data={"flow": walk.flow}).status_code == 422
    walk.through()
    assert webhook(client, root) == 200
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
            pages.append(page.text.replace(flow, "…"))
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
    answer = app.test_client().get("/link", base_url="https://localhost")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "warn" not in app.test_cli_runner().invoke(args=["lean", "check"]).output


# --- servers and places -------------------------------------------------------------------------

BEHIND = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "shop.example",
    "X-Forwarded-Prefix": "/bank",
    "Origin": "https://shop.example",
}


def test_a_proxy_in_front(make_app):
    app = make_app()
    follow(app, "A proxy in front")
    walk = Walk(app.test_client(), headers=BEHIND)
    assert walk.begun.location.startswith("/bank/lean/picker?flow=")
    config = walk.through()
    assert config["success_redirect_url"] == "https://shop.example/bank/lean/return/success"
    assert config["fail_redirect_url"] == "https://shop.example/bank/lean/return/fail"


def test_a_nested_blueprint(lean_settings, connect, webhook):
    def register(app, blueprint):
        shop, country = (
            Blueprint(name, __name__, url_prefix=f"/{name}") for name in ("shop", "sa")
        )
        country.register_blueprint(blueprint)
        shop.register_blueprint(country)
        app.register_blueprint(shop)

    app = host(LeanBlueprint(**lean_settings), connect, register)
    client = app.test_client()
    walk = Walk(client, "/shop/sa/lean")
    config = walk.through()
    assert config["fail_redirect_url"] == "http://localhost/shop/sa/lean/return/fail"
    assert webhook(client, "/shop/sa/lean") == 200
    assert "shop.sa.lean.picker" in app.view_functions
    checks = app.test_cli_runner().invoke(args=["shop.sa.lean", "check"])
    assert checks.exit_code == 0, checks.output
    assert "https://your-host.example/shop/sa/lean/return/success" in checks.output


@pytest.mark.parametrize("shared", [True, False], ids=["shared session", "a session each"])
def test_a_subdomain(lean_settings, connect, shared):
    def register(app, blueprint):
        app.subdomain_matching = True
        app.config["SERVER_NAME"] = "shop.example"
        app.config["SESSION_COOKIE_DOMAIN"] = "shop.example" if shared else None
        app.register_blueprint(blueprint, subdomain="pay")

    app = host(LeanBlueprint(**lean_settings), connect, register)
    client = app.test_client()
    begun = client.get("/link", base_url="https://shop.example")
    assert begun.location.startswith("https://pay.shop.example/lean/picker?flow=")
    on_subdomain = {"base_url": "https://pay.shop.example", "headers": {}}
    on_subdomain["headers"]["Origin"] = "https://pay.shop.example"
    body = {"flow": flow_of(begun), "bank_identifier": "RJHI_SAU"}
    launched = client.post("/lean/launch", json=body, **on_subdomain)
    assert launched.status_code == (200 if shared else 403)
    if shared:
        urls = launched.json["config"]
        assert urls["fail_redirect_url"] == "https://pay.shop.example/lean/return/fail"
    on_subdomain["headers"]["Origin"] = "https://shop.example"  # a neighbour, and not our page
    assert client.post("/lean/launch", json=body, **on_subdomain).status_code == 403
    output = app.test_cli_runner().invoke(args=["lean", "check"]).output
    assert "https://pay.shop.example/lean/return/success" in output


@pytest.mark.parametrize("how", ["APPLICATION_ROOT", "SCRIPT_NAME", "mounted"])
def test_under_a_path(make_app, how):
    app = make_app()
    if how == "APPLICATION_ROOT":
        app.config["APPLICATION_ROOT"] = "/bank"
        walk = Walk(app.test_client())
        output = app.test_cli_runner().invoke(args=["lean", "check"]).output
        assert "https://your-host.example/bank/lean/return/success" in output
    elif how == "SCRIPT_NAME":
        walk = Walk(app.test_client(), base_url="http://localhost/bank/")
    else:
        client = Client(DispatcherMiddleware(Flask("at the root"), {"/bank": app}))
        walk = Walk(client, "/bank/lean", "/bank/link")
    assert walk.begun.location.startswith("/bank/lean/picker?flow=")
    config = walk.through()
    assert config["success_redirect_url"] == "http://localhost/bank/lean/return/success"
    page = walk.client.get(f"{walk.root}/return/success", **walk.options).text
    addresses = re.findall(r'(?:href|src|action|data-\w+)="(/[^"]*)"', page)
    assert len(addresses) > 3
    assert [address for address in addresses if not address.startswith("/bank/lean/")] == []


# --- several of them ----------------------------------------------------------------------------


def test_two_countries_on_one_app(make_app, fake_lean, connect):
    app = make_app()
    with FakeLean("ae") as emirates:
        for name, value in (emirates.settings() | {"store_url": "memory:"}).items():
            app.config[f"LEAN_AE_{name.upper()}"] = value
        lean_ae = follow(app, "Two blueprints", "two-countries.md")["lean_ae"]
        customer_id = emirates.add_customer(app_user_id="user-1")
        abroad = connect | {"customer_id": customer_id}
        app.get("/link-ae")(lambda: redirect(lean_ae.connect(**abroad).url))
        client = app.test_client()
        countries = [
            {bank["country_code"] for bank in client.get(f"/{root}/banks").json}
            for root in ("lean", "lean-ae")
        ]
        assert countries == [{"SAU"}, {"ARE"}]
        here, there = Walk(client), Walk(client, "/lean-ae", "/link-ae")
        tokens = [
            here.launch().json["config"]["app_token"],
            there.post("launch").json["config"]["app_token"],
        ]
        assert tokens == [fake_lean.app_token, emirates.app_token]
        here.root, there.root = there.root, here.root
        assert [walk.post("launch").status_code for walk in (here, there)] == [403, 403]
        body, headers = fake_lean.signed(fake_lean.set_availability("RJHI_SAU"))
        assert client.post("/lean-ae/webhooks", data=body, headers=headers).status_code == 401


def test_one_blueprint_on_several_apps(lean_settings, connect):
    lean = LeanBlueprint(store_url="memory:")
    with FakeLean() as other:
        apps = []
        for settings in (lean_settings, other.settings()):

            def register(app, blueprint, settings=settings):
                keys = {f"LEAN_{name.upper()}": value for name, value in settings.items()}
                app.config.from_mapping(keys)
                app.register_blueprint(blueprint)

            customer_id = other.add_customer(app_user_id="user-1")
            there = connect if not apps else connect | {"customer_id": customer_id}
            apps.append(host(lean, there, register))
        walks = [Walk(app.test_client()) for app in apps]
        tokens = [walk.through()["app_token"] for walk in walks]
        assert tokens == [lean_settings["app_token"], other.app_token]
        assert walks[1].client.post("/lean/launch", json={"flow": walks[0].flow}).status_code == 403


def test_one_name_is_taken_once(make_app, lean_settings):
    app = make_app()
    with pytest.raises((ConfigurationError, ValueError), match="lean"):
        app.register_blueprint(LeanBlueprint(**lean_settings))


# --- in the browser -----------------------------------------------------------------------------


def test_all_of_them_at_once(make_app, serve, open_page):
    """Every recipe on one app: nothing is blocked, and the customer gets through."""
    app = make_app(csp="strict")
    app.debug = True  # Talisman then leaves plain http alone
    for chapter in ("Flask-WTF", "Flask-Login", "Flask-Babel", "Flask-Limiter", "A proxy in front"):
        follow(app, chapter)
    follow(app, "Flask-Talisman", "csp.md")
    app.login_manager.user_loader(lambda _: None)
    page = open_page()  # fails on any violation of the policy
    page.goto(f"{serve(app)}/link")
    page.locator("#all .row[value=RJHI_SAU]").click()
    page.frame_locator("#lean-stand-in").locator("[data-lean-end=REDIRECT]").click()
    page.wait_for_url("**/stand-in/bank?**")
    page.locator("[data-bank-end=approve]").click()
    page.frame_locator("#lean-stand-in").locator("[data-lean-end=SUCCESS]").click()
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
    assert [text for text in refused if fake_lean.url not in text] == []
    page.close()
