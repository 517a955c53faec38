"""A customer's whole life at a host on the stand-in, over HTTP and with its webhooks."""

from __future__ import annotations

import logging
import queue
import uuid
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import redirect, request

from lean_flask import UpstreamRejected, connection_broken, webhook_received
from lean_flask.services import get_services
from support import plain_http

DAY = 86_400
PERMISSIONS = ["identity", "accounts", "transactions"]


class Host:
    """A host's app on a socket of its own, and what its receivers were told."""

    def __init__(self, app, site):
        self.lean, self.site = app.blueprints["lean"], site
        self.browser = plain_http.Client(base_url=site, timeout=10)
        with app.app_context():
            self.client = get_services("lean").client
        self.told: queue.Queue = queue.Queue()
        self.broken: list[tuple[str, str]] = []
        self.receivers = (self.on_webhook, self.on_broken)  # signals hold them weakly
        webhook_received.connect(self.on_webhook, app)
        connection_broken.connect(self.on_broken, app)

    def on_webhook(self, _sender, event, **_):
        self.told.put(event)

    def on_broken(self, _sender, entity, cure, **_):
        self.broken.append((entity.id, cure))

    def expect(self, type):
        """Return the payload of the next event, which is of this type."""
        event = self.told.get(timeout=10)
        assert event.type == type
        return event.payload

    def launch(self, path, **chosen):
        """Open a flow, choose in the picker; return what the SDK is called with."""
        begun = self.browser.get(path)
        (flow,) = parse_qs(urlsplit(begun.headers["location"]).query)["flow"]
        launched = self.browser.post("/lean/launch", json={"flow": flow, **chosen})
        assert launched.status_code == 200, launched.text
        return launched.json()

    def accounts(self, entity_id):
        return self.client.request("GET", "/data/v2/accounts", params={"entity_id": entity_id})


@pytest.fixture
def host(make_app, serve, fake_lean, monkeypatch):
    monkeypatch.setattr(logging.getLogger("httpx"), "disabled", True)  # it names the customers
    app = make_app()
    lean = app.blueprints["lean"]
    app.config["CONNECT"] |= {"permissions": PERMISSIONS}

    @app.get("/renew")
    def renew():
        return redirect(
            lean.connect(**app.config["CONNECT"], bank_identifier=request.args["bank"]).url
        )

    @app.get("/approve")
    def approve():
        customer_id, consent_id = app.config["CONNECT"]["customer_id"], request.args["consent"]
        flow = lean.authorize_consent(customer_id=customer_id, consent_id=consent_id)
        return redirect(flow.url)

    site = serve(app)
    fake_lean.webhook_url = f"{site}/lean/webhooks"
    host = Host(app, site)
    host.customer = app.config["CONNECT"]["customer_id"]
    yield host
    host.browser.close()


def test_link_read_expire_renew_pay_by_consent_revoke_disconnect(host, fake_lean):
    # The customer links a bank, and the host reads.
    fake_lean.finish(host.launch("/link", bank_identifier="RJHI_SAU"))
    created = host.expect("entity.created")
    (entity,) = host.client.entities(host.customer)
    assert (entity.id, entity.bank_identifier) == (created["id"], "RJHI_SAU")
    assert set(entity.permissions) == set(PERMISSIONS)
    assert entity.connection_state(fake_lean.now()) == "linked"
    (account, _) = host.accounts(entity.id)["data"]["accounts"]
    path = f"/data/v2/accounts/{account['account_id']}/transactions"
    read = host.client.request("GET", path, params={"entity_id": entity.id, "size": 100})
    assert len(read["data"]["transactions"]) == 100

    # A year later the consent is over: the host is told, and the customer renews it.
    fake_lean.advance(366 * DAY)
    assert host.expect("entity.updated")["id"] == entity.id
    assert host.broken == [(entity.id, "connect")]
    assert host.accounts(entity.id)["status"] == "CONSENT_EXPIRED"
    assert host.client.entity(host.customer, entity.id).connection_state(fake_lean.now()) == "ended"
    fake_lean.finish(host.launch("/renew?bank=RJHI_SAU", bank_identifier="RJHI_SAU"))
    assert host.expect("entity.updated")["id"] == entity.id
    renewed = host.client.entity(host.customer, entity.id)
    assert renewed.connection_state(fake_lean.now()) == "linked"
    assert renewed.expires_at - fake_lean.now() > timedelta(days=364)
    assert host.accounts(entity.id)["status"] == "OK"

    # The customer approves payments; the host makes one, and the second is too much.
    consent = host.client.create_consent(
        customer_id=host.customer,
        destination_account_id=str(uuid.uuid4()),
        currency="SAR",
        reference="Rides",
        purpose="GDS",
        control_parameters={
            "period_type": "Month",
            "max_cumulative_amount_per_period": 200,
            "max_individual_amount": 150,
        },
    )
    fake_lean.finish(host.launch(f"/approve?consent={consent.id}", bank_identifier="RJHI_SAU"))
    assert host.expect("consent.status.updated")["status"] == "AUTHORISED"
    assert host.client.consent(consent.id).bank_identifier == "RJHI_SAU"
    for _ in range(2):  # the second asks the same again
        paid = pay(host, consent, 120, "ride-1")
    event = host.expect("payment.account-on-file.updated")
    assert (event["id"], event["status"]) == (paid["id"], "PROCESSED")
    with pytest.raises(UpstreamRejected) as too_much:
        pay(host, consent, 100, "ride-2")
    assert too_much.value.code == "CONSENT_LIMIT_EXCEEDED"

    # The host ends the consent, and the link.
    host.client.revoke_consent(consent.id)
    assert host.expect("consent.status.updated")["status"] == "REVOKED"
    with pytest.raises(UpstreamRejected) as over:
        pay(host, consent, 10, "ride-3")
    assert over.value.status == 409
    assert host.client.consents(host.customer, status="AUTHORISED") == ()
    host.client.delete_entity(host.customer, entity.id)
    assert host.client.entities(host.customer) == ()
    assert host.told.empty()


def test_a_broken_connection_is_reconnected(host, fake_lean):
    entity, _ = fake_lean.add_entity(host.customer, "RJHI_SAU", PERMISSIONS)
    host.expect("entity.created")
    reconnect_id = fake_lean.break_entity(entity["id"])
    host.expect("entity.data.refresh.updated")
    assert host.broken == [(entity["id"], "reconnect")]
    assert host.accounts(entity["id"])["results_id"] == reconnect_id
    fake_lean.finish({"method": "reconnect", "config": {"reconnect_id": reconnect_id}})
    assert {host.told.get(timeout=10).type for _ in range(2)} == {
        "entity.reconnected",
        "results.ready",
    }
    assert host.accounts(entity["id"])["status"] == "OK"


def pay(host, consent, amount, key):
    body = {"consent_id": consent.id, "amount": amount, "risk_details": {}}
    return host.client.request(
        "POST", "/payments/v1/account-on-file", json=body, idempotency_key=key
    )
