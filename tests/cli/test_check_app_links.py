"""What ``flask lean check`` says of the files by which the host's apps open links to it."""

from __future__ import annotations

import json

import pytest

APPLE = "https://shop.example/.well-known/apple-app-site-association"
ANDROID = "https://shop.example/.well-known/assetlinks.json"
APPS = {
    "ios_apps": ["ABCDE12345.com.example.qahwa"],
    "android_apps": {"com.example.qahwa": ":".join(["0A"] * 32)},
}
PUBLIC = {"SERVER_NAME": "shop.example"}


@pytest.fixture
def check(make_app):
    def run(config, settings=APPS, prepare=lambda app: None):
        app = make_app(**settings)
        app.config.update(config)
        prepare(app)
        result = app.test_cli_runner().invoke(args=["lean", "check", "--json"])
        lines = json.loads(result.output)
        return [(line["state"], line["detail"]) for line in lines if line["check"] == "app links"]

    return run


def test_each_file_has_a_line_with_its_address(check):
    assert check(PUBLIC) == [
        ("ok", f"{APPLE} for ABCDE12345.com.example.qahwa"),
        ("ok", f"{ANDROID} for com.example.qahwa"),
    ]
    assert check(PUBLIC, {}) == []


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"SERVER_NAME": "localhost"}, "apps look for it at a public name"),
        ({"SERVER_NAME": "127.0.0.1"}, "apps look for it at a public name"),
        ({"SERVER_NAME": "shop.example:8443"}, "apps look for it at a public name"),
        (PUBLIC | {"APPLICATION_ROOT": "/app"}, "your app is below /app"),
    ],
)
def test_an_address_that_apps_do_not_ask_gets_a_warning(check, config, words):
    lines = check(config)
    assert [state for state, _ in lines] == ["warn", "warn"]
    assert all(words in detail for _, detail in lines)


def test_a_file_that_the_host_answers_otherwise_gets_a_warning(check):
    def add_route(app):
        app.get("/.well-known/<name>")(lambda name: ("not here", 404))

    _, (state, detail) = check(PUBLIC, prepare=add_route)
    assert state == "warn"
    assert "your app answers it with 404 NOT FOUND (text/html)" in detail
