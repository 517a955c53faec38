"""GET /health and the commands: what an operator sees."""

import json

import pytest

from lean_flask.testing import faults


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["lean", *arguments])


def test_health_of_a_server_with_a_list(client):
    client.get("/lean/banks")
    answer = client.get("/lean/health")
    assert answer.status_code == 200
    assert answer.json["status"] == "ok"
    assert answer.json["banks"]["count"] > 10
    assert answer.json["banks"]["state"] == "fresh"
    assert answer.json["upstream"] == {"failures": 0, "retry_in": 0}
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_new_server_gets_healthy_by_being_asked(client):
    assert client.get("/lean/health").status_code == 503
    for _ in range(2000):
        if client.get("/lean/health").status_code == 200:
            return
    raise AssertionError("It did not get healthy")


def test_health_never_waits_on_lean(client, fake_lean):
    gate = faults.Gate()
    fake_lean.fault("banks", gate)
    answer = client.get("/lean/health")
    assert (answer.status_code, answer.json["status"]) == (503, "down")
    assert answer.json["banks"] == {"count": 0, "age": 0, "state": "empty"}
    gate.open()


def test_health_while_lean_fails(make_app, fake_lean):
    client = make_app(banks_ttl=0.01).test_client()
    client.get("/lean/banks")
    fake_lean.fault("banks", faults.Status(403))
    for _ in range(2000):
        client.get("/lean/banks")
        answer = client.get("/lean/health")
        if answer.json["status"] == "degraded":
            break
    assert answer.status_code == 200
    assert answer.json["upstream"]["failures"] >= 1
    assert answer.json["banks"]["state"] == "stale"


def test_health_says_nothing_secret(client, fake_lean):
    fake_lean.fault("banks", faults.Status(403, b'{"message": "inside story"}'))
    client.get("/lean/banks")
    text = client.get("/lean/health").text
    assert "inside story" not in text
    assert fake_lean.app_token not in text


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
