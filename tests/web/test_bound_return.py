"""Back from the bank to a flow of a user: in another browser, on a phone, after a login."""

from __future__ import annotations

import json

import pytest
from flask import abort

from lean_flask.flows.flow_groups import digest
from lean_flask.services import get_services
from support.clock import MovableClock, use_clock
from support.user_host import BANK, USER, UserHost, post, succeed

LANDING = "/lean/return/success?granular_status_code=SUCCESS"


@pytest.fixture
def users(fake_lean):
    return UserHost(fake_lean)


@pytest.fixture
def clock(users):
    clock = MovableClock()
    with users.app.app_context():
        use_clock(users.app, clock)
    return clock


def launched(client, flow, bank=BANK, language="en"):
    response = post(client, f"launch?lang={language}", flow, bank_identifier=bank)
    assert response.status_code == 200
    return flow


def token_on(page):
    assert page.status_code == 200
    return page.text.partition('data-flow="')[2].partition('"')[0]


def test_another_browser_of_the_user_finds_the_flow_and_its_language(users):
    flow = launched(users.client(USER), users.flow(), language="ar")
    other = users.browser(USER)
    page = other.get(LANDING)
    assert token_on(page) == flow.token
    assert 'lang="ar" dir="rtl"' in page.text
    body = post(other, "return", flow, landed_with={"consent_attempt_id": "a"}).json
    assert (body["method"], body["config"]["consent_attempt_id"]) == ("captureRedirect", "a")
    assert body["config"]["customer_id"] == users.customer
    assert succeed(other, flow).status_code == 200


def test_another_process_finds_it_too(fake_lean, tmp_path):
    store = f"sqlite:///{tmp_path}/store.sqlite3"
    one, other = (UserHost(fake_lean, store_url=store) for _ in range(2))
    flow = launched(one.client(USER), one.flow())
    assert token_on(other.browser(USER).get(LANDING)) == flow.token
    assert succeed(other.client(USER), flow).status_code == 200
    assert post(one.client(USER), "launch", flow).json["reason"] == "completed"


@pytest.mark.parametrize(
    ("user", "language", "advice"),
    [
        (None, "en", "you can also sign in here with the same account"),
        ("user-2", "en", "you can also sign in here with the same account"),
        (None, "ar", "تسجّل الدخول هنا بالحساب نفسه"),
    ],
)
def test_another_user_and_nobody_find_none_and_are_told_to_sign_in(users, user, language, advice):
    launched(users.client(USER), users.flow())
    page = users.browser(user).get(f"{LANDING}&lang={language}")
    assert token_on(page) == ""
    assert advice in page.text


def test_a_login_leads_back_to_the_landing(users):
    users.identify = users.user_or_login
    flow = launched(users.client(USER), users.flow())
    browser = users.app.test_client()
    login = browser.get(LANDING)
    assert login.status_code == 302
    back = browser.post(login.location, data={"user": USER}).location
    assert back == LANDING
    assert token_on(browser.get(back)) == flow.token


def test_a_function_that_fails_finds_none_and_is_logged(users, caplog):
    launched(users.client(USER), users.flow())
    users.identify = lambda: 1 / 0
    assert token_on(users.browser(USER).get(LANDING)) == ""
    assert "Cannot tell whose request lean.return_success is" in caplog.text


# --- beside flows of the browser session ------------------------------------------------------


def launched_in_session(browser, bank="SNB_SAU"):
    """Return the token of a flow that is bound to the browser session, launched."""
    token = browser.get("/start").text
    response = browser.post("/lean/launch", json={"flow": token, "bank_identifier": bank})
    assert response.status_code == 200
    return token


def test_a_flow_of_the_session_needs_no_login(users):
    browser = users.app.test_client()
    token = launched_in_session(browser)
    users.identify = lambda: abort(401)
    assert token_on(browser.get(LANDING)) == token


def test_a_flow_of_the_session_that_has_ended_does_not_hide_the_users(users):
    browser = users.browser(USER)
    token = launched_in_session(browser)
    browser.post("/lean/callback", json={"flow": token, "data": {"status": "CANCELLED"}})
    assert token_on(browser.get(LANDING)) == token
    flow = launched(browser, users.flow())
    assert token_on(browser.get(LANDING)) == flow.token


def test_a_customer_without_an_account_may_load_the_landing_again(users):
    """Where the bank is another one it is a flow of a user's that comes back."""
    users.identify = users.user_or_login
    browser = users.app.test_client()
    token = launched_in_session(browser, "SNB_SAU")
    browser.post("/lean/callback", json={"flow": token, "data": {"status": "CANCELLED"}})
    for bank in ("", "&bank_identifier=SNB_SAU"):
        assert token_on(browser.get(LANDING + bank)) == token
    assert browser.get(f"{LANDING}&bank_identifier=RJHI_SAU").status_code == 302


