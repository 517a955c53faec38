"""``flask lean connections``: what support sees of a customer."""

from __future__ import annotations

import json

import pytest

from lean_flask.testing import faults

UNTIL = "2999-01-31T00:00:00Z"


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["lean", "connections", *arguments])


@pytest.fixture
def customer(app):
    return app.config["CONNECT"]["customer_id"]


@pytest.fixture
def entity(fake_lean, customer):
    entity, _ = fake_lean.add_entity(
        customer, "RJHI_SAU", ["identity", "accounts"], access_to="2999-01-31"
    )
    return entity


def test_a_customer_is_named_by_either_id(run, customer, entity):
    by_own_id = run("user-1")
    assert by_own_id.exit_code == 0, by_own_id.output
    assert run(customer).output == by_own_id.output
    head, row = [line for line in by_own_id.output.splitlines() if "  " in line][:2]
    assert head.split() == ["BANK", "ENTITY", "STATE", "UNTIL", "PERMISSIONS", "CURE"]
    assert row.split() == ["RJHI_SAU", entity["id"], "linked", UNTIL, "identity,", "accounts"]


def test_what_has_ended_has_a_cure(run, fake_lean, entity):
    fake_lean.revoke_entity(entity["id"])
    [connection] = json.loads(run("user-1", "--json").output)["connections"]
    assert (connection["state"], connection["cure"]) == ("ended", "connect")
    assert connection["permissions"] == ["identity", "accounts"]


def test_programs_read_json(run, customer, entity):
    assert json.loads(run("user-1", "--json").output) == {
        "customer_id": customer,
        "connections": [
            {
                "bank": "RJHI_SAU",
                "entity_id": entity["id"],
                "state": "linked",
                "until": UNTIL,
                "permissions": ["identity", "accounts"],
                "cure": None,
            }
        ],
        "payment_consents": [],
    }


def test_a_customer_without_any_is_no_error(run):
    result = run("user-1")
    assert result.exit_code == 0
    assert "No bank is linked.\n\nNo consent to payments." in result.output


@pytest.mark.parametrize("name", ["user-2", "a/b", "ü name", "1.5"])
def test_a_customer_whom_lean_does_not_know_is_an_error(run, name):
    result = run(name)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: Lean knows no customer with the id ")


@pytest.mark.parametrize("name", ["../banks", "%2e%2e", "", "a\nb"])
def test_an_id_that_leads_elsewhere_is_not_asked_for(run, fake_lean, name):
    result = run(name)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert fake_lean.requests == []


def test_a_uuid_is_first_taken_for_an_id_of_the_hosts(run, fake_lean):
    name = "8e2b6d0e-40c1-4dd4-8a35-ff6f37e0ad10"
    customer = fake_lean.add_customer(name)
    assert json.loads(run(name, "--json").output)["customer_id"] == customer


def test_a_lean_that_refuses_is_an_error(run, fake_lean, customer):
    fake_lean.rotate_secret()
    result = run("user-1")
    assert result.exit_code == 1
    assert "invalid_client" in result.stderr
    assert customer not in result.output


def test_connections_are_shown_where_consents_to_payments_are_not_known(run, fake_lean, entity):
    fake_lean.fault("consents", faults.Status(404))
    result = run("user-1", "--json")
    assert result.exit_code == 0
    content = json.loads(result.stdout)
    assert content["connections"][0]["entity_id"] == entity["id"]
    assert content["payment_consents"] is None
    assert "The consents to payments are not known: " in result.stderr
    assert "CONSENT" not in run("user-1").stdout
