"""Which answers of the Data API tell of a broken connection, and what repairs it."""

import pytest

from lean_flask import BrokenConnection, UpstreamRejected, broken_connection
from lean_flask.common.json_object import JSONObject

RECONNECT = "20afcfd3-7ee3-44b8-9d6e-bf74b259fb90"
RESULTS = "fae0ff1b-b0b7-481d-9c0a-533e0abfc798"
CONNECT_AGAIN = BrokenConnection("connect")
FIRST_VERSION = {
    "status": "RECONNECT_REQUIRED",
    "payload": {"reconnect_id": RECONNECT, "type": "reconnect"},
    "results_id": RESULTS,
}
REFRESHES = {"status": "RECONNECT_REQUIRED", "reconnect_id": RECONNECT, "refresh_id": RESULTS}
SECOND_VERSION = {"status": "RECONNECT_REQUIRED", "results_id": RECONNECT, "message": "…"}


@pytest.mark.parametrize("answer", [FIRST_VERSION, REFRESHES, SECOND_VERSION])
def test_the_reconnect_id_is_where_each_version_has_it(answer):
    assert broken_connection(answer) == BrokenConnection("reconnect", RECONNECT)
    assert broken_connection(JSONObject(answer)) == BrokenConnection("reconnect", RECONNECT)


@pytest.mark.parametrize("wrong", [None, 7, "", "7", [RECONNECT], f"{RECONNECT}/..", {"id": "1"}])
def test_an_id_that_is_none_is_left_out(wrong):
    answer = {"status": "RECONNECT_REQUIRED", "reconnect_id": wrong, "payload": wrong}
    assert broken_connection(answer) == BrokenConnection("reconnect")
    answer["results_id"] = RESULTS
    assert broken_connection(answer) == BrokenConnection("reconnect", RESULTS)


def test_an_expired_consent_asks_for_another_connect():
    """Lean answers a refresh with a 403, so that the client raises."""
    refused = UpstreamRejected("Consent was revoked", status=403, code="CONSENT_EXPIRED")
    assert broken_connection(refused) == CONNECT_AGAIN
    assert broken_connection({"status": "CONSENT_EXPIRED", "results_id": RESULTS}) == CONNECT_AGAIN
    refused = UpstreamRejected("User input", status=400, code="RECONNECT_REQUIRED")
    assert broken_connection(refused) == BrokenConnection("reconnect")


@pytest.mark.parametrize(
    ("data_status", "cure"),
    [
        ("RECONNECT_REQUIRED", "reconnect"),
        ("CONSENT_EXPIRED", "connect"),
        ({"accounts": "OK", "identity": "RECONNECT_REQUIRED"}, "reconnect"),
        ({"account_data": [{"balance": "OK"}, {"balance": "CONSENT_EXPIRED"}]}, "connect"),
        (["CONSENT_EXPIRED", "RECONNECT_REQUIRED"], "reconnect"),
        ({"accounts": "FAILED"}, None),
        (None, None),
    ],
)
def test_the_status_of_the_data_counts_in_each_of_its_shapes(data_status, cure):
    broken = broken_connection({"status": "FINISHED", "data_status": data_status})
    assert (broken and broken.cure) == cure


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "RECONNECT_REQUIRED",
        ["RECONNECT_REQUIRED"],
        {},
        {"status": "OK"},
        {"status": "reconnect_required"},
        {"message": "RECONNECT_REQUIRED", "code": "CONSENT_EXPIRED"},
        {"RECONNECT_REQUIRED": "OK"},
        UpstreamRejected("No such entity", status=404, code="NOT_FOUND"),
        ValueError("RECONNECT_REQUIRED"),
    ],
)
def test_any_other_answer_tells_of_none(answer):
    assert broken_connection(answer) is None
