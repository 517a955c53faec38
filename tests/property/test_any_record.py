"""Every schema at an edge: it takes a thing or names what is wrong, whatever it is given."""

import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from marshmallow import ValidationError

from lean_flask.banks.public_schema import public_bank
from lean_flask.banks.schema import BankSchema, load_banks
from lean_flask.config.customization import CustomizationSchema
from lean_flask.config.settings import load_settings
from lean_flask.errors import ConfigurationError, FlowError, UpstreamInvalid
from lean_flask.flows.callback import CallbackSchema
from lean_flask.flows.flow import from_payload, make_flow, to_payload
from lean_flask.flows.landing import LandingSchema
from lean_flask.flows.token import FlowSerializer
from lean_flask.testing.data.banks import load_banks as records_of
from lean_flask.upstream.consents import consent_loader
from lean_flask.upstream.entities import entity_loader
from lean_flask.upstream.payment_sources import source_loader
from lean_flask.upstream.payments import intent_loader
from lean_flask.upstream.webhook import parse_event
from lean_flask.web import csp
from lean_flask.web.theme.stylesheet import stylesheet
from support.generated import anything, spoilt

UUID = "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01"
SETTINGS = {
    "app_token": "t",
    "api_url": "https://lean.example",
    "loader_url": "https://lean.example/loader.js",
    "sdk_version": "1.0",
    "webhook_secret": ["one", "two"],
    "client_cert": ["a", "b"],
    "account_types": ["PERSONAL"],
    "popular_banks": ["A"],
    "banks_ttl": 1,
    "flow_max_age": 1,
    "store_url": "memory:",
    "csp": "strict",
    "frame_ancestors": "'self'",
    "customization": {"theme_color": "#fff"},
}
CUSTOMIZATION = {
    "theme_color": "#0a6847",
    "link_color": "rgb(1, 2, 3)",
    "button_border_radius": "8",
    "dialog_background_color_light": "linear-gradient(to left, #fff, #000 10%)",
    "force_appearance": "dark",
}
SHARED = {"return_url": "/done", "language": "ar", "customization": CUSTOMIZATION}
PAYMENT = {"payment_intent_id": UUID, "amount": "1.50", "currency": "SAR", "account_id": UUID}
ARGUMENTS = {
    "connect": SHARED
    | {"customer_id": UUID, "permissions": ["identity"], "access_from": "2026-01-31"},
    "pay": SHARED | PAYMENT | {"risk_details": {"debtor_indicators": {"a": 1}}},
    "checkout": SHARED | PAYMENT | {"customer_name": "A", "success_redirect_url": "https://a.b/"},
}
CALLBACK = {"status": "SUCCESS", "bank": {"bank_identifier": "A"}, "message": "m"}
EVENT = {"type": "bank.availability.updated", "payload": {}, "timestamp": "", "event_id": "e"}

RECORDS = records_of("sa", "https://logos.example")
serializer = FlowSerializer(["a key"], "salt")


