"""Connections at the stand-in: linked, read, ended by time, by the customer or by the host."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from lean_flask.testing import FakeLean

DAY = 86_400
DATA = ["identity", "accounts", "balance", "transactions"]


@pytest.fixture
def customer(fake_lean):
    return fake_lean.add_customer("user-1")


@pytest.fixture
def entity(fake_lean, customer):
    return fake_lean.add_entity(customer, "RJHI_SAU", DATA)[0]["id"]


def accounts(api, entity):
    return api.get("/data/v2/accounts", params={"entity_id": entity})


def test_a_connection_is_listed_and_read_with_its_consent(api, fake_lean, customer, entity):
    url = f"/customers/v1/{customer}/entities"
    listed = api.get(url).json()
    assert listed == [api.get(f"{url}/{entity}").json()]
    assert listed[0]["permissions"]["accounts"] is True
    assert listed[0]["permissions"]["beneficiaries"] is False
    (consent,) = listed[0]["consents"]
    assert (consent["consent_status"], consent["standard_consent_status"]) == (
        "ACTIVE",
        "AUTHORISED",
    )
    ends = datetime.fromisoformat(consent["expiration_date_time"])
    assert timedelta(days=364) < ends - fake_lean.now() <= timedelta(days=365)


def test_a_bank_that_takes_credentials_gives_no_consent():
    with FakeLean("ae") as emirates:
        bank = next(b for b in emirates.banks if b["connection_type"] == "REVERSE_ENGINEERED")
        customer = emirates.add_customer("user-1")
        entity, _ = emirates.add_entity(customer, bank["identifier"], DATA)
        assert entity["consents"] == []
        emirates.revoke_entity(entity["id"])
        assert not emirates.is_live(entity)


@pytest.mark.parametrize("how", ["query", "body"])
def test_a_deleted_connection_is_gone(api, customer, entity, how):
    url = f"/customers/v1/{customer}/entities/{entity}"
    assert api.delete(url).json()["status"] == "INVALID_PARAMETERS"
    reason = {"reason": "USER_REQUESTED"}
    asked = {"params": reason} if how == "query" else {"json": reason}
    assert api.request("DELETE", url, **asked).status_code == 200
    assert api.get(f"/customers/v1/{customer}/entities").json() == []
    assert api.get(url).status_code == api.request("DELETE", url, **asked).status_code == 404


def test_a_consent_to_data_can_be_deleted(api, receiver, customer, entity):
    receiver.expect("entity.created")
    url = f"/customers/v1/{customer}/entities/{entity}"
    (consent,) = api.get(url).json()["consents"]
    path = f"{url}/consent/{consent['id']}"
    assert api.delete(path).status_code == 400
    assert api.delete(path, params={"reason": "USER_REQUESTED"}).status_code == 200
    (payload,) = receiver.expect("entity.updated")
    assert payload["consents"][0]["standard_consent_status"] == "REVOKED"
    other = f"{url}/consent/{customer}"
    assert api.delete(other, params={"reason": "USER_REQUESTED"}).status_code == 404


def test_the_clock_ends_a_connection_and_tells_the_host_once(api, receiver, fake_lean, end):
    customer = fake_lean.add_customer("user-2")
    until = (fake_lean.now() + timedelta(days=3)).date().isoformat()
    end(
        "connect",
        customer_id=customer,
        permissions=DATA,
        bank_identifier="RJHI_SAU",
        access_from="2025-01-01",
        access_to=until,
    )
    (created,) = receiver.expect("entity.created")
    assert created["permissions"] == DATA
    fake_lean.advance(DAY)
    assert accounts(api, created["id"]).json()["status"] == "OK"
    before = fake_lean.now()
    fake_lean.advance(2 * DAY)
    (updated,) = receiver.expect("entity.updated")
    (consent,) = updated["consents"]
    assert (consent["consent_status"], consent["standard_consent_status"]) == ("REVOKED", "EXPIRED")
    assert datetime.fromisoformat(consent["status_update_date_time"]) > before
    assert consent["transaction_from_date_time"].startswith("2025-01-01")
    assert accounts(api, created["id"]).json()["status"] == "CONSENT_EXPIRED"
    fake_lean.advance(DAY)
    assert receiver.got.empty()


def test_the_clock_does_not_go_back(fake_lean):
    with pytest.raises(ValueError, match="moves on only"):
        fake_lean.advance(-1)


@pytest.mark.parametrize(
    ("ends", "status"), [("expire_entity", "EXPIRED"), ("revoke_entity", "REVOKED")]
)
def test_a_connection_that_ended_is_renewed(api, receiver, fake_lean, end, ends, status):
    customer = fake_lean.add_customer("user-2")
    config = {"customer_id": customer, "permissions": DATA, "bank_identifier": "RJHI_SAU"}
    end("connect", **config)
    (created,) = receiver.expect("entity.created")
    getattr(fake_lean, ends)(created["id"])
    (over,) = receiver.expect("entity.updated")
    assert over["consents"][0]["standard_consent_status"] == status
    assert accounts(api, created["id"]).json()["status"] == "CONSENT_EXPIRED"
    refused = api.post("/data/v2/refreshes", json={"entity_id": created["id"]})
    assert (refused.status_code, refused.json()["status"]) == (403, "CONSENT_EXPIRED")
    end("connect", **config)
    (renewed,) = receiver.expect("entity.updated")
    assert renewed["id"] == created["id"]
    assert [one["consent_status"] for one in renewed["consents"]] == ["REVOKED", "ACTIVE"]
    assert accounts(api, created["id"]).json()["status"] == "OK"


def test_a_broken_connection_works_again_once_it_is_reconnected(
    api, receiver, fake_lean, entity, end
):
    receiver.expect("entity.created")
    reconnect_id = fake_lean.break_entity(entity)
    (refresh,) = receiver.expect("entity.data.refresh.updated")
    assert (refresh["entity_id"], refresh["data_status"]) == (entity, "RECONNECT_REQUIRED")
    read = accounts(api, entity).json()
    assert (read["status"], read["results_id"]) == ("RECONNECT_REQUIRED", reconnect_id)
    asked = api.post("/data/v2/refreshes", json={"entity_id": entity}).json()
    assert (asked["status"], asked["reconnect_id"]) == ("RECONNECT_REQUIRED", reconnect_id)
    end("reconnect", reconnect_id=reconnect_id)
    reconnected, ready = receiver.expect("entity.reconnected", "results.ready")
    assert reconnected == {"id": entity, "reconnect_id": reconnect_id}
    assert ready == {"id": reconnect_id}
    assert accounts(api, entity).json()["status"] == "OK"
    end("reconnect", reconnect_id=reconnect_id)  # a second time changes nothing
    assert api.post("/data/v2/refreshes", json={"entity_id": entity}).json()["status"] == "OK"
    assert receiver.expect("entity.data.refresh.updated")[0]["data_status"]["accounts"] == "OK"


def test_data_are_read_in_pages(api, fake_lean, entity):
    read = accounts(api, entity).json()["data"]
    assert [one["account_sub_type"] for one in read["accounts"]] == ["CURRENT", "SAVINGS"]
    url = f"/data/v2/accounts/{read['accounts'][0]['account_id']}"
    about = {"entity_id": entity}
    balance = api.get(f"{url}/balances", params=about).json()["data"]["balances"][0]
    assert balance["amount"]["currency"] == "SAR"
    seen = []
    while len(seen) < 120:
        query = about | {"page": len(seen) // 50}
        answer = api.get(f"{url}/transactions", params=query).json()["data"]
        assert answer["page"]["total_pages"] == 3
        seen += [one["transaction_id"] for one in answer["transactions"]]
    assert len(set(seen)) == 120
    month = fake_lean.now() - timedelta(days=30)
    later = about | {"start_date": f"{month:%Y-%m-%d}", "size": 100}
    some = api.get(f"{url}/transactions", params=later).json()["data"]["page"]
    assert some["total_elements"] in {31, 32}
    name = api.get("/data/v2/identity", params=about).json()["data"]["identities"][0]
    assert name["full_legal_name"] == "Sara Ali"


@pytest.mark.parametrize(
    ("path", "entity_id", "status", "code"),
    [
        ("/data/v2/accounts", None, 400, "INVALID_PARAMETERS"),
        ("/data/v2/accounts", "unknown", 404, "UNKNOWN_ENTITY"),
        ("/data/v2/accounts/other/balances", "linked", 404, "UNKNOWN_ACCOUNT"),
        ("/data/v2/identity", "narrow", 403, "INCORRECT_ACCESS_LEVEL"),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_refused(
    api, fake_lean, customer, entity, path, entity_id, status, code
):
    narrow = fake_lean.add_entity(customer, "RJHI_SAU", ["accounts"])[0]["id"]
    known = {"linked": entity, "narrow": narrow, None: None}
    answer = api.get(path, params={"entity_id": known.get(entity_id, entity_id)})
    assert (answer.status_code, answer.json()["status"]) == (status, code)
    assert api.post("/data/v2/refreshes", json={}).status_code == 400
