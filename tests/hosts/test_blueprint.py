"""What a host asks of the blueprint itself: banks() and csp()."""

from __future__ import annotations

import pytest

from lean_flask import ConfigurationError, LeanBlueprint
from lean_flask.banks.bank import Bank


@pytest.fixture
def lean(app):
    with app.app_context():
        yield app.blueprints["lean"]


def identifiers(banks):
    return {bank.identifier for bank in banks}


def test_banks_are_those_of_the_endpoint(lean, client):
    banks = lean.banks()
    assert all(isinstance(bank, Bank) for bank in banks)
    assert identifiers(banks) == {bank["identifier"] for bank in client.get("/lean/banks").json}


def test_banks_for_a_purpose_are_those_that_can_be_used_for_it(lean, fake_lean):
    fake_lean.set_availability("RJHI_SAU", active={"payments": False})
    assert "RJHI_SAU" in identifiers(lean.banks(purpose="data"))
    assert "RJHI_SAU" not in identifiers(lean.banks(purpose="payments"))


def test_banks_of_another_country_are_none(lean):
    assert identifiers(lean.banks(country="SAU"))
    assert lean.banks(country="ARE") == ()


def test_an_app_that_it_is_not_registered_on_is_named(app):
    stranger = LeanBlueprint("stranger")
    with app.app_context(), pytest.raises(ConfigurationError, match="'stranger' is not registered"):
        stranger.banks()


def test_the_policy_takes_the_hosts_nonce_for_scripts_alone(lean):
    policy = lean.csp(nonce="abc")
    assert "'nonce-abc'" in policy["script-src"]
    assert not [name for name in policy if name != "script-src" and "'nonce-abc'" in policy[name]]
    assert not any("nonce" in source for source in lean.csp()["script-src"])
    assert policy["object-src"] == ["'none'"]
    assert "'unsafe-inline'" not in policy["script-src"]


@pytest.mark.parametrize(
    ("name", "value"), [("purpose", "payment"), ("account_type", "FOO"), ("country", "Saudi")]
)
def test_an_argument_that_banks_does_not_know_is_named(lean, fake_lean, name, value):
    with pytest.raises(ValueError, match=f"^{name} got '{value}': Must be"):
        lean.banks(**{name: value})
    assert fake_lean.count("banks") == 0


def test_the_loader_is_that_of_the_country_and_the_version(make_app):
    app = make_app(country="ae", sdk_version="2.1.0", loader_url=None)
    with app.test_request_context():
        url = app.blueprints["lean"].loader_url
    assert url == "https://cdn.leantech.me/link/loader/prod/ae/2.1.0/lean-link-loader.min.js"
