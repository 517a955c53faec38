"""Fixtures: a blueprint, and a host on which it makes flows."""

from __future__ import annotations

import pytest
from flask import Flask

from lean_flask import LeanBlueprint
from support.flow_outcomes import Outcomes


@pytest.fixture
def lean():
    return LeanBlueprint(app_token="token", store_url="memory:")


@pytest.fixture
def host(lean):
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "one"
    app.register_blueprint(lean)
    with app.test_request_context():
        yield app


@pytest.fixture
def outcomes():
    return Outcomes()
