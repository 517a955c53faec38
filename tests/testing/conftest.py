"""Calls of Lean's API and ends of its dialog, over HTTP, as a host and a customer make them."""

from __future__ import annotations

import logging
import queue
from itertools import chain, repeat

import pytest
from flask import Flask, request

from support import plain_http


class Receiver:
    """A host that answers with the statuses it was given, then with 200."""

    def __init__(self, serve):
        self.got: queue.Queue[dict] = queue.Queue()
        self.statuses = repeat(200)
        app = Flask(__name__)

        @app.post("/webhooks")
        def webhooks():
            self.got.put(request.json)
            return "", next(self.statuses)

        self.url = f"{serve(app)}/webhooks"

    def answer(self, *statuses):
        self.statuses = chain(statuses, repeat(200))

    def next(self):
        return self.got.get(timeout=10)

    def expect(self, *types):
        """Return the payloads of the next events, which are of these types in any order."""
        events = {event["type"]: event["payload"] for event in (self.next() for _ in types)}
        assert set(events) == set(types)
        return [events[type] for type in types]


@pytest.fixture
def receiver(serve, fake_lean):
    receiver = Receiver(serve)
    fake_lean.webhook_url = receiver.url
    return receiver


@pytest.fixture
def end(fake_lean):
    def end(method, status="SUCCESS", **config):
        body = {"status": status, "method": method, "config": config}
        assert plain_http.post(f"{fake_lean.url}/stand-in/ends", json=body).status_code == 204

    return end


@pytest.fixture
def api(fake_lean, monkeypatch):
    """A client of the API with a token. Its own log names customers, whom no test's log may."""
    monkeypatch.setattr(logging.getLogger("httpx"), "disabled", True)
    form = {
        "client_id": fake_lean.app_token,
        "client_secret": fake_lean.client_secret,
        "grant_type": "client_credentials",
        "scope": "api",
    }
    token = plain_http.post(f"{fake_lean.url}/oauth2/token", data=form).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    with plain_http.Client(base_url=fake_lean.url, headers=headers) as client:
        yield client
