"""An app that starts imports only what starting needs."""

from __future__ import annotations

import subprocess
import sys

START = """
import sys
from flask import Flask
from lean_flask import LeanBlueprint
app = Flask("host")
app.config["SECRET_KEY"] = "a host's secret key"
app.register_blueprint(LeanBlueprint(app_token="token", store_url={store!r}))
print(*sys.modules)
"""
#: What calls to Lean need; it takes longer to import than Flask.
LATER = {"asyncio", "httpcore", "httpx", "tenacity"}


def test_what_calls_to_lean_need_is_imported_with_the_first_call(tmp_path):
    for store in ("memory:", f"sqlite:///{tmp_path}/store.db"):
        run = [sys.executable, "-W", "ignore", "-c", START.format(store=store)]
        done = subprocess.run(run, capture_output=True, text=True, check=True)
        assert LATER.isdisjoint(done.stdout.split()), store
