"""Hosts that cannot work are told so, with the mend."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.sansio.app import App

from lean_flask import ConfigurationError, LeanBlueprint


def test_an_app_of_another_framework_is_refused():
    class Quart(App):
        """Has Flask's core, as Quart does."""

        default_config = Flask.default_config

    Quart.__module__ = "quart.app"
    with pytest.raises(ConfigurationError, match="needs an app of Flask, and got quart's Quart"):
        LeanBlueprint(app_token="a").register(Quart(__name__), {})


def test_a_hosts_own_extension_called_lean_is_left_alone():
    app = Flask(__name__)
    app.extensions["lean"] = "the host's own"
    app.register_blueprint(LeanBlueprint(app_token="a"))
    assert app.extensions["lean"] == "the host's own"


def test_an_extension_in_our_place_is_named():
    app = Flask(__name__)
    app.extensions["lean_flask"] = object()
    with pytest.raises(ConfigurationError, match="'lean_flask'"):
        app.register_blueprint(LeanBlueprint(app_token="a"))


def test_outside_of_an_app_and_of_a_request_the_mend_is_said():
    app, lean = Flask(__name__), LeanBlueprint(app_token="a", store_url="memory:")
    app.config["SECRET_KEY"] = "a test's secret key"
    app.register_blueprint(lean)
    fields = {"customer_id": "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01", "permissions": ["identity"]}
    with pytest.raises(ConfigurationError, match=r"app\.app_context\(\)"):
        lean.connect(**fields)
    with pytest.raises(ConfigurationError, match=r"app\.app_context\(\)"):
        lean.banks()
    with app.app_context(), pytest.raises(ConfigurationError, match="call it in a view"):
        lean.connect(**fields)
