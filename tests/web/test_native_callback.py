"""What the SDKs of apps say when they close, over POST /callback and in Python."""

from __future__ import annotations

import json

import pytest

from lean_flask import FlowError, flow_closed
from support.flow_page import NEEDED

CORRELATION = "1c2d3e4f-0000-4a8e-9f8a-1c2d3e4f5a01"
NOTHING = {
    "last_api_response": None,
    "exit_point": None,
    "exit_intent_point": None,
    "exit_survey_reason": None,
    "user_exit_intent": None,
    "lean_correlation_id": None,
    "secondary_status": None,
}


def camel(data):
    """Return *data* under the names of a class of Dart, Swift or Kotlin."""
    words = {name: name.split("_") for name in data}
    return {
        first + "".join(map(str.capitalize, more)): data[name]
        for name, (first, *more) in words.items()
    }


def said_by(platform, status, bank=None, supported=None, **more):
    """The object that an SDK hands over; those of React Native and Flutter have no unknown."""
    data = {"status": status, "message": None} | NOTHING | more
    if platform == "react-native":
        return data | {"bank": {"bank_identifier": bank, "is_supported": bool(supported)}}
    data = camel(data)
    if platform == "flutter":
        return data | {"bankId": bank, "bankIsSupported": bool(supported)}
    if platform == "ios":
        details = {"bankIdentifier": bank, "isSupported": supported}
        return data | {"method": "CONNECT", "bankDetails": details}
    return data | {"bank": {"bankIdentifier": bank, "isSupported": supported}}


@pytest.fixture
def tell(app_host):
    """Reports to a new flow; returns what the host hears of it, and the answer."""
    flow = app_host.start("connect", customer_id=app_host.customer_id, **NEEDED["connect"])

    def post(data, **more):
        heard = []
        body = {"flow": flow["flow"], "data": data} | more
        with flow_closed.connected_to(lambda _, flow, data: heard.append(data), app_host.app):
            response = app_host.post("/lean/callback", body)
        assert response.status_code == 200, response.text
        return heard[0], response.json

    return post


SDKS = pytest.mark.parametrize("platform", ["react-native", "flutter", "ios", "android"])


@SDKS
def test_an_error_is_told_with_all_that_the_sdk_said(tell, platform):
    more = {
        "message": "The bank did not answer",
        "secondary_status": "BANK_ISSUE",
        "last_api_response": "BANK_ISSUE",
        "exit_point": "CREDENTIALS",
        "exit_intent_point": "CONSENT",
        "exit_survey_reason": "Too slow",
        "user_exit_intent": "USER_CANCELLED_PAYMENT",
        "lean_correlation_id": CORRELATION,
    }
    data, answer = tell(said_by(platform, "ERROR", "RJHI_SAU", True, **more), platform=platform)
    assert (data.status, data.bank_identifier, data.is_supported) == ("ERROR", "RJHI_SAU", True)
    assert {name: getattr(data, name) for name in more} == more
    assert (answer["can_retry"], answer["status"]) == (True, "reported")


@SDKS
def test_a_bank_that_nobody_named_is_not_unsupported(tell, platform):
    data, _ = tell(said_by(platform, "CANCELLED", None, False), platform=platform)
    assert (data.status, data.bank_identifier, data.is_supported) == ("CANCELLED", None, None)


@SDKS
def test_a_bank_that_was_named_may_be_unsupported(tell, platform):
    data, _ = tell(said_by(platform, "CANCELLED", "OTHER_SAU", False), platform=platform)
    assert (data.bank_identifier, data.is_supported) == ("OTHER_SAU", False)


@SDKS
def test_a_success_ends_it(tell, platform):
    data, answer = tell(said_by(platform, "SUCCESS", "RJHI_SAU", False), platform=platform)
    assert (data.status, data.is_supported) == ("SUCCESS", None)
    assert (answer["can_retry"], answer["awaits_confirmation"]) == (False, True)


@SDKS
@pytest.mark.parametrize("more", [{}, {"last_api_response": "REDIRECT"}], ids=["made up", "told"])
def test_a_success_once_the_bank_is_opened_is_none(tell, platform, more):
    left = said_by(platform, "SUCCESS", message="Link closed after redirect", **more)
    data, answer = tell(left, platform=platform)
    assert (data.status, answer["status"], answer["can_retry"]) == ("REDIRECT", "at_bank", True)


def test_what_react_native_said_of_a_redirect_before_its_fourth_version(tell):
    bank = {"bankId": None, "isSupported": None}
    left = camel(NOTHING) | {"status": "SUCCESS", "message": "Link closed after redirect"}
    data, _ = tell(left | {"bank": bank}, platform="react-native")
    assert (data.status, data.is_supported) == ("REDIRECT", None)


def test_the_query_of_a_leanlink_address_is_understood(tell):
    """A web view of the app's own may hand over what it finds there; texts, and some empty."""
    query = dict.fromkeys(NOTHING, "") | {
        "status": "ERROR",
        "secondary_status": "INVALID_CREDENTIALS",
    }
    query |= {"bank_identifier": "RJHI_SAU", "bank_is_supported": "True", "method": "connect"}
    data, answer = tell(query, platform="react-native")
    assert (data.bank_identifier, data.is_supported) == ("RJHI_SAU", True)
    assert data.secondary_status == "INVALID_CREDENTIALS"
    assert answer["advice"]


@SDKS
def test_an_object_without_a_status_is_refused_by_name(app_host, platform):
    flow = app_host.start("connect", customer_id=app_host.customer_id, **NEEDED["connect"])
    body = {"flow": flow["flow"], "data": said_by(platform, None), "platform": platform}
    response = app_host.post("/lean/callback", body)
    assert (response.status_code, list(response.json["errors"]["data"])) == (400, ["status"])


@SDKS
def test_python_reads_the_same(app_host, platform):
    needed = {"customer_id": app_host.customer_id} | NEEDED["connect"]
    left = said_by(platform, "SUCCESS", message="Link closed after redirect")
    with app_host.signed_in():
        flow = app_host.lean.connect(bound_to="user-1", **needed)
        assert flow.closed(left, platform).status == "REDIRECT"
        data = flow.closed(json.loads(json.dumps(said_by(platform, "CANCELLED"))), platform)
        assert (data.status, data.is_supported) == ("CANCELLED", None)
        with pytest.raises(FlowError, match="platform got 'symbian'"):
            flow.closed(left, "symbian")
