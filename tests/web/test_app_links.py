"""The files by which the host's apps open its links: at the root, as Apple and Google want them."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask, abort, redirect
from flask_talisman import Talisman
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from lean_flask import LeanBlueprint

APPLE = "/.well-known/apple-app-site-association"
ANDROID = "/.well-known/assetlinks.json"
APP = "ABCDE12345.com.example.qahwa"
PRINTS = [":".join([pair] * 32) for pair in ("0A", "FF")]
APPS = {"ios_apps": [APP], "android_apps": {"com.example.qahwa": PRINTS[0].lower()}}
STATEMENT = {
    "relation": ["delegate_permission/common.handle_all_urls"],
    "target": {
        "namespace": "android_app",
        "package_name": "com.example.qahwa",
        "sha256_cert_fingerprints": PRINTS[:1],
    },
}


@pytest.fixture
def host(fake_lean):
    """Makes an app with blueprints: each by its name, its prefix and its settings."""

    def make(*blueprints, app=None, **options):
        app = app or Flask(__name__)
        app.config.update(SECRET_KEY="a host's secret key", TESTING=True)
        for name, prefix, settings in blueprints or [("lean", "/lean", APPS)]:
            given = fake_lean.settings() | {"store_url": "memory:"} | settings
            lean = LeanBlueprint(name, url_prefix=prefix, **given)
            app.register_blueprint(lean, **options)
        return app

    return make


def details(app, path=APPLE):
    return app.test_client().get(path).json["applinks"]["details"]


def of(app_id, *paths):
    return {"appIDs": [app_id], "components": [{"/": path} for path in paths]}


def test_apples_file_names_the_apps_and_the_pages_that_they_open(host):
    assert details(host()) == [of(APP, "/lean/return/*", "/lean/picker")]


def test_googles_file_names_the_packages_and_who_signs_them(host):
    assert host().test_client().get(ANDROID).json == [STATEMENT]


@pytest.mark.parametrize("path", [APPLE, ANDROID])
def test_both_are_served_as_each_platform_wants_them(host, path):
    client = host().test_client(use_cookies=False)
    response = client.get(path)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers
    head = client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == response.headers["Content-Length"]
    etag = response.headers["ETag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert client.post(path).status_code == 404


@pytest.mark.parametrize(
    ("settings", "statuses"),
    [({}, (404, 404)), ({"ios_apps": [APP]}, (200, 404)), (APPS | {"ios_apps": []}, (404, 200))],
    ids=["none", "iOS alone", "Android alone"],
)
def test_where_no_app_is_named_nothing_is_served(host, settings, statuses):
    client = host(("lean", "/lean", settings)).test_client()
    assert tuple(client.get(path).status_code for path in (APPLE, ANDROID)) == statuses


def test_two_blueprints_have_one_answer(host):
    other = "ABCDE12345.com.example.other"
    app = host(
        ("sa", "/sa", APPS),
        ("ae", "/ae", {"ios_apps": [APP, other], "android_apps": {"com.example.qahwa": PRINTS}}),
        ("none", "/none", {}),
    )
    pages = ["/sa/return/*", "/sa/picker", "/ae/return/*", "/ae/picker"]
    assert details(app) == [of(APP, *pages), of(other, *pages[2:])]
    [statement] = app.test_client().get(ANDROID).json
    assert statement["target"]["sha256_cert_fingerprints"] == PRINTS


@pytest.mark.parametrize("is_first", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("rule", [APPLE, f"{APPLE}/", "/.well-known/<name>"])
def test_a_route_of_the_host_wins(host, rule, is_first):
    app = Flask(__name__)
    if is_first:
        app.add_url_rule(rule, "own", lambda **_: "the host's own")
    host(app=app)
    if not is_first:
        app.add_url_rule(rule, "own", lambda **_: "the host's own")
    assert app.test_client().get(APPLE, follow_redirects=True).text == "the host's own"


@pytest.mark.parametrize("path", [APPLE, ANDROID])
def test_a_route_for_any_path_does_not_win(host, path):
    app = Flask(__name__)
    app.get("/<path:path>")(lambda path: "<!doctype html><div id=root></div>")
    assert host(app=app).test_client().get(path).is_json


def test_who_asks_has_no_login_and_follows_no_redirect(host):
    app = Flask(__name__)
    Talisman(app)  # leads from http to https

    @app.before_request
    def require_login():
        abort(redirect("/login"))

    response = host(app=app).test_client().get(APPLE)
    assert response.status_code == 200
    assert response.headers["Content-Security-Policy"]  # the host's own after_request still runs


def test_the_pages_are_where_the_blueprint_stands(host, fake_lean):
    app = host(("lean", "/<country>/lean ع", APPS))
    assert details(app) == [of(APP, "/*/lean%20%D8%B9/return/*", "/*/lean%20%D8%B9/picker")]

    outer, app = Blueprint("outer", __name__, url_prefix="/outer"), Flask(__name__)
    outer.register_blueprint(
        LeanBlueprint(**fake_lean.settings() | APPS | {"store_url": "memory:"})
    )
    app.config.update(SECRET_KEY="a host's secret key")
    app.register_blueprint(outer)
    assert details(app) == [of(APP, "/outer/lean/return/*", "/outer/lean/picker")]

    below = Client(DispatcherMiddleware(Flask("shop"), {"/app": host()}))
    components = below.get(f"/app{APPLE}").json["applinks"]["details"][0]["components"]
    assert components == [{"/": "/app/lean/return/*"}, {"/": "/app/lean/picker"}]
    assert below.get(APPLE).status_code == 404  # the server in front has to pass the root's on
