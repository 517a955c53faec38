"""Ids that must not be guessed."""

from __future__ import annotations

import base64

from flask import session

from lean_flask.services import get_services
from lean_flask.web.new_flow import new_flow


def bits_of(text):
    return 8 * len(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_ids_are_128_random_bits(app):
    flows, browsers = [], []
    for _ in range(20):
        with app.test_request_context():
            flow = new_flow("lean", "connect", app.config["CONNECT"])
            flows.append(flow.id)
            browsers.append(flow.session_id)
            assert flow.session_id in str(session["lean_flask"])
            assert get_services("lean").settings.bind_flow
    assert len({*flows, *browsers}) == 40
    assert {bits_of(text) for text in (*flows, *browsers)} == {128}
