"""POST /callback: how a flow ends, and where the customer goes on."""

from urllib.parse import parse_qs, urlsplit

import pytest

from lean_flask import flow_closed
from support.launching import SUCCESS, launch_new


def test_success_leads_to_the_return_url_with_the_outcome(callback, heard):
    url = urlsplit(callback(**SUCCESS).json["next"])
    query = parse_qs(url.query)
    assert url.path == "/done"
    assert query["lean_status"] == ["SUCCESS"]
    assert query["lean_correlation_id"] == ["abc123"]
    assert query["lean_flow"] == [heard[0][1]["flow"].id]


def test_the_query_of_the_hosts_return_url_stays(app):
    app.config["CONNECT"]["return_url"] = "https://shop.example/done?order=7#top"
    client = app.test_client()
    token = parse_qs(urlsplit(client.get("/link").location).query)["flow"][0]
    data = {"flow": token, "data": {"status": "CANCELLED"}}
    url = client.post("/lean/callback", json=data).json["next"]
    assert url.startswith("https://shop.example/done?order=7&lean_status=CANCELLED&lean_flow=")
    assert url.endswith("#top")


def test_the_callback_is_signalled_with_clean_data(callback, heard):
    callback(**SUCCESS, evil="<script>", app_token="x")
    data = heard[0][1]["data"]
    assert data.status == "SUCCESS"
    assert data.bank_identifier == "RJHI_SAU"
    assert data.is_supported is True
    assert not hasattr(data, "evil")


def test_a_repeated_success_is_signalled_once(callback, heard):
    assert callback(**SUCCESS).json == callback(**SUCCESS).json
    assert len(heard) == 1


def test_a_bank_without_a_name_is_not_called_unsupported(callback, heard):
    callback(status="CANCELLED", bankId="", isSupported=False)
    assert heard[0][1]["data"].is_supported is None


def test_a_cancelled_flow_goes_on(callback, launch):
    assert callback(status="CANCELLED").status_code == 200
    assert launch(bank_identifier="RJHI_SAU").status_code == 200


def test_a_completed_flow_does_not(callback, launch, client, flow):
    callback(**SUCCESS)
    response = launch(bank_identifier="RJHI_SAU")
    assert (response.status_code, response.json["reason"]) == (410, "completed")
    page = client.get("/lean/picker", query_string={"flow": flow})
    assert page.status_code == 410


@pytest.mark.parametrize("status", ["SUCCESS", "ERROR", "REDIRECT", "SOMETHING_NEW"])
def test_every_status_is_taken(callback, status):
    assert callback(status=status).status_code == 200


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"status": None},
        {"status": ""},
        {"status": 7},
        {"status": "<script>"},
        {"message": "Done"},
    ],
    ids=str,
)
def test_callback_data_that_is_not_the_sdks_is_refused(callback, data):
    assert callback(**data).status_code == 400


def test_what_the_callback_says_is_one_clean_line(app, callback):
    told = []
    with flow_closed.connected_to(lambda sender, flow, data: told.append(data), sender=app):
        callback(status="ERROR", message="a\r\nINFO b\u202ec", last_api_response="d\x00\ne")
    assert [(data.message, data.last_api_response) for data in told] == [("a INFO bc", "d e")]


def test_without_a_return_url_the_customer_stays(app):
    del app.config["CONNECT"]["return_url"]
    client, token, _ = launch_new(app)
    response = client.post("/lean/callback", json={"flow": token, "data": SUCCESS})
    assert response.json["next"] is None
