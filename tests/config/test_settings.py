"""Settings: read once at registration, wrong ones named with what they got and what they take."""

import re
import sys

import pytest
from flask import Flask

from lean_flask import ConfigurationError, LeanBlueprint
from lean_flask.config.environments import ENVIRONMENTS
from lean_flask.config.settings import KEYS, SettingsSchema, load_settings
from support.paths import ROOT

README = ROOT / "README.md"


def register(config=None, **settings):
    app = Flask(__name__)
    app.config.update(config or {})
    app.register_blueprint(LeanBlueprint(**settings))


def test_a_missing_app_token_is_named():
    with pytest.raises(ConfigurationError, match="LEAN_APP_TOKEN is missing; it takes"):
        register()


@pytest.mark.parametrize("key", ["AUTH_URL", "API_URL", "LOADER_URL", "HOME_URL"])
def test_a_password_in_an_address_is_not_repeated(key):
    config = {"LEAN_APP_TOKEN": "t", f"LEAN_{key}": "https://user:s3cret@lean.example/"}
    with pytest.raises(ConfigurationError, match=f"LEAN_{key} got a URL that may hold a") as caught:
        register(config)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value", "takes"),
    [
        ("COUNTRY", "uk", "'sa' or 'ae'"),
        ("SANDBOX", "perhaps", "True or False"),
        ("TIMEOUT", 0, "above 0"),
        ("EVENTS_KEEP", 86_399, "seconds from 86400 to 315360000"),
        ("BANKS_TTL", "soon", "seconds"),
        ("ACCOUNT_TYPES", ["PRIVATE"], "'PERSONAL' and 'BUSINESS'"),
        ("POPULAR_BANKS", ["A B"], "bank identifiers"),
        ("BANK_ALIASES", {"HSBC": "one"}, "'HSBC' has no list of names"),
        ("BANK_ALIASES", {"": ["one"]}, "to a list of further names"),
        ("BANK_ALIASES", ["HSBC"], "a dict of a bank's name or identifier"),
        ("STORE_URL", "mysql://x", "memory:"),
        ("CSP", "none", "'wildcard', 'strict' or None"),
        ("API_URL", "http://example.com", "https://"),
        ("LOADER_URL", "javascript:alert(1)", "https://"),
        ("FRAME_ANCESTORS", "'none'; script-src *", "origins"),
        ("CUSTOMIZATION", {"theme_color": "url(x)"}, "customization"),
        ("LANGUAGE", "fr", "'en' or 'ar'"),
        ("LANGUAGES", ["english"], "'english' is no language tag"),
        ("LANGUAGES", [], "a list of language tags"),
        ("LANGUAGES", "en", "a list of language tags"),
        ("TRANSLATIONS", "/no/such/folder", "there is no folder /no/such/folder"),
        ("TRANSLATIONS", 5, "a folder with <language>/LC_MESSAGES/lean_flask.mo"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_takes(key, value, takes):
    with pytest.raises(ConfigurationError) as caught:
        register({"LEAN_APP_TOKEN": "token", f"LEAN_{key}": value})
    assert f"LEAN_{key} got" in str(caught.value)
    assert takes in str(caught.value)


def test_all_wrong_settings_are_named_at_once():
    with pytest.raises(ConfigurationError) as caught:
        register(country="uk", timeout=-1)
    assert {line.split()[0] for line in str(caught.value).splitlines()} == {
        "LEAN_APP_TOKEN",
        "LEAN_COUNTRY",
        "LEAN_TIMEOUT",
    }


def test_a_secret_is_never_repeated_in_a_message():
    with pytest.raises(ConfigurationError) as caught:
        register({"LEAN_APP_TOKEN": "token", "LEAN_CLIENT_SECRET": 12345678})
    assert "12345678" not in str(caught.value)
    assert "quote digits as JSON" in str(caught.value)


def test_secrets_do_not_show_in_the_repr():
    settings = load_settings({}, overrides={"app_token": "a", "client_secret": "hidden-1"})
    assert "hidden-1" not in repr(settings)


def test_an_unknown_keyword_is_an_error_with_a_suggestion():
    with pytest.raises(ConfigurationError, match="did you mean 'country'"):
        register(contry="ae")


def test_a_misspelt_key_in_the_config_is_logged(caplog):
    register({"LEAN_APP_TOKEN": "token", "LEAN_COUNTRYY": "ae"})
    assert "LEAN_COUNTRYY" in caplog.text


def test_another_blueprints_keys_are_not_taken_for_misspelt_ones(caplog):
    register({"LEAN_APP_TOKEN": "token", "LEAN_AE_APP_TOKEN": "other"})
    assert caplog.text == ""


def test_keywords_win_over_the_config():
    settings = load_settings(
        {"LEAN_APP_TOKEN": "a", "LEAN_COUNTRY": "sa"}, overrides={"country": "ae"}
    )
    assert settings.country == "ae"


@pytest.mark.parametrize("country", ["sa", "ae"])
@pytest.mark.parametrize("sandbox", [True, False])
def test_country_and_sandbox_pick_the_hosts(country, sandbox):
    settings = load_settings(
        {"LEAN_APP_TOKEN": "a"}, "LEAN_", {"country": country, "sandbox": sandbox}
    )
    environment = ENVIRONMENTS[country, sandbox]
    assert settings.api_url == environment.api_url
    assert settings.auth_url == environment.auth_url
    assert ("sandbox" in settings.api_url) is sandbox
    assert (".sa." in settings.api_url) is (country == "sa")
    assert f"/prod/{country}/latest/" in settings.loader_url
    assert settings.show_mock is sandbox
    assert settings.client_id == "a"


def test_environment_variables_reach_the_settings(monkeypatch):
    monkeypatch.setenv("FLASK_LEAN_APP_TOKEN", "from-the-environment")
    monkeypatch.setenv("FLASK_LEAN_SANDBOX", "false")
    monkeypatch.setenv("FLASK_LEAN_ACCOUNT_TYPES", '["PERSONAL", "BUSINESS"]')
    app = Flask(__name__)
    app.config.from_prefixed_env()
    settings = load_settings(app.config)
    assert settings.app_token == "from-the-environment"
    assert settings.sandbox is False
    assert settings.account_types == ("PERSONAL", "BUSINESS")


def test_the_readme_lists_every_setting_with_its_default():
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|", README.read_text(), re.MULTILINE)
    listed = {key.lower(): default.strip("`") for key, default in rows}
    assert set(listed) == KEYS
    for key, field in SettingsSchema().fields.items():
        default = field.load_default
        if isinstance(default, int | float) and not isinstance(default, bool):
            assert float(listed[key]) == default


def test_two_blueprints_stand_side_by_side():
    app = Flask(__name__)
    app.config.update(SECRET_KEY="k")
    app.register_blueprint(LeanBlueprint(app_token="one"))
    app.register_blueprint(
        LeanBlueprint("lean_ae", url_prefix="/lean-ae", app_token="two", country="ae")
    )
    paths = {rule.rule for rule in app.url_map.iter_rules()}
    assert {"/lean/banks", "/lean-ae/banks"} <= paths


def test_the_same_name_twice_is_refused():
    app = Flask(__name__)
    app.register_blueprint(LeanBlueprint(app_token="one"))
    with pytest.raises((ConfigurationError, ValueError), match="lean"):
        app.register_blueprint(LeanBlueprint(app_token="two"))


def test_a_client_certificate_that_cannot_be_loaded_is_named(tmp_path):
    missing = str(tmp_path / "none.pem")
    with pytest.raises(ConfigurationError, match=r"LEAN_CLIENT_CERT .*No such file"):
        register(app_token="a", client_cert=missing)
    with pytest.raises(ConfigurationError, match=r"LEAN_CLIENT_CERT .*cannot be loaded"):
        register(app_token="a", client_cert="no\0path")
    junk = tmp_path / "junk.pem"
    junk.write_text("no certificate")
    with pytest.raises(ConfigurationError, match=r"LEAN_CLIENT_CERT .*cannot be loaded") as caught:
        register(app_token="a", client_cert=(str(junk), str(junk), "hidden-password"))
    assert "hidden-password" not in str(caught.value)


def test_redis_without_its_extra_is_said_at_once(monkeypatch):
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(ConfigurationError, match=r"lean-flask\[redis\]"):
        register(app_token="a", store_url="redis://localhost")
