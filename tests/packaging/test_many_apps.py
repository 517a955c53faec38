"""What an app costs beside those that the process has already."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, url_for
from jinja2 import Environment, FileSystemBytecodeCache
from werkzeug.routing import Rule

from lean_flask import LeanBlueprint


def app_with_lean(url_prefix: str, rules: type[Rule] = Rule) -> Flask:
    app = Flask("host", static_folder=None)
    app.url_rule_class = rules
    app.config["SECRET_KEY"] = "a host's secret key"
    lean = LeanBlueprint(url_prefix=url_prefix, app_token="token", store_url="memory:")
    app.register_blueprint(lean)
    return app


def test_what_builds_urls_is_compiled_when_one_is_built_and_once_for_all_apps(
    monkeypatch: pytest.MonkeyPatch,
):
    compiled = []
    compile_builder = Rule._compile_builder

    def counted(rule: Rule, append_unknown: bool = True) -> Any:
        compiled.append(rule.rule)
        return compile_builder(rule, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", counted)
    apps = [app_with_lean("/of-many") for _ in range(3)]
    assert compiled == []
    for app in apps:
        with app.test_request_context():
            assert url_for("lean.script", name="picker", v=1) == "/of-many/picker.js?v=1"
            assert url_for("lean.picker") == "/of-many/picker"
    assert compiled == [
        "/of-many/<any(picker, embed, 'bank-list', ending, return):name>.js",
        "/of-many/picker",
    ]


def objects_of_each(make: Callable[[], Flask]) -> float:
    """Return how many containers a further app holds."""
    make()
    gc.collect()
    before = len(gc.get_objects())
    apps = [make() for _ in range(20)]
    gc.collect()
    return (len(gc.get_objects()) - before) / len(apps)


def test_a_further_app_holds_little_more_than_one_of_flask_alone_with_as_many_routes():
    rules = list(app_with_lean("/lean").url_map.iter_rules())

    def plain() -> Flask:
        app = Flask("host", static_folder=None)
        for rule in rules:
            app.add_url_rule(rule.rule, rule.endpoint, print, methods=rule.methods)
        return app

    assert objects_of_each(lambda: app_with_lean("/lean")) < 1.1 * objects_of_each(plain)


def compiled_for(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return which templates of ours are compiled for a page of *app*."""
    compiled = []
    compile_one = Environment.compile

    def noted(self: Environment, source: Any, name: Any = None, *more: Any, **options: Any) -> Any:
        compiled.append(name)
        return compile_one(self, source, name, *more, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Environment, "compile", noted)
        page = app.test_client().get("/lean/screens")
    assert "screen-success" in page.text
    return compiled


def test_templates_are_compiled_once_for_all_apps_that_have_them_compiled_alike(
    monkeypatch: pytest.MonkeyPatch,
):
    compiled_for(app_with_lean("/lean"), monkeypatch)
    assert compiled_for(app_with_lean("/lean"), monkeypatch) == []

    trims, escapes = app_with_lean("/lean"), app_with_lean("/lean")
    trims.jinja_options = {"trim_blocks": True}
    escapes.jinja_env.filters["e"] = escapes.jinja_env.filters["escape"] = lambda text: text
    for other in trims, escapes:
        assert "lean_flask/picker.html" in compiled_for(other, monkeypatch)


def test_compiled_templates_are_kept_where_the_host_keeps_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    compiled_for(app_with_lean("/lean"), monkeypatch)
    app = app_with_lean("/lean")
    app.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(tmp_path))}
    assert "lean_flask/picker.html" in compiled_for(app, monkeypatch)
    assert len(list(tmp_path.iterdir())) > 1


def test_url_rules_are_of_the_kind_that_the_host_has_chosen():
    class Own(Rule):
        pass

    app = app_with_lean("/lean", Own)
    app.add_url_rule("/own", "own", lambda: "own")
    assert all(isinstance(rule, Own) for rule in app.url_map.iter_rules())
    assert [type(rule) for rule in app.url_map.iter_rules("own")] == [Own]
