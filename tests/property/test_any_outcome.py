"""Whatever a browser reports or lands with: no 500, and no lost SUCCESS."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lean_flask import flow_closed
from lean_flask.flows.callback import CallbackData
from support.generated import anything
from support.launching import token_of

NAMES = [name for name in CallbackData.__dataclass_fields__ if name != "status"]
NAMES += ["bank", "bankId", "bankIsSupported", "bank_is_supported", "lastApiResponse"]
LANDED = ["bank_identifier", "consent_attempt_id", "consent_id", "granular_status_code", "x"]


def test_no_optional_field_costs_a_success(app):
    client = app.test_client()
    told = []

    @example({"message": "Link closed"})
    @example({"bank": {"bank_identifier": "\ud800", "status": "ERROR"}})
    @given(st.dictionaries(st.sampled_from(NAMES), anything, max_size=4))
    def check(optional):
        token = token_of(client)
        told.clear()
        data = {"flow": token, "data": {"status": "SUCCESS", **optional}}
        response = client.post("/lean/callback", json=data)
        assert response.status_code == 200
        assert told == ["SUCCESS"]

    with flow_closed.connected_to(lambda sender, flow, data: told.append(data.status), app):
        check()


@pytest.mark.parametrize("path", ["success", "fail"])
def test_no_landing_breaks_or_ends_a_flow(app, path):
    client = app.test_client()
    token = token_of(client)
    client.post("/lean/launch", json={"flow": token})
    told = []
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=600)

    @given(st.dictionaries(st.sampled_from(LANDED), text | st.just("SUCCESS"), max_size=4))
    def check(query):
        page = client.get(f"/lean/return/{path}?{urlencode(query)}")
        assert page.status_code == 200
        assert f'data-flow="{token}"' in page.text
        response = client.post("/lean/return", json={"flow": token, "landed_with": query})
        assert response.status_code == 200

    with flow_closed.connected_to(lambda sender, flow, data: told.append(data.status), app):
        check()
    assert told == []
