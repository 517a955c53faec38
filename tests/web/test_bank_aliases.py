"""``LEAN_BANK_ALIASES``: the host's names find a bank, in the API, the page and the command."""

from __future__ import annotations

import pytest
from flask import Flask

from lean_flask import LeanBlueprint
from lean_flask.testing import FakeLean

NAMES = {"RJHI_SAU": ["Tuwaiq Bank", "مصرف طويق"]}


@pytest.fixture
def app(make_app):
    return make_app(bank_aliases=NAMES)


@pytest.mark.parametrize("query", ["tuwaiq", "طويق"])
def test_the_api_finds_it(app, query):
    banks = app.test_client().get("/lean/banks", query_string={"q": query}).json
    assert banks[0]["identifier"] == "RJHI_SAU"


def test_the_page_has_it_for_its_search(app):
    client = app.test_client()
    assert "tuwaiq bank" in client.get(client.get("/link").location).text


def test_the_command_finds_it(app):
    printed = app.test_cli_runner().invoke(args=["lean", "banks", "-q", "tuwaiq", "--json"]).output
    assert "RJHI_SAU" in printed


def test_two_blueprints_do_not_share_their_names(fake_lean: FakeLean) -> None:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "a test's secret key"
    settings = fake_lean.settings() | {"store_url": "memory:"}
    app.register_blueprint(LeanBlueprint(**settings, bank_aliases=NAMES))
    app.register_blueprint(LeanBlueprint("other", url_prefix="/other", **settings))
    client = app.test_client()
    assert [bank["identifier"] for bank in client.get("/lean/banks?q=tuwaiq").json] == ["RJHI_SAU"]
    assert client.get("/other/banks?q=tuwaiq").json == []
