"""The commands under ``flask lean``."""

import json

import pytest


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["lean", *arguments])


def test_check_passes_on_a_good_setup(run):
    result = run("check")
    assert result.exit_code == 0, result.output
    for word in ("settings", "token", "banks", "webhooks"):
        assert word in result.output


def test_check_fails_with_the_reason(run, fake_lean):
    fake_lean.rotate_secret()
    result = run("check")
    assert result.exit_code == 1
    assert "FAIL" in result.output
    assert "invalid_client" in result.output


def test_check_speaks_json(run):
    checks = json.loads(run("check", "--json").output)
    assert {check["check"] for check in checks} >= {"settings", "token", "banks", "webhooks"}
    assert all(check["ok"] for check in checks)


def test_check_shows_no_secret(run, fake_lean):
    output = run("check").output
    assert fake_lean.client_secret not in output
    assert fake_lean.webhook_secret not in output


def test_check_prints_the_urls_to_register(run, app):
    assert "https://your-host.example/lean/return/success" in run("check").output
    app.config["SERVER_NAME"] = "shop.example.com"
    output = run("check").output
    assert "https://shop.example.com/lean/return/success" in output
    assert "https://shop.example.com/lean/return/fail" in output


def test_banks_is_a_table(run):
    output = run("banks").output
    assert output.startswith("IDENTIFIER")
    assert "Al Rajhi Bank" in output


def test_banks_can_be_searched_and_read_by_programs(run):
    banks = json.loads(run("banks", "-q", "alrajhi", "--json").output)
    assert banks[0]["identifier"] == "RJHI_SAU"


def test_refresh_fetches_now(run, fake_lean):
    run("refresh")
    result = run("refresh", "--json")
    assert result.exit_code == 0
    assert json.loads(result.output)["banks"]["state"] == "fresh"
    assert fake_lean.count("banks") == 2


@pytest.mark.parametrize("command", ["banks", "refresh"])
def test_commands_exit_with_1_when_lean_is_down(run, fake_lean, command):
    fake_lean.stop()
    result = run(command)
    assert result.exit_code == 1
    assert "Error" in result.output


def test_each_blueprint_has_commands_of_its_own(app, fake_lean):
    from lean_flask import LeanBlueprint

    settings = fake_lean.settings() | {"store_url": "memory:"}
    app.register_blueprint(LeanBlueprint("lean_ae", url_prefix="/ae", **settings))
    assert app.test_cli_runner().invoke(args=["lean_ae", "check"]).exit_code == 0
