"""lean.renew: which flow it makes, of what Lean says of the entity."""

from __future__ import annotations

import uuid
from typing import get_type_hints

import pytest

from lean_flask import FlowError, UpstreamRejected
from lean_flask.flows.arguments import RenewArguments
from lean_flask.flows.flow import SCHEMAS

RECONNECT = "20afcfd3-7ee3-44b8-9d6e-bf74b259fb90"
BANK = "RJHI_SAU"
PERMISSIONS = ["identity", "accounts"]


class Host:
    def __init__(self, app, fake_lean):
        self.app = app
        self.lean = app.blueprints["lean"]
        self.fake = fake_lean
        self.customer = app.config["CONNECT"]["customer_id"]

    def link(self, permissions=PERMISSIONS, customer=None):
        entity, _ = self.fake.add_entity(customer or self.customer, BANK, permissions)
        return entity["id"]

    def renew(self, entity_id, **more):
        with self.app.test_request_context():
            return self.lean.renew(customer_id=self.customer, entity_id=entity_id, **more)


@pytest.fixture
def host(app, fake_lean):
    return Host(app, fake_lean)


def test_an_entity_is_connected_again_at_its_bank_with_its_permissions(host):
    flow = host.renew(host.link(), return_url="/done", language="ar", access_to="2027-01-31")
    assert (flow.method, flow.account_type) == ("connect", "PERSONAL")
    assert flow.config == {
        "customer_id": host.customer,
        "bank_identifier": BANK,
        "permissions": PERMISSIONS,
        "access_to": "2027-01-31",
    }
    assert (flow.return_url, flow.language) == ("/done", "ar")


@pytest.mark.parametrize(
    ("bank_type", "account_type"),
    [("SME", "BUSINESS"), ("RETAIL", "PERSONAL"), ("CORPORATE", None)],
)
def test_it_is_for_accounts_of_the_same_type(host, bank_type, account_type):
    """One identifier may be in the lists of both types."""
    host.fake.bank(BANK)["bank_type"] = bank_type
    entity_id = host.link()
    assert host.renew(entity_id).account_type == account_type
    given = host.renew(entity_id, account_type="BUSINESS").account_type
    assert given == (account_type or "BUSINESS")


def test_an_entity_that_has_ended_is_renewed_too(host):
    entity_id = host.link()
    host.fake.revoke_entity(entity_id)
    assert host.renew(entity_id).config["bank_identifier"] == BANK


def test_ids_may_be_uuids(host):
    entity_id = host.link()
    host.customer = uuid.UUID(host.customer)
    assert host.renew(uuid.UUID(entity_id)).customer_id == str(host.customer)


def test_a_reconnect_id_reconnects_without_asking_lean(host):
    fields = {"return_url": "/done", "destination_alias": "Qahwa"}
    flow = host.renew(
        str(uuid.uuid4()),
        reconnect_id=RECONNECT,
        access_to="2027-01-31",
        account_type="PERSONAL",
        **fields,
    )
    assert flow.method == "reconnect"
    assert flow.config == {"reconnect_id": RECONNECT, "destination_alias": "Qahwa"}
    assert (flow.customer_id, flow.return_url) == (host.customer, "/done")
    assert "entities" not in [request.endpoint for request in host.fake.requests]


def test_permissions_that_connect_does_not_take_are_left_out(host):
    entity = host.fake.entity(host.link([*PERMISSIONS]))
    entity["permissions"] += ["scheduled_payments", "tea_leaves"]
    expected = [*PERMISSIONS, "scheduled_payments"]
    assert sorted(host.renew(entity["id"]).config["permissions"]) == sorted(expected)


@pytest.mark.parametrize("permissions", [[], ["tea_leaves"]])
def test_an_entity_without_any_cannot_be_renewed(host, permissions):
    with pytest.raises(FlowError, match="entity_id is of an entity without permissions") as raised:
        host.renew(host.link(permissions))
    assert raised.value.fields.keys() == {"entity_id"}


@pytest.mark.parametrize("name", ["bank_identifier", "permissions", "linked_banks"])
def test_what_the_entity_says_cannot_be_given(host, name):
    with pytest.raises(FlowError, match=f"renew: {name} cannot be given"):
        host.renew(host.link(), **{name: "SNB_SAU"})
    with pytest.raises(FlowError, match=f"renew: {name} cannot be given"):
        host.renew(host.link(), reconnect_id=RECONNECT, **{name: "SNB_SAU"})


def test_a_field_that_no_method_has_is_named(host):
    with pytest.raises(FlowError, match="retrun_url"):
        host.renew(host.link(), retrun_url="/done")
    with pytest.raises(FlowError, match="retrun_url"):
        host.renew(host.link(), reconnect_id=RECONNECT, retrun_url="/done")


def test_an_entity_that_the_customer_does_not_have_is_an_error(host):
    other = host.fake.add_customer("user-2")
    for entity_id in (str(uuid.uuid4()), host.link(customer=other)):
        with pytest.raises(UpstreamRejected) as raised:
            host.renew(entity_id)
        assert raised.value.status == 404
    with pytest.raises(FlowError, match="entity_id"):
        host.renew("")


def test_type_checkers_know_the_further_fields():
    own = {"customer_id", "permissions", "bank_identifier", "linked_banks"}
    assert get_type_hints(RenewArguments).keys() == SCHEMAS["connect"].fields.keys() - own
