"""The built wheel, in an empty environment: it has all it needs to serve a page."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

SCRIPT = """
import re
from flask import Flask, redirect
from lean_flask import LeanBlueprint
from lean_flask.testing import FakeLean

with FakeLean() as fake:
    app = Flask("host")
    app.config["SECRET_KEY"] = "k"
    lean = LeanBlueprint(**fake.settings(), store_url="memory:")
    app.register_blueprint(lean)

    @app.get("/link")
    def link():
        customer = fake.add_customer(app_user_id="u")
        return redirect(lean.connect(customer_id=customer, permissions=["identity"]).url)

    client = app.test_client()
    page = client.get(client.get("/link").location + "&lang=ar")
    assert page.status_code == 200, page.status
    assert 'dir="rtl"' in page.text and "اختر بنكك" in page.text
    for asset in re.findall(r'(?:href|src)="(/lean/picker\\.[^"]+)"', page.text):
        assert client.get(asset.replace("&amp;", "&")).status_code == 200, asset
    loader = client.get("/lean/banks")
    assert len(loader.json) > 10
print("served")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT]
    subprocess.run(build, check=True, capture_output=True)
    return next(out.glob("*.whl"))


def test_the_wheel_serves_a_page_from_an_empty_environment(wheel, tmp_path):
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel]
    subprocess.run(install, check=True, capture_output=True)
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run = subprocess.run(
        [python, "-c", SCRIPT], cwd=tmp_path, env=clean, capture_output=True, text=True, check=False
    )
    assert run.stdout == "served\n", run.stderr
