"""docs/api.md has every public name, route and signal."""

from __future__ import annotations

import importlib
import re

import lean_flask
from support.paths import ROOT


def test_the_reference_has_every_public_name():
    reference = (ROOT / "docs" / "api.md").read_text("utf-8")
    missing = [name for name in lean_flask.__all__ if not re.search(rf"\b{name}\b", reference)]
    assert missing == []
    for name in re.findall(r"auto(?:class|exception):: (?:lean_flask\.)?([\w.]+)", reference):
        module, _, attribute = f"lean_flask.{name}".rpartition(".")
        assert hasattr(importlib.import_module(module), attribute), name


def test_the_reference_has_every_route_and_signal(app):
    reference = (ROOT / "docs" / "api.md").read_text("utf-8")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("lean."):
            path = re.sub(r"<any\(.+\):name>", "picker", rule.rule.removeprefix("/lean"))
            assert path in reference, rule.rule
