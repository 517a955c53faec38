"""docs/stand-in.md names each route of the control and each option, and no other."""

from __future__ import annotations

import re
from dataclasses import fields

from lean_flask.testing.control.views import ROUTES
from lean_flask.testing.options import Options
from support.paths import ROOT

PAGE = (ROOT / "docs" / "stand-in.md").read_text("utf-8")


def test_the_page_has_every_route_and_no_other():
    documented = set(re.findall(r"`(GET|PUT|PATCH|POST|DELETE) /_fake(/[^`]*)`", PAGE))
    assert documented == {(method, path) for method, path, _ in ROUTES}


def test_the_page_has_every_option_and_no_other():
    rows = [line.split(" | ")[0] for line in PAGE.splitlines() if line.startswith("| `--")]
    documented = {name for row in rows for name in re.findall(r"--([a-z-]+)", row)}
    names = {field.name.replace("_", "-") for field in fields(Options)}
    assert documented == {name.replace("webhook-urls", "webhook-url") for name in names}
