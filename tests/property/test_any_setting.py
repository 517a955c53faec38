"""Any string as a setting: refused at registration with words, or every route answers below 500."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from lean_flask import ConfigurationError, LeanBlueprint
from lean_flask.config.secret_files import FILE_KEYS
from lean_flask.config.settings import KEYS

ROUTES = ["banks", "banks/RJHI_SAU", "picker", "health", "health/live", "health/ready"]
ROUTES += ["openapi.json", "return/success", "picker.css", "picker.js"]
#: Where a wrong string would send the requests of this test elsewhere, or change the store.
HOSTS = {"api_url", "auth_url", "store_url", "timeout"}
near_misses = st.sampled_from(
    ["", " ", "\n", "\0", "\ud800", "é", "0", "-1", "1e308", "nan", "true", "null", "[]", "{}"]
)
strings = st.text(st.characters(codec=None, exclude_categories=()), max_size=60) | near_misses
#: There are thirty settings, and each example makes an app.
few = settings(max_examples=max(1, settings.default.max_examples // 3))
numbers = st.integers() | st.floats() | st.integers(10**300, 10**301)


@pytest.mark.parametrize("key", sorted((KEYS | FILE_KEYS) - HOSTS))
@few
@given(value=strings | numbers | st.lists(strings, max_size=3))
def test_any_value_is_refused_with_words_or_works(fake_lean, key, value) -> None:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="a test's secret key")
    chosen = fake_lean.settings() | {"store_url": "memory:", key: value}
    if key in FILE_KEYS:
        chosen.pop(key.removesuffix("_file"), None)
    try:
        app.register_blueprint(LeanBlueprint(**chosen))
    except ConfigurationError as error:
        assert f"LEAN_{key.upper()}" in str(error)  # noqa: PT017 - both outcomes are right
        return
    client = app.test_client()
    for route in ROUTES:
        response = client.get(f"/lean/{route}")
        assert response.status_code != 500
        # Lean may refuse the credentials, which no registration can know.
        assert response.status_code < 500 or response.is_json


@pytest.mark.parametrize("key", sorted(HOSTS))
@given(value=strings | numbers | st.lists(strings, max_size=3))
def test_any_host_is_refused_with_words_or_taken(key, value) -> None:
    app = Flask(__name__)
    try:
        app.register_blueprint(LeanBlueprint(app_token="a", **{key: value}))
    except ConfigurationError as error:
        assert f"LEAN_{key.upper()}" in str(error)  # noqa: PT017 - both outcomes are right


@given(rest=st.text(st.characters(codec="ascii"), max_size=40))
@pytest.mark.parametrize(
    "scheme",
    [
        *("redis://", "rediss://", "redis://localhost?", "sqlite:///"),
        *("redis+cluster://", "redis+sentinel://", "redis+sentinel://localhost/shop?"),
    ],
)
def test_any_store_url_is_refused_with_words_or_taken(scheme, rest) -> None:
    try:
        Flask(__name__).register_blueprint(LeanBlueprint(app_token="a", store_url=scheme + rest))
    except ConfigurationError as error:
        assert "LEAN_STORE_URL" in str(error)  # noqa: PT017 - both outcomes are right
