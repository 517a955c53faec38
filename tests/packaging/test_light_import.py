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
#: What calls to Lean need; it takes longer to import than Flask.
CALLS = {"asyncio", "httpcore", "httpx", "tenacity"}
#: What commands need.
COMMANDS = {"lean_flask.cli.commands", "lean_flask.cli.checks", "lean_flask.events.samples"}


def test_an_app_that_starts_imports_nothing_for_calls_to_lean_or_for_commands(tmp_path):
    environ = {name: value for name, value in os.environ.items() if "SSL_CERT" not in name}
    for store in ("memory:", f"sqlite:///{tmp_path}/store.db"):
        run = [sys.executable, "-W", "ignore", "-c", START.format(store=store)]
        done = subprocess.run(run, capture_output=True, text=True, check=True, env=environ)
        assert (CALLS | COMMANDS).isdisjoint(done.stdout.split()), store
