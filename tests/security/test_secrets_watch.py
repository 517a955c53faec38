"""The watch over the whole suite sees a leaked secret."""

from __future__ import annotations

import base64
import json
import logging
import zlib

import pytest
from flask import request

from lean_flask.testing import FakeLean

log = logging.getLogger("a host's own")


def log_the_client_secret(lean, client):
    log.debug("Trying with %s", lean.client_secret)


def log_a_traceback(lean, client):
    try:
        raise ValueError("rejected") from KeyError(lean.webhook_secret)
    except ValueError:
        log.exception("It failed")


def serve_a_customers_id(lean, client):
    client.get("/plant", query_string={"text": next(iter(lean.customers))})


def serve_the_api_token(lean, client):
    client.get("/lean/banks")
    client.get("/plant", query_string={"text": next(iter(lean.live_tokens))})


def serve_a_customers_token(lean, client):
    token = client.get("/link").location.partition("flow=")[2]
    config = client.post("/lean/launch", json={"flow": token}).json["config"]
    client.get("/plant", query_string={"text": config["access_token"]})


def send_an_unencrypted_token(lean, client):
    content = zlib.compress(json.dumps({"u": next(iter(lean.customers))}).encode())
    token = base64.urlsafe_b64encode(b"a nonce of 12" + content).decode()
    client.get("/lean/picker", query_string={"flow": token.rstrip("=")})


def send_lean_a_flow(lean, client):
    client.get("/lean/banks")
    lean.requests[-1].headers["referer"] = "https://shop.example/lean/picker?flow=" + "x" * 30


@pytest.mark.parametrize(
    ("plant", "leak"),
    [
        (log_the_client_secret, "the client secret is in the log of a host's own"),
        (log_a_traceback, "the webhook secret is in the log of a host's own"),
        (serve_a_customers_id, "a customer's id is in the answer to GET /plant"),
        (serve_the_api_token, "an api token is in the answer to GET /plant"),
        (serve_a_customers_token, "a customer's token is in the answer to GET /plant"),
        (
            send_an_unencrypted_token,
            "a customer's id is in the URL of GET /lean/picker",
        ),
        (send_lean_a_flow, "a flow is in a URL at Lean"),
    ],
    ids=lambda part: getattr(part, "__name__", ""),
)
def test_the_watch_sees_a_planted_leak(app, fake_lean, secrets_watch, plant, leak):
    app.add_url_rule("/plant", view_func=lambda: request.args["text"])
    plant(fake_lean, app.test_client())
    assert leak in secrets_watch.leaks()
    fake_lean.clear()
    secrets_watch.forget()


def test_only_stand_ins_that_go_on_running_keep_their_secrets(app, fake_lean, secrets_watch):
    with FakeLean() as ended:
        pass
    app.test_client().get("/lean/banks")
    (token,) = fake_lean.live_tokens
    secrets_watch.forget()
    log.debug("%s, %s and %s", ended.client_secret, fake_lean.client_secret, token)
    place = "in the log of a host's own"
    assert secrets_watch.leaks() == [f"an api token is {place}", f"the client secret is {place}"]
    secrets_watch.forget()