def sendable(value):
    """*value* as the JSON that every browser reads."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


@given(spoilt(SETTINGS))
@example(SETTINGS | {"frame_ancestors": "'none'\n"})
@example(SETTINGS | {"frame_ancestors": "é"})
@example(SETTINGS | {"api_url": "https://["})
@example(SETTINGS | {"api_url": "https://lean.example:99999"})
@example(SETTINGS | {"loader_url": "https://é.example"})
@example(SETTINGS | {"loader_url": "https://lean.example;script-src *"})
@example(SETTINGS | {"sdk_version": "1.0\n"})
def test_settings(given_settings):
    try:
        settings = load_settings({}, overrides=given_settings)
    except ConfigurationError:
        return
    header = csp.header(settings, settings.csp or "strict")
    assert header.isascii()
    assert header.isprintable()
    assert header.count("script-src") == 1
    for address in (settings.api_url, settings.auth_url, settings.loader_url):
        assert urlsplit(address).port is None
        assert address.isprintable()


@given(spoilt(CUSTOMIZATION))
@example({"button_border_radius": 10**400})
def test_customization(customization):
    try:
        loaded = CustomizationSchema().load(customization)
    except ValidationError:
        return
    assert stylesheet(loaded)


@given(anything)
def test_customization_that_is_anything(value):
    with pytest.raises(ValidationError):
        CustomizationSchema().load(value if value != {} else [])


@given(st.sampled_from(RECORDS).flatmap(spoilt))
@example(RECORDS[0] | {"name": "A \ud800"})
@example(RECORDS[0] | {"traits": ["\ud800"]})
@example(RECORDS[0] | {"transfer_limits": [{"currency": "SAR", "max": "1e999999999"}]})
@example(RECORDS[0] | {"transfer_limits": [{"currency": "SAR\n", "max": 1}]})
def test_banks(record):
    for bank in load_banks([record]):
        assert sendable(public_bank(bank, "ar"))
        assert BankSchema().load(json.loads(json.dumps(BankSchema().dump(bank)))) == bank
        assert all(limit.currency.isalpha() for limit in bank.transfer_limits)


CONSENT = {
    "id": UUID,
    "consent_id": UUID,
    "customer_id": UUID,
    "bank_identifier": "A",
    "status": "AUTHORISED",
    "consent_status": "ACTIVE",
    "permissions": {"accounts": True},
    "expiration_date_time": "2026-08-05T16:57:41.644091234Z",
    "payment_purpose": {"code": "GDS"},
    "consented_account": {"iban": "AE07", "holder_name": "A"},
    "control_parameters": {"max_individual_amount": 1},
    "payment_consumption": {"a": 1},
}
ENTITY = {
    "id": UUID,
    "customer_id": UUID,
    "bank_identifier": "A",
    "permissions": {"accounts": True},
    "created_at": "2026-08-05T16:57:41.644091234Z",
    "consents": [CONSENT],
}
INTENT = {
    "payment_intent_id": UUID,
    "amount": 1.5,
    "payment_destination": {"id": UUID},
    "payments": [{"id": UUID, "amount": 1.5, "sender_details": {"iban": "AE07"}}],
}
SOURCE = {
    "id": UUID,
    "customer_id": UUID,
    "bank_identifier": "A",
    "beneficiaries": [{"payment_destination_id": UUID, "status": "ACTIVE"}],
    "accounts": [{"id": UUID, "iban": "AE07"}],
}
LOADERS = {
    "entity": (entity_loader, ENTITY),
    "consent": (consent_loader, CONSENT),
    "intent": (intent_loader, INTENT),
    "source": (source_loader, SOURCE),
}


@pytest.mark.parametrize("kind", LOADERS)
def test_records_of_lean(kind):
    loader, valid = LOADERS[kind]
    now = datetime.now(UTC)

    @given(spoilt(valid) | anything)
    @example(valid | {"created_at": "9999-12-31T23:59:59-23:59"})
    @example(valid | {"amount": float("inf")})
    def check(record):
        assert len(loader.load_many([record], UUID)) <= 1
        try:
            loaded = loader.load_one(record, id=UUID)
        except UpstreamInvalid:
            return
        assert loaded.id == UUID
        assert sendable(repr(loaded))
        if kind == "entity":
            assert loaded.connection_state(now) in {"linked", "pending", "ended"}
            assert loaded.expires_at is None or loaded.expires_at.utcoffset() is not None

    check()


@given(st.lists(anything, max_size=3))
def test_banks_that_are_anything(records):
    assert load_banks(records) == ()


@pytest.mark.parametrize("method", sorted(ARGUMENTS))
def test_flow_arguments(method):
    @given(spoilt(ARGUMENTS[method]))
    @example(ARGUMENTS[method] | {"risk_details": {"debtor_indicators": {"a": float("nan")}}})
    @example(ARGUMENTS[method] | {"risk_details": {"debtor_indicators": {"a": object()}}})
    @example(ARGUMENTS[method] | {"return_url": "/\ud800"})
    def check(arguments):
        try:
            flow = make_flow(method, arguments, None)
        except FlowError:
            return
        payload, _ = serializer.loads(serializer.dumps(to_payload(flow)))
        opened = from_payload(payload, "", "")
        assert opened == flow
        assert sendable(flow.return_url)
        assert json.dumps(dict(flow.config), allow_nan=False)

    check()


@given(spoilt(CALLBACK) | anything)
def test_callback_data(value):
    try:
        data = CallbackSchema().load(value)
    except ValidationError:
        return
    assert data.status.isascii()
    for text in (data.message, data.exit_survey_reason, data.open_banking_redirect_url):
        assert sendable(text)
        assert text is None or len(text.splitlines()) < 2


@given(spoilt({"consent_id": "c", "granular_status_code": "x"}) | anything)
def test_landing(value):
    try:
        LandingSchema().load(value)
    except ValidationError:
        return


@example(b"[" * 100_000)
@given(st.binary() | (spoilt(EVENT) | anything).map(lambda value: json.dumps(value).encode()))
def test_webhook_events(body):
    try:
        event = parse_event(body)
    except ValueError:
        return
    assert event.nanoseconds >= 0 or event.timestamp
