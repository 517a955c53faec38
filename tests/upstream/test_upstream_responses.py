"""Answers of Lean that are not what it documents: each is named, and nothing of it is used."""

from __future__ import annotations

import base64
import gzip
import json
import logging
import uuid

import pytest

from lean_flask.config.settings import load_settings
from lean_flask.errors import UpstreamInvalid, UpstreamRejected
from lean_flask.testing import faults
from lean_flask.upstream.client import LeanClient

CUSTOMER = "3f1b7a52-6c1d-4e59-9a57-0a5b6f3c2d11"


@pytest.fixture
def client(fake_lean):
    return LeanClient(load_settings({}, overrides=fake_lean.settings()))


def json_body(content):
    return faults.Status(200, json.dumps(content).encode())


def jwt(claims):
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{payload}.c2ln"


# --- tokens -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"access_token": 7, "expires_in": 3599}, "access_token"),
        ({"access_token": jwt({})}, "expires_in"),
        ([], "usable"),
    ],
    ids=str,
)
def test_a_token_answer_without_a_token_or_a_lifetime(client, fake_lean, body, named):
    fake_lean.fault("token", json_body(body))
    with pytest.raises(UpstreamInvalid, match=named) as caught:
        client.customer_token(CUSTOMER)
    assert "LEAN_AUTH_URL" in caught.value.call
    with pytest.raises(UpstreamInvalid, match=named) as caught:
        client.banks("PERSONAL")
    assert "backend token, POST" in caught.value.call
    assert "LEAN_AUTH_URL" in caught.value.call


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1, "customers": [{"id": str(uuid.uuid4())}]},
        {"exp": 1, "customers": [str(uuid.uuid4())]},
        {"exp": 1, "customers": []},
        {"exp": 1, "customers": [["x"]]},
        {"exp": 1, "customers": [{"id": {}}]},
    ],
    ids=["an object", "an id", "nobody", "a list", "no id"],
)
def test_a_token_for_another_customer_goes_nowhere(client, fake_lean, claims):
    fake_lean.fault("token", json_body({"access_token": jwt(claims), "expires_in": 3599}))
    for _ in range(2):  # the second time, too: it is not kept
        with pytest.raises(UpstreamInvalid, match="another customer"):
            client.customer_token(CUSTOMER)


@pytest.mark.parametrize(
    "token", ["opaque", "a.b.c", "a.e30.c", jwt([]), jwt({"exp": 1, "customers": "all"})]
)
def test_a_customers_token_that_is_no_jwt_of_the_sdks(client, fake_lean, token):
    fake_lean.fault("token", json_body({"access_token": token, "expires_in": 3599}))
    with pytest.raises(UpstreamInvalid, match="not a JWT with an expiry"):
        client.customer_token(CUSTOMER)


# --- bodies -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "headers", "named"),
    [
        (b"[]", {"Content-Encoding": "br"}, "unexpected content encoding 'br'"),
        (b"[]", {"Content-Encoding": "gzip"}, "not valid gzip"),
        (gzip.compress(b"[]")[:-9], {"Content-Encoding": "gzip"}, "cut short"),
        (gzip.compress(b"[]") + b"x", {"Content-Encoding": "gzip"}, "goes on after its end"),
    ],
    ids=["br", "no gzip", "half of a gzip", "more than a gzip"],
)
def test_a_body_that_cannot_be_read(client, fake_lean, body, headers, named):
    fake_lean.fault("banks", faults.Status(200, body, headers=headers))
    with pytest.raises(UpstreamInvalid, match=named):
        client.banks("PERSONAL")


def test_a_page_of_html_with_status_200(client, fake_lean):
    fake_lean.fault("banks", faults.Status(200, faults.HTML, "text/html"))
    with pytest.raises(UpstreamInvalid, match=r"'text/html.*not JSON"):
        client.banks("PERSONAL")


def test_a_refusal_to_make_a_customer_is_not_taken_for_a_known_one(client, fake_lean):
    fake_lean.fault("customers", faults.Status(422))
    with pytest.raises(UpstreamRejected) as caught:
        client.create_customer("user-1")
    assert caught.value.status == 422
    assert fake_lean.count("customers") == 1


@pytest.mark.parametrize("body", [{}, {"customer_id": None}, {"customer_id": 7}, ["x"]], ids=str)
def test_a_customer_without_an_id(client, fake_lean, body):
    fake_lean.fault("customers", json_body(body))
    with pytest.raises(UpstreamInvalid, match="customer_id"):
        client.create_customer("user-1")


# --- saved accounts ---------------------------------------------------------------------------


def test_payment_sources_that_are_no_array(client, fake_lean):
    fake_lean.fault("payment_sources", json_body({"data": []}))
    with pytest.raises(UpstreamInvalid, match="not an array"):
        client.payment_sources(CUSTOMER)


def test_a_malformed_source_is_left_out_and_logged(client, fake_lean, caplog):
    good = fake_lean.add_payment_source(CUSTOMER, "RJHI_SAU")
    fake_lean.payment_sources[CUSTOMER] = ["no object", good | {"id": "no id"}, good]
    with caplog.at_level(logging.WARNING, "lean_flask"):
        assert [source.id for source in client.payment_sources(CUSTOMER)] == [good["id"]]
    assert "Skipped payment source number 1" in caplog.text
    assert "Skipped payment source number 2: id" in caplog.text


def test_another_customers_source_is_never_shown(client, fake_lean, caplog):
    good = fake_lean.add_payment_source(CUSTOMER, "RJHI_SAU")
    other = good | {"id": str(uuid.uuid4()), "customer_id": str(uuid.uuid4())}
    fake_lean.payment_sources[CUSTOMER] = [other, good]
    assert [source.id for source in client.payment_sources(CUSTOMER)] == [good["id"]]
    assert "number 1: another customer's" in caplog.text
    assert other["customer_id"] not in caplog.text
