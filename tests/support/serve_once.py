"""Run by the Python of an empty environment: the installed package serves its list and its page."""

import re
import sys

from flask import Flask, redirect

import lean_flask
from lean_flask import LeanBlueprint
from lean_flask.testing import FakeLean

assert lean_flask.__file__.startswith(sys.prefix), lean_flask.__file__

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
    assert 'dir="rtl"' in page.text
    assert "اختر بنكك" in page.text
    for asset in re.findall(r'(?:href|src)="(/lean/picker\.[^"]+)"', page.text):
        assert client.get(asset.replace("&amp;", "&")).status_code == 200, asset
    banks = client.get("/lean/banks").json
    assert len(banks) > 10
print(f"{len(banks)} banks served")
