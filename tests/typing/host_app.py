"""A host's code, for mypy alone: what the public names are to those who use them. Never run."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal, assert_type

from flask import Flask
from markupsafe import Markup

from lean_flask import (
    Account,
    Bank,
    BankDetails,
    BankUnavailable,
    Beneficiary,
    BrokenConnection,
    CallbackData,
    Consent,
    Entity,
    EntityConsent,
    EntityPayload,
    Event,
    Flow,
    FlowError,
    HostedFlow,
    Launch,
    LeanBlueprint,
    LeanError,
    Outcome,
    Payload,
    Payment,
    PaymentIntent,
    PaymentPayload,
    PaymentSource,
    TransferLimit,
    UpstreamError,
    UpstreamRejected,
    WebhookEvent,
    broken_connection,
    flow_closed,
    outcome_changed,
    webhook_received,
)
from lean_flask.testing import FakeLean, Recorded, faults

app = Flask(__name__)
lean = LeanBlueprint("lean_ae", url_prefix="/ae", config_prefix="LEAN_AE_", country="ae")
app.register_blueprint(lean)


@lean.new_consent
def make_consent(flow: Flow) -> Consent:
    assert_type(flow.customer_id, str | None)
    return lean.client.consent("…")


@lean.identify
def current_user() -> int | None:
    return 7


def flows_of_a_user(token: str, query: dict[str, str]) -> None:
    flow = lean.connect(customer_id="…", permissions=["identity"], bound_to=7, max_age=86_400)
    assert_type(current_user(), int | None)
    assert_type(flow.absolute_url, str)
    assert_type(flow.qr(), Markup)
    assert_type(lean.open(token), HostedFlow)
    assert_type(flow.launch(bank_identifier="…", platform="flutter"), Launch)
    assert_type(flow.returned(query), Launch | None)
    assert_type(flow.closed({"status": "SUCCESS"}, platform="ios"), CallbackData)
    lean.connect(customer_id="…", permissions=[], bound_to=1.5)  # type: ignore[arg-type]
    flow.launch(platform="windows")  # type: ignore[arg-type]


def flows() -> None:
    flow = lean.connect(customer_id="…", permissions=["identity"], return_url="/done")
    assert_type(flow, HostedFlow)
    assert_type(flow.url, str)
    assert_type(flow.id, str)
    assert_type(lean.pay(payment_intent_id="…", amount=Decimal("1.5"), currency="SAR"), HostedFlow)
    assert_type(lean.checkout(payment_intent_id="…"), HostedFlow)
    assert_type(lean.renew(customer_id="…", entity_id="…", reconnect_id=None), HostedFlow)
    lean.renew(customer_id="…", entity_id="…", permissions=[])  # type: ignore[call-arg]
    assert_type(broken_connection({"status": "OK"}), BrokenConnection | None)
    assert_type(lean.authorize_consent(customer_id="…", consent_id="…"), HostedFlow)
    assert_type(lean.authorize_consent(customer_id="…", consent_id=make_consent), HostedFlow)
    assert_type(make_consent(flow), Consent)
    assert_type(lean.create_payment_source(customer_id="…"), HostedFlow)
    assert_type(lean.create_beneficiary(customer_id="…", payment_destination_id="…"), HostedFlow)
    assert_type(lean.reconnect(reconnect_id="…"), HostedFlow)
    assert_type(lean.manage_consents(customer_id="…", consent_type=["data", "payment"]), HostedFlow)
    assert_type(lean.verify_address(customer_id="…", customer_name="…"), HostedFlow)
    lean.manage_consents(customer_id="…", consent_type=["all"])  # type: ignore[list-item]
    lean.authorize_consent(customer_id="…", consent_id=len)  # type: ignore[arg-type]
    assert_type(lean.csp(nonce="…"), dict[str, list[str]])
    assert_type(lean.loader_url, str)
    lean.connect(custmer_id="…", permissions=[])  # type: ignore[call-arg]  # misspelt
    lean.checkout(payment_intent_id=4711)  # type: ignore[arg-type]  # a UUID or its text
    LeanBlueprint(cuntry="ae")  # type: ignore[call-arg]
    given: dict[str, Any] = {"permissions": ["identity"]}
    assert_type(lean.connect(customer_id="…", **given), HostedFlow)


def banks() -> None:
    assert_type(lean.banks(account_type="PERSONAL", purpose="data"), tuple[Bank, ...])
    lean.banks(purpose="savings")  # type: ignore[arg-type]  # data or payments
    for bank in lean.banks():
        assert_type(bank.identifier, str)
        assert_type(bank.arabic_name, str | None)
        assert_type(bank.availability.active.data, bool)
        assert_type(bank.transfer_limits, tuple[TransferLimit, ...])
        bank.name = "another"  # type: ignore[misc]  # it is frozen


def backend() -> None:
    assert_type(lean.client.create_customer("user-1"), str)
    assert_type(lean.client.create_payment_intent("…", Decimal("10.25"), "SAR"), str)
    assert_type(lean.client.customer_token("…"), str)
    sources = lean.client.payment_sources("…")
    assert_type(sources, tuple[PaymentSource, ...])
    assert_type(sources[0].accounts, tuple[Account, ...])
    assert_type(sources[0].beneficiaries, tuple[Beneficiary, ...])
    lean.client.create_payment_intent("…", 10.25, "SAR")  # type: ignore[arg-type]  # not exact
    identifier = {"type": "EMIRATES_ID", "value": "…"}
    assert_type(lean.client.create_customer("user-1", government_identifier=identifier), str)


def connections() -> None:
    entity = lean.client.entity("…", "…")
    assert_type(entity, Entity)
    assert_type(lean.client.entities("…", wait=0.3), tuple[Entity, ...])
    assert_type(entity.permissions, tuple[str, ...])
    assert_type(entity.consents, tuple[EntityConsent, ...])
    assert_type(entity.expires_at, datetime | None)
    state = entity.connection_state(datetime.now(UTC))
    assert_type(state, Literal["linked", "pending", "ended"])
    lean.client.delete_entity("…", entity.id)
    entity.bank_identifier = "another"  # type: ignore[misc]  # it is frozen


def consents() -> None:
    consent = lean.client.create_consent(
        customer_id="…",
        destination_account_id="…",
        currency="AED",
        reference="Order 7",
        purpose="GDS",
        control_parameters={"period_type": "Month", "max_individual_amount": Decimal("99.90")},
        expiration_date_time=datetime.now(UTC),
        government_identifier={"type": "EMIRATES_ID", "value": "…"},
    )
    assert_type(consent, Consent)
    assert_type(lean.client.consents("…", ["AUTHORISED"]), tuple[Consent, ...])
    assert_type(consent.control_parameters, Mapping[str, Any])
    lean.client.revoke_consent(consent.id)
    lean.client.create_consent(customer_id="…")  # type: ignore[call-arg]  # the limits are missing
    intent = lean.client.payment_intent("…")
    assert_type(intent, PaymentIntent)
    assert_type(intent.payments, tuple[Payment, ...])
    assert_type(intent.payments[0].amount, Decimal | None)


def any_call() -> None:
    body: dict[str, Any] = {"consent_id": "…", "amount": Decimal("10.25")}
    lean.client.request("POST", "/payments/v1/account-on-file", json=body, idempotency_key="…")
    lean.client.request("GET", "/customers/v1/", params={"from": datetime.now(UTC), "size": 50})
    status = {"status": ["A", "B"]}
    assert_type(lean.client.request("GET", "/consents/v1", params=status), Any)
    lean.client.request("get", "/customers/v1/")  # type: ignore[arg-type]  # as HTTP writes it


def errors() -> None:
    try:
        flows()
    except FlowError as error:
        assert_type(error.reason, str)
    except BankUnavailable as error:
        assert_type(error.reason, str)
        if error.bank:
            assert_type(error.bank.identifier, str)
    except UpstreamRejected as error:
        assert_type(error.status, int | None)
        assert_type(error.retry_after, float | None)
    except UpstreamError as error:
        assert_type(error.correlation_id, str | None)
    except LeanError:
        raise


@flow_closed.connect_via(app)
def when_closed(sender: Flask, flow: Flow, data: CallbackData) -> None:
    assert_type(data.status, str)
    assert_type(data.is_supported, bool | None)


@outcome_changed.connect_via(app)
def when_decided(sender: Flask, flow_id: str, outcome: Outcome) -> None:
    assert_type(outcome.payment_id, str | None)
    assert_type(lean.outcome(flow_id).updated_at, datetime | None)
    outcome.status = "confirmed"  # type: ignore[misc]  # it is frozen


@webhook_received.connect_via(app)
def when_told(sender: Flask, event: WebhookEvent) -> None:
    assert_type(event.event_id, str)


def connected(event: Event[EntityPayload]) -> None:
    assert_type(event.app_user_id, str | None)
    assert_type(event.payload.permissions, tuple[str, ...])
    assert_type(event.payload.bank_details, BankDetails | None)
    event.payload.id = "another"  # type: ignore[misc]  # it is frozen


def paid(event: Event[PaymentPayload]) -> None:
    assert_type(event.payload.amount, Decimal | None)
    assert_type(event.payload.raw, Mapping[str, Any])
    anything_came(event)


def anything_came(event: Event[Payload]) -> None:
    assert_type(event.payload.raw, Mapping[str, Any])


def test_with_the_stand_in(fake_lean: FakeLean) -> None:
    assert_type(fake_lean.settings(), dict[str, Any])
    assert_type(fake_lean.requests, list[Recorded])
    assert_type(fake_lean.count("banks"), int)
    fake_lean.fault("banks", faults.Slow(1), times=1)
    fake_lean.fault("banks", "slow")  # type: ignore[arg-type]