def test_of_one_of_each_under_way_none_is_guessed_but_the_bank_tells(users):
    browser = users.browser(USER)
    token = launched_in_session(browser, "SNB_SAU")
    flow = launched(users.client(USER), users.flow(), "RJHI_SAU")
    assert "data-several" in browser.get(LANDING).text
    for bank, expected in (("SNB_SAU", token), ("RJHI_SAU", flow.token)):
        assert token_on(browser.get(f"{LANDING}&bank_identifier={bank}")) == expected


# --- several flows of a user ------------------------------------------------------------------


def test_of_several_under_way_none_is_guessed(users):
    flows = [launched(users.client(USER), users.flow(), bank) for bank in ("RJHI_SAU", "SNB_SAU")]
    browser = users.browser(USER)
    assert token_on(browser.get(LANDING)) == ""
    assert token_on(browser.get(f"{LANDING}&bank_identifier=SNB_SAU")) == flows[1].token
    succeed(users.client(USER), flows[0])
    assert token_on(browser.get(LANDING)) == flows[1].token
    succeed(users.client(USER), flows[1])
    assert token_on(browser.get(LANDING)) == flows[1].token  # a page that is loaded again


def test_a_flow_launched_twice_is_one(users):
    flow = users.flow()
    for bank in ("RJHI_SAU", "SNB_SAU"):
        launched(users.client(USER), flow, bank)
    assert token_on(users.browser(USER).get(LANDING)) == flow.token


def test_the_flows_launched_last_are_kept(users):
    ended = [launched(users.client(USER), users.flow()) for _ in range(11)]
    for flow in ended:
        succeed(users.client(USER), flow)
    with users.app.app_context():
        kept = [token for token, _ in get_services("lean").flow_states.launched_by(USER)]
    assert kept == [flow.token for flow in reversed(ended)][:10]


def test_the_host_is_asked_once(users):
    for _ in range(3):
        launched(users.client(USER), users.flow())
    users.asked = 0
    users.browser(USER).get(LANDING)
    assert users.asked == 1


def test_a_flow_with_a_long_age_is_found_for_as_long_as_others(users, clock):
    """A customer who left it a week ago is not at the bank any more."""
    flow = users.flow(max_age=864_000)
    clock.ahead = 600_000
    launched(users.client(USER), flow)
    clock.ahead += 80_000
    assert token_on(users.browser(USER).get(LANDING)) == flow.token
    clock.ahead += 10_000
    assert token_on(users.browser(USER).get(LANDING)) == ""
    assert users.client(USER).get(flow.url).status_code == 200  # to be launched again


def test_what_another_wrote_into_the_store_opens_nothing(users):
    """Tokens of another user, of a browser session, or of nobody."""
    of_other = users.flow("user-2")
    of_session = users.browser().get("/start").text
    with users.app.app_context():
        services = get_services("lean")
        services.store.update(
            f"user:{digest(USER)}",
            lambda *_: json.dumps(
                [[of_other.token, "en"], [of_session, "en"], ["x", "en"], [5, "en"], ["y", "xx"]]
            ).encode(),
            60,
        )
    assert token_on(users.browser(USER).get(LANDING)) == ""


@pytest.mark.parametrize("content", [b"nonsense", b"[[1]]", b"{}", b"5", b"[5]", b"null"])
def test_nonsense_in_the_store_is_no_flow(users, content):
    with users.app.app_context():
        get_services("lean").store.update(f"user:{digest(USER)}", lambda *_: content, 60)
    assert token_on(users.browser(USER).get(LANDING)) == ""
    flow = launched(users.client(USER), users.flow())
    assert token_on(users.browser(USER).get(LANDING)) == flow.token


def test_the_store_names_no_user(users):
    launched(users.client(USER), users.flow())
    with users.app.app_context():
        kept = get_services("lean").store.read(f"user:{digest(USER)}")
    assert USER.encode() not in kept


def test_no_landing_of_a_flow_that_was_never_launched_is_asked_about(users):
    """Neither by the route nor by the Python call: anybody can send a customer to the address."""
    flow, client = users.flow(), users.client(USER)
    with users.app.test_request_context(headers={"Authorization": f"Bearer {USER}"}):
        opened = users.lean.open(flow.token)
        assert opened.returned({"consent_attempt_id": "a"}) is None
        assert post(client, "return", flow).json == {"method": None, "config": None}
        launched(client, flow)
        assert opened.returned({"consent_attempt_id": "a"}).method == "captureRedirect"
