"""The events that receivers get: each documented type with its own payload."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import FrozenInstanceError, asdict, fields
from decimal import Decimal

import pytest

from lean_flask import BankDetails, Event, PaymentPayload
from lean_flask.events.event import event_of
from lean_flask.events.payloads import PAYLOADS
from lean_flask.events.samples import SAMPLE_TYPES, sample_event
from lean_flask.upstream.webhook import parse_event
from support.paths import ROOT


def typed(type, payload, **envelope):
    event = {"type": type, "payload": payload, "event_id": "e1", **envelope}
    return event_of(parse_event(json.dumps(event).encode()))


def test_there_is_a_sample_of_every_documented_type():
    assert set(SAMPLE_TYPES) == set(PAYLOADS)


@pytest.mark.parametrize("type", SAMPLE_TYPES)
def test_every_field_of_a_sample_is_a_field_of_its_payload(type, caplog):
    sample = sample_event(type)
    event = event_of(parse_event(json.dumps(sample).encode()))
    assert dict(event.payload.raw) == sample["payload"]
    assert sample["payload"].keys() <= {each.name for each in fields(event.payload)}
    missing = [each.name for each in fields(event.payload) if not getattr(event.payload, each.name)]
    assert missing == []
    assert caplog.messages == []


def test_two_samples_have_ids_of_their_own():
    first, second = sample_event("payment.created"), sample_event("payment.created")
    assert first["event_id"] != second["event_id"]
    assert first["payload"]["id"] != second["payload"]["id"]


def test_an_entity_has_the_hosts_own_id_of_the_customer():
    event = typed(
        "entity.created",
        {"id": "en", "app_user_id": "user-7", "bank_details": {"identifier": "RJHI_SAU"}},
        message="Created.",
        timestamp="2026-05-12T15:40:36.398576427Z",
    )
    assert event.app_user_id == "user-7"
    assert event.payload.bank_details == BankDetails(identifier="RJHI_SAU")
    assert (event.message, event.nanoseconds % 1000) == ("Created.", 427)


def test_lean_sends_no_app_user_id_with_a_payment():
    assert typed("payment.created", {"id": "p"}).app_user_id is None


@pytest.mark.parametrize(
    ("amount", "read"),
    [
        (12.34, Decimal("12.34")),
        (25, Decimal(25)),
        ("10.50", Decimal("10.50")),
        (0, Decimal(0)),
        (0.1, Decimal("0.1")),
        (-1, None),
        (True, None),
        ("ten", None),
        (float("inf"), None),
        (10**400, None),
    ],
)
def test_an_amount_is_exact_or_none(amount, read):
    assert typed("payment.updated", {"amount": amount}).payload.amount == read


def test_the_amount_of_a_payment_on_file_comes_in_an_object():
    payload = {"amount": {"amount": 10.5, "currency": "AED"}, "status": "PROCESSED"}
    for spelling in ("account-on-file", "account_on_file"):
        paid = typed(f"payment.{spelling}.updated", payload).payload
        assert (paid.amount, paid.currency) == (Decimal("10.5"), "AED")


def test_a_wrong_field_costs_only_itself_and_one_log_line(caplog):
    payload = {"id": 5, "permissions": ["identity", 7], "customer_id": "c", "bank_details": []}
    entity = typed("entity.updated", payload).payload
    assert (entity.id, entity.customer_id, entity.bank_details) == (None, "c", None)
    assert entity.permissions == ("identity",)
    assert entity.raw["permissions"] == ["identity", 7]
    assert caplog.messages == [
        "Fields of the event 'e1' ('entity.updated') were left out: id, permissions, bank_details"
    ]


@pytest.mark.parametrize("payload", [["a"], "text", 5])
def test_a_payload_that_is_no_object_still_arrives(payload, caplog):
    event = typed("payment.created", payload)
    assert (event.payload.id, len(event.payload.raw)) == (None, 0)
    assert len(caplog.messages) == 1


def test_new_fields_and_new_types_arrive():
    assert typed("payment.created", {"id": "p", "fee": 1}).payload.raw["fee"] == 1
    assert typed("refund.created", {"id": "r"}).payload.raw["id"] == "r"


def test_an_event_cannot_be_changed():
    event = typed("payment.created", {"id": "p"})
    for changed in (event, event.payload):
        with pytest.raises((FrozenInstanceError, TypeError)):
            changed.type = "another"
    with pytest.raises(TypeError):
        event.payload.raw["id"] = "q"


def test_no_repr_shows_a_customers_data(caplog):
    caplog.set_level(logging.DEBUG)
    customer = "a customer's own data"
    for type in PAYLOADS:
        payload = dict.fromkeys(sample_event(type)["payload"], customer)
        nested = {name: {"name": customer} for name in ("bank_details", "metadata", "data_status")}
        event = typed(type, {**payload, **nested, "app_user_id": customer})
        shown = [event, event.payload, event.payload.raw]
        shown += [getattr(event.payload, name, None) for name in nested]
        assert customer not in repr(shown)
    assert customer not in caplog.text


def test_an_event_can_be_made_by_a_hosts_test():
    payload = PaymentPayload(id="p", status="ACCEPTED_BY_BANK", amount=Decimal(5))
    event = Event("payment.created", payload, "", "", 0, "e1")
    assert asdict(event)["payload"]["amount"] == Decimal(5)


def test_the_documents_table_has_each_type_with_its_payload_and_fields():
    page = (ROOT / "docs" / "events.md").read_text("utf-8")
    section = page.partition("\n## Event types\n")[2].partition("\n## ")[0]
    rows = [
        [re.findall(r"`([^`]+)`", cell) for cell in re.split(r"(?<!\\)\|", line)[1:4]]
        for line in section.splitlines()
        if line.startswith("| `")
    ]
    documented = {type: (model[0], names) for types, model, names in rows for type in types}
    assert documented == {
        type: (model.__name__, [each.name for each in fields(model) if each.name != "raw"])
        for type, model in PAYLOADS.items()
    }
