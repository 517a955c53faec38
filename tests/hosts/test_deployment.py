"""Behind a proxy, under a path, on a subdomain; several blueprints and several apps."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from flask import Blueprint, Flask, redirect
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from lean_flask import ConfigurationError, LeanBlueprint
from lean_flask.testing import FakeLean
from support.host_walk import Walk, flow_of, follow, host

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
    elsewhere = {address for address in addresses if not address.startswith("/bank/lean/")}
    assert {urlsplit(address).path for address in elsewhere} <= {"/done"}  # the host's return_url


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
