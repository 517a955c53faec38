"""A process that found its list in the store, before it asks Lean for the first time."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROCESS = """
import sys, threading
from flask import Flask
from lean_flask import LeanBlueprint
app = Flask("host")
app.config["SECRET_KEY"] = "a host's secret key"
app.register_blueprint(LeanBlueprint(**{settings!r}, store_url={store!r}))
for _ in range(3):
    answer = app.test_client().get("/lean/banks")
for thread in threading.enumerate():
    if thread.name == "lean-flask-prepare":
        thread.join()
print(answer.headers["Cache-Status"].split(";")[1].strip())
print(*sorted({{"httpcore", "httpx", "tenacity"}} & set(sys.modules)))
"""


@pytest.fixture
def shown(fake_lean, make_app, tmp_path):
    """What another process that shares the store says of itself."""
    store = f"sqlite:///{tmp_path}/store.db"
    make_app(store_url=store).test_client().get("/lean/banks")
    script = PROCESS.format(settings=fake_lean.settings(), store=store)
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=True
    )
    assert fake_lean.count("banks") == 1
    hit, imported = run.stdout.splitlines()
    assert hit == "hit"
    return imported


def test_has_imported_what_the_first_refresh_needs(shown):
    """Otherwise all requests would take turns with the imports, in the midst of the load."""
    assert shown == "httpcore httpx tenacity"
