"""Fixtures of the routes' tests."""

import time
from contextlib import ExitStack
from uuid import uuid4

import pytest

from lean_flask import bank_selected, flow_closed, flow_launched
from lean_flask.testing import FakeLean
from support.bearer_host import BearerHost
from support.flow_page import FlowPage
from support.launching import token_of
from support.picker_stage import make_host


@pytest.fixture
def host(fake_lean):
    return make_host(fake_lean)


@pytest.fixture
def flow(client):
    return token_of(client)


@pytest.fixture
def override(app):
    """Takes a bank out of use by hand, or what else is asked for."""

    def override(action="unavailable", identifier="RJHI_SAU", **options):
        with app.app_context():
            return app.blueprints["lean"].override(identifier, action, **options)

    return override


@pytest.fixture
def start(app):
    """Starts a flow of any method for the customer; returns how its page talks to the server."""
    return lambda method, **fields: FlowPage(app, method, fields)


@pytest.fixture
def launch(client, flow):
    def post(**body):
        return client.post("/lean/launch", json={"flow": flow} | body)

    return post


@pytest.fixture
def callback(client, flow):
    def post(**data):
        return client.post("/lean/callback", json={"flow": flow, "data": data})

    return post


@pytest.fixture
def heard(app):
    """The signals sent, by name."""
    events = []
    with ExitStack() as stack:
        for signal in (bank_selected, flow_launched, flow_closed):

            def listen(sender, signal=signal, **details):
                events.append((signal.name.removeprefix("lean-"), details))

            stack.enter_context(signal.connected_to(listen, app))
        yield events


@pytest.fixture
def tell(app, fake_lean, client):
    """Sends ``consent.status.updated``, dated seconds from now."""

    def tell(consent_id, status, seconds=1):
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
        event = {
            "type": "consent.status.updated",
            "payload": {"id": consent_id, "status": status},
            "timestamp": stamp,
            "event_id": str(uuid4()),
        }
        body, headers = fake_lean.signed(event)
        assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200

    return tell


@pytest.fixture(scope="module")
def app_host():
    """The host of an app whose requests have a bearer token, and no cookies."""
    with FakeLean() as fake:
        yield BearerHost(fake)
