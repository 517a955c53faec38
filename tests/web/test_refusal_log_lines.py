"""Each refused request leaves one line in the log, and none of what the sender wrote."""

import logging

import pytest

from support.launching import SUCCESS, token_of

EVIL = "evil\r\nINFO forged"


def forged(client, flow, app):
    return client.post("/lean/launch", json={"flow": f"{EVIL}{flow[9:]}"})


def another_browsers(client, flow, app):
    stranger = app.test_client()
    stranger.get("/link")
    return stranger.post("/lean/callback", json={"flow": flow, "data": SUCCESS})


def cross_site(client, flow, app):
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    return client.post("/lean/launch", json={"flow": flow}, headers=headers)


def a_customer(client, flow, app):
    return client.post("/lean/launch", json={"flow": flow, "customer_id": EVIL, EVIL: 1})


def another_account(client, flow, app):
    account = "99999999-9999-4999-8999-999999999999"
    body = {"flow": token_of(client, "/pay"), "account_id": account}
    return client.post("/lean/launch", json=body)


def no_such_bank(client, flow, app):
    return client.post("/lean/launch", json={"flow": flow, "bank_identifier": "EVIL"})


def another_flows_status(client, flow, app):
    stranger = app.test_client()
    stranger.get("/link")
    return stranger.get(f"/lean/flows/{EVIL}", query_string={"flow": flow})


def another_type(client, flow, app):
    return client.post("/lean/launch", data=b'{"flow": "evil"}', content_type="text/plain")


def too_large(client, flow, app):
    return client.post("/lean/callback", data=b"evil" * 50_000, content_type="application/json")


def a_form_without_a_flow(client, flow, app):
    return client.post("/lean/launch", data={"bank_identifier": "EVIL"})


@pytest.mark.parametrize(
    "attempt",
    [
        forged,
        another_browsers,
        a_customer,
        another_account,
        no_such_bank,
        another_flows_status,
        another_type,
        too_large,
        a_form_without_a_flow,
        cross_site,
    ],
)
def test_a_refusal_leaves_one_line(app, client, flow, caplog, attempt):
    caplog.set_level(logging.INFO, "lean_flask.web")
    caplog.clear()
    assert attempt(client, flow, app).status_code in {400, 403, 409, 413, 415}
    lines = [one.getMessage() for one in caplog.records if one.name.startswith("lean_flask.web")]
    assert len(lines) == 1, lines
    assert "evil" not in lines[0].lower() or attempt is cross_site
    assert "\n" not in lines[0]
    assert flow not in caplog.text
