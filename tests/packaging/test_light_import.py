"""An app that starts imports only what starting needs."""

from __future__ import annotations

import os
import subprocess
import sys

START = """
import ssl, sys
ssl.SSLContext.load_verify_locations = None  # reading authorities takes long, too
ssl.SSLContext.set_default_verify_paths = None
from flask import Flask
from lean_flask import LeanBlueprint
app = Flask("host")
app.config["SECRET_KEY"] = "a host's secret key"
app.register_blueprint(LeanBlueprint(app_token="token", store_url={store!r}))
print(*sys.modules)
"""
#: What is imported with the first use, and what for.
LATER = {
    "calls to Lean": {"asyncio", "httpcore", "httpx", "tenacity", "opentelemetry"},
    "commands": {"lean_flask.cli.commands", "lean_flask.cli.checks", "lean_flask.events.samples"},
    "flows and kept events": {"cryptography"},
    "metrics": {"prometheus_client"},
    "the store": {"sqlite3", "lean_flask.events.sqlite_inbox", "lean_flask.events.store_inbox"},
    "the OpenAPI document": {"lean_flask.web.routes.call_schemas"},
    "operators": {"lean_flask.web.operations.page", "lean_flask.web.operations.report"},
    "receivers of webhooks": {"lean_flask.events.event", "lean_flask.events.payloads"},
    "payments that a host asks for": {"lean_flask.upstream.payments"},
}


def test_an_app_that_starts_imports_only_what_it_needs_for_that(tmp_path):
    environ = {name: value for name, value in os.environ.items() if "SSL_CERT" not in name}
    for store in ("memory:", f"sqlite:///{tmp_path}/store.db"):
        run = [sys.executable, "-W", "ignore", "-c", START.format(store=store)]
        done = subprocess.run(run, capture_output=True, text=True, check=True, env=environ)
        imported = set(done.stdout.split())
        assert {use: names & imported for use, names in LATER.items() if names & imported} == {}


def test_names_of_the_package_that_are_imported_later_are_there():
    import lean_flask

    public = set(lean_flask.__all__)
    assert public <= set(dir(lean_flask))
    assert {name for name in public if not hasattr(lean_flask, name)} == set()
    assert not hasattr(lean_flask, "NoSuchName")
