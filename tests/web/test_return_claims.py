"""What arrives at a landing is a claim of whoever wrote the link: it ends no flow."""

import secrets
from urllib.parse import parse_qs, urlsplit

import pytest

from support.clock import MovableClock, use_clock
from support.launching import SUCCESS, token_of


@pytest.fixture
def post(client):
    def post(path, token, **body):
        return client.post(f"/lean/{path}", json={"flow": token} | body)

    return post


@pytest.fixture
def launched(client, post):
    """A new flow, launched at a bank."""

    def start(bank="RJHI_SAU", path="/link"):
        token = token_of(client, path)
        assert post("launch", token, bank_identifier=bank).status_code == 200
        return token

    return start


def redirected(post, token):
    post("callback", token, data={"status": "REDIRECT"})
    return token


def flow_on(page):
    return page.text.partition('data-flow="')[2].partition('"')[0]


def test_a_landing_of_a_flow_that_was_never_launched_asks_nothing(client, post):
    token = token_of(client)
    response = post("return", token, landed_with={"consent_attempt_id": "a"})
    assert response.json == {"method": None, "config": None}


@pytest.mark.parametrize("status", ["SUCCESS", "ERROR", "CANCELLED"])
def test_a_flow_that_has_ended_is_not_asked_about(post, launched, status):
    token = launched()
    post("callback", token, data={"status": status})
    body = post("return", token, landed_with={"consent_attempt_id": "a"}).json
    assert (body["method"], body["sdk_status"]) == (None, status)
    assert parse_qs(urlsplit(body["next"]).query)["lean_status"] == [status]


def test_one_landing_of_a_launch_is_taken_and_may_be_loaded_again(post, launched):
    token = redirected(post, launched())
    for _ in range(2):
        body = post("return", token, landed_with={"consent_attempt_id": "a"}).json
        assert body["config"]["consent_attempt_id"] == "a"
    body = post("return", token, landed_with={"consent_attempt_id": "b"}).json
    assert (body["method"], body["sdk_status"]) == (None, "REDIRECT")
    assert "lean_status=REDIRECT" in body["next"]


def test_a_link_before_the_bank_does_not_use_up_the_landing_after_it(post, launched):
    token = launched()
    post("return", token, landed_with={"consent_attempt_id": "of somebody else"})
    post("callback", token, data={"status": "ERROR"})  # what the SDK makes of it
    redirected(post, token)
    body = post("return", token, landed_with={"consent_attempt_id": "a"}).json
    assert body["config"]["consent_attempt_id"] == "a"


def test_the_bank_in_the_url_reaches_the_sdk(post, launched):
    response = post("return", launched(), landed_with={"bank_identifier": "RJHI_SAU"})
    assert response.json["config"]["bank_identifier"] == "RJHI_SAU"


def test_landing_pages_tell_the_host_nothing(client, heard, launched):
    launched()
    del heard[:]
    client.get("/lean/return/success?granular_status_code=SUCCESS&bank_identifier=RJHI_SAU")
    assert heard == []


@pytest.mark.parametrize("are_redirected", [False, True])
def test_of_two_payments_under_way_none_is_guessed(client, post, launched, are_redirected):
    tokens = [launched("RJHI_SAU", "/pay"), launched("SNB_SAU", "/pay")]
    if are_redirected:
        for token in tokens:
            redirected(post, token)
    for query in ("", "?granular_status_code=SUCCESS", "?bank_identifier=ANB_SAU"):
        page = client.get(f"/lean/return/success{query}")
        assert flow_on(page) == ""
        assert "data-several" in page.text
        assert 'data-home="/"' in page.text


def test_the_bank_in_the_url_tells_two_payments_apart(client, launched):
    tokens = {bank: launched(bank, "/pay") for bank in ("RJHI_SAU", "SNB_SAU")}
    for bank, token in tokens.items():
        assert flow_on(client.get(f"/lean/return/success?bank_identifier={bank}")) == token


def test_two_payments_at_one_bank_are_not_told_apart(client, launched):
    for _ in range(2):
        launched("RJHI_SAU", "/pay")
    assert flow_on(client.get("/lean/return/success?bank_identifier=RJHI_SAU")) == ""


def test_a_launch_of_long_ago_is_not_taken_for_the_one_at_the_bank(
    app, client, post, launched, fake_lean
):
    clock = MovableClock()
    with app.app_context():
        use_clock(app, clock)
    launched("SNB_SAU")
    clock.ahead = 3_600
    at_bank = redirected(post, launched("RJHI_SAU", "/pay"))
    assert flow_on(client.get("/lean/return/success")) == at_bank
    intent = app.config["PAY"]["payment_intent_id"]
    payload = {"id": "p-1", "intent_id": intent, "status": "ACCEPTED_BY_BANK"}
    body, headers = fake_lean.signed(fake_lean.webhook_event("payment.created", payload))
    assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200
    assert flow_on(client.get("/lean/return/success")) == at_bank  # the bank's word was faster


def test_a_payment_whose_token_the_session_has_no_room_for_counts(app, client, launched):
    app.config["CONNECT"]["access_token"] = f"e30.{secrets.token_hex(600)}.x"
    launched("SNB_SAU")
    later = launched("RJHI_SAU")
    assert flow_on(client.get("/lean/return/success")) == ""
    assert flow_on(client.get("/lean/return/success?bank_identifier=RJHI_SAU")) == later
    assert flow_on(client.get("/lean/return/success?bank_identifier=SNB_SAU")) == ""


def test_the_other_payment_is_found_when_one_has_ended(client, post, launched):
    first, second = launched(path="/pay"), launched(path="/pay")
    post("callback", second, data=SUCCESS)
    assert flow_on(client.get("/lean/return/success")) == first


def test_a_store_that_lost_its_data_costs_no_way_back(make_app, tmp_path):
    file = tmp_path / "store.sqlite3"
    client = make_app(store_url=f"sqlite:///{file}").test_client()
    token = token_of(client)
    client.post("/lean/launch", json={"flow": token})
    for part in tmp_path.iterdir():
        part.unlink()
    assert flow_on(client.get("/lean/return/success")) == token
    assert client.post("/lean/return", json={"flow": token}).json["method"] == "captureRedirect"


def test_a_customer_may_be_long_at_the_bank(app, client, post, launched):
    clock = MovableClock()
    with app.app_context():
        use_clock(app, clock)
    token = redirected(post, launched())
    clock.ahead = 7_200
    assert client.get("/lean/picker", query_string={"flow": token}).status_code == 410
    assert flow_on(client.get("/lean/return/success")) == token
    assert post("return", token).json["method"] == "captureRedirect"
    body = post("callback", token, data=SUCCESS).json
    assert body["next"].startswith("/done?lean_status=SUCCESS&lean_flow=")
