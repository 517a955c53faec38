"""The host learns the outcome of a flow once, from whatever the browser reports of it."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from lean_flask import flow_closed
from support.launching import SUCCESS, launch_new, made_at, token_of

DAY = 86_400


@pytest.fixture
def closed(app):
    """The statuses that the host was told."""
    told = []

    def listen(sender, flow, data):
        told.append(data.status)

    with flow_closed.connected_to(listen, app):
        yield told


def made_ago(app, token, seconds):
    """The flow of *token* as if it had been made *seconds* ago."""
    return made_at(app, token, time.time() - seconds)


def report(client, token, **data):
    return client.post("/lean/callback", json={"flow": token, "data": data})


def test_success_is_told_once_and_nothing_after_it(callback, closed):
    responses = [callback(**SUCCESS), callback(**SUCCESS), callback(status="CANCELLED")]
    assert closed == ["SUCCESS"]
    assert responses[0].json == responses[1].json
    assert {response.status_code for response in responses} == {200}


def test_of_parallel_reports_one_is_told(app, closed):
    client, token, _ = launch_new(app)
    cookie = f"session={client.get_cookie('session').value}"

    def post(_):
        browser = app.test_client(use_cookies=False)
        return browser.post(
            "/lean/callback",
            json={"flow": token, "data": SUCCESS},
            headers={"Cookie": cookie},
        ).status_code

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(post, range(10))) == {200}
    assert closed == ["SUCCESS"]


def test_a_retried_report_is_told_once(callback, launch, closed):
    for _ in range(2):
        callback(status="CANCELLED")
    launch()
    callback(status="CANCELLED")
    launch()
    callback(**SUCCESS)
    assert closed == ["CANCELLED", "CANCELLED", "SUCCESS"]


def test_success_after_a_failure_is_told(callback, closed):
    for status in ("REDIRECT", "ERROR", "SUCCESS"):
        callback(status=status)
    assert closed == ["REDIRECT", "ERROR", "SUCCESS"]


def test_a_cookie_from_before_the_end_opens_nothing(app, client, flow, launch, callback, closed):
    launch()
    before = client.get_cookie("session").value
    callback(**SUCCESS)
    client.set_cookie("session", before)
    assert launch().json["reason"] == "completed"
    assert callback(**SUCCESS).status_code == 200
    assert closed == ["SUCCESS"]


def test_an_unbound_flow_ends_once_without_any_cookie(make_app):
    app = make_app(bind_flow=False)
    token = token_of(app.test_client())
    told = []
    with flow_closed.connected_to(lambda sender, flow, data: told.append(data.status), app):
        for _ in range(2):
            assert report(app.test_client(use_cookies=False), token, **SUCCESS).status_code == 200
    assert told == ["SUCCESS"]
    response = app.test_client(use_cookies=False).post("/lean/launch", json={"flow": token})
    assert (response.status_code, response.json["reason"]) == (410, "completed")


def test_an_outcome_needs_no_store(make_app):
    """Nothing listens there, so each process keeps what it knows to itself."""
    pytest.importorskip("redis")
    app = make_app(store_url="redis://127.0.0.1:1/0")
    told = []
    with flow_closed.connected_to(lambda sender, flow, data: told.append(data.status), app):
        client, token, launched = launch_new(app)
        responses = [report(client, token, **SUCCESS) for _ in range(2)]
    assert {response.status_code for response in (launched, *responses)} == {200}
    assert told == ["SUCCESS"]


@pytest.mark.parametrize(
    ("age", "status"), [(1801, 200), (1800 + DAY - 60, 200), (1800 + DAY + 1, 410), (-240, 200)]
)
def test_what_was_launched_may_end_a_day_later(app, client, flow, closed, age, status):
    token = made_ago(app, flow, age)
    assert report(client, token, **SUCCESS).status_code == status
    assert closed == ["SUCCESS"] * (status == 200)
    event = {"flow": token, "event": "loader_blocked"}
    assert client.post("/lean/events", json=event).status_code == (204 if status == 200 else 410)


@pytest.mark.parametrize("age", [1801, 1800 + DAY - 60])
def test_launches_go_by_the_flows_age(app, client, flow, age):
    token = made_ago(app, flow, age)
    assert client.post("/lean/launch", json={"flow": token}).json["reason"] == "expired"


@pytest.mark.parametrize(
    "odd",
    [
        {"message": "x" * 501},
        {"message": {"text": "Done"}},
        {"lean_correlation_id": "a b"},
        {"secondary_status": "BANK/ISSUE"},
        {"last_api_response": {"status": "OK"}},
        {"last_api_response": 200},
        {"exit_survey_reason": ["too slow"]},
        {"bank": {"bank_identifier": "../x"}},
        {"bank": "RJHI_SAU"},
        {"bank": None},
        {"open_banking_redirect_url": "x" * 9_000},
        {"is_supported": "perhaps"},
    ],
    ids=str,
)
def test_an_odd_optional_field_costs_no_outcome(callback, closed, odd):
    assert callback(status="SUCCESS", **odd).status_code == 200
    assert closed == ["SUCCESS"]


def told_of(app, callback, **data):
    told = []
    with flow_closed.connected_to(lambda sender, flow, data: told.append(data), app):
        assert callback(**data).status_code == 200
    return told[0]


def test_a_long_text_is_cut_and_a_number_is_text(app, callback):
    data = told_of(app, callback, status="ERROR", message="x" * 501, last_api_response=401)
    assert (data.message, data.last_api_response) == ("x" * 500, "401")


@pytest.mark.parametrize(
    "names",
    [
        {"bank_identifier": "RJHI_SAU", "bank_is_supported": True},
        {"bankIdentifier": "RJHI_SAU", "bankIsSupported": True},
        {"bankId": "RJHI_SAU", "isSupported": True},
        {"bank_id": "RJHI_SAU", "is_supported": True},
        {"bank": {"bankId": "RJHI_SAU", "isSupported": True}},
    ],
    ids=str,
)
def test_names_of_the_other_sdks_are_understood(app, callback, names):
    data = told_of(app, callback, status="ERROR", secondaryStatus="BANK_ISSUE", **names)
    assert (data.bank_identifier, data.is_supported) == ("RJHI_SAU", True)
    assert data.secondary_status == "BANK_ISSUE"


@pytest.mark.parametrize(
    ("said", "supported"),
    [
        ({"status": "SUCCESS", "bank_id": "RJHI_SAU", "is_supported": False}, None),
        ({"status": "CANCELLED", "is_supported": False}, None),
        ({"status": "CANCELLED", "bankIsSupported": False, "bank": {}}, None),
        ({"status": "CANCELLED", "bank": {"is_supported": False}}, False),
        ({"status": "CANCELLED", "bank_id": "RJHI_SAU", "is_supported": False}, False),
    ],
    ids=str,
)
def test_unsupported_is_believed_where_lean_said_it(app, callback, said, supported):
    assert told_of(app, callback, **said).is_supported is supported


def test_leaving_for_the_bank_is_no_success(app, callback, launch):
    left = {"status": "SUCCESS", "message": "Link closed after redirect"}
    assert told_of(app, callback, **left).status == "REDIRECT"
    assert launch().status_code == 200
