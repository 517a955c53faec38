"""A flow that is bound to a user of the host opens in that user's requests, and in no other's."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from flask import abort, redirect

from lean_flask import FlowError, flow_closed
from support.clock import MovableClock, use_clock
from support.user_host import BANK, CALLS, USER, UserHost, post, succeed


@pytest.fixture
def users(fake_lean):
    return UserHost(fake_lean, per_customer=True)


def statuses(client, flow):
    return {name: call(client, flow).status_code for name, call in CALLS.items()}


def reason_of(response):
    return (response.get_json(silent=True) or {}).get("reason")


def test_every_call_is_open_to_the_flows_user_and_sets_no_cookie(users):
    client, flow = users.client(USER), users.flow()
    responses = {name: call(client, flow) for name, call in CALLS.items()}
    assert {name: response.status_code for name, response in responses.items()} == {
        name: 204 if name == "events" else 200 for name in CALLS
    }
    assert [name for name, answer in responses.items() if "Set-Cookie" in answer.headers] == []
    assert responses["open"].json == {"id": flow.id, "bound_to": USER}


@pytest.mark.parametrize(
    ("user", "reason"), [(None, "signed_out"), ("user-2", "other_user"), ("", "identify_failed")]
)
def test_every_call_is_closed_to_anybody_else(users, user, reason):
    flow, client = users.flow(), users.client(user)
    assert statuses(client, flow) == dict.fromkeys(CALLS, 503 if user == "" else 403)
    reasons = {name: reason_of(CALLS[name](client, flow)) for name in CALLS if name != "picker"}
    assert set(reasons.values()) == {reason}
    assert users.client(USER).get(f"/lean/flows/{flow.id}?flow={flow.token}").json["status"] == (
        "open"
    )


@pytest.mark.parametrize(
    ("user", "language", "title", "advice"),
    [
        (None, "en", "Sign in to go on", "Sign in at"),
        (None, "ar", "سجّل الدخول للمتابعة", "قهوة"),
        ("user-2", "en", "This link is for another user", "somebody else"),
        ("user-2", "ar", "هذا الرابط لمستخدم آخر", "قهوة"),
    ],
)
def test_the_page_says_what_to_do(users, user, language, title, advice):
    page = users.client(user).get(users.flow(language=language).url)
    assert page.status_code == 403
    assert f"{title}</h1>" in page.text
    assert advice in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_the_problem_is_in_the_language_of_the_flow(users):
    body = post(users.client("user-2"), "launch", users.flow(language="ar")).json
    assert re.search("[ء-ي]{3}", body["advice"])


def test_the_problem_says_what_to_do(users):
    flow = users.flow()
    body = post(users.client("user-2"), "launch?lang=en", flow).json
    assert body["reason"] == "other_user"
    assert body["advice"] == (
        "You are signed in as somebody else. Sign in with the account that this is for."
    )


@pytest.mark.parametrize("bound_to", ["attacker", None])
def test_a_victim_cannot_finish_an_attackers_flow(users, bound_to):
    """Bound to the attacker, or to the attacker's browser session; the link is sent to a victim."""
    attacker, victim = users.browser("attacker"), users.browser(USER)
    if bound_to:
        flow = users.flow(bound_to)
    else:
        token = attacker.get("/start").text
        flow = SimpleNamespace(token=token, url=f"/lean/picker?flow={token}", id="x")
    victim.get("/start")  # a session with flows of its own
    assert set(statuses(victim, flow).values()) == {403}
    assert CALLS["picker"](attacker, flow).status_code == 200


def test_an_embedded_picker_is_its_users_alone(users):
    """The page with it may stay open while another user signs in."""
    with users.app.test_request_context(headers={"Authorization": f"Bearer {USER}"}):
        flow = users.lean.connect(**users.given, bound_to=USER)
        page = flow.embed()
    assert flow.token in page
    assert set(statuses(users.client("user-2"), flow).values()) == {403}
    assert CALLS["launch"](users.client(USER), flow).status_code == 200


def test_a_session_that_made_other_flows_opens_no_flow_of_a_user(users):
    """A browser of another user, which has flows of its own, is another user's nevertheless."""
    browser = users.browser("user-2")
    own = users.flow("user-2")
    assert post(browser, "launch", own, bank_identifier=BANK).status_code == 200
    assert set(statuses(browser, users.flow()).values()) == {403}


def test_two_users_of_one_device_have_each_their_own(users):
    browser = users.browser(USER)
    flows = {user: users.flow(user) for user in (USER, "user-2")}
    assert browser.get(flows[USER].url).status_code == 200
    browser.post("/login", data={"user": "user-2"})
    assert {user: browser.get(flow.url).status_code for user, flow in flows.items()} == {
        USER: 403,
        "user-2": 200,
    }


def test_a_login_that_changes_mid_flow_ends_what_the_first_user_could_do(users):
    browser, flow, heard = users.browser(USER), users.flow(), []

    def listen(sender, **details):
        heard.append(details)

    assert post(browser, "launch", flow, bank_identifier=BANK).status_code == 200
    browser.post("/login", data={"user": "user-2"})
    with flow_closed.connected_to(listen, users.app):
        for call in (post(browser, "return", flow), succeed(browser, flow)):
            assert (call.status_code, call.json["reason"]) == (403, "other_user")
        assert heard == []
        browser.post("/login", data={"user": USER})
        assert succeed(browser, flow).status_code == 200
    assert [details["flow"].id for details in heard] == [flow.id]


def test_after_a_logout_nothing_is_left(users):
    browser, flow = users.browser(USER), users.flow()
    assert browser.get(flow.url).status_code == 200
    browser.get("/logout")
    assert set(statuses(browser, flow).values()) == {403}


def test_a_bound_flow_needs_no_session_where_flows_are_not_bound_to_one(fake_lean):
    users = UserHost(fake_lean, bind_flow=False, per_customer=True)
    assert set(statuses(users.client("user-2"), users.flow()).values()) == {403}
    unbound = users.flow(bound_to=None)
    assert set(statuses(users.client("user-2"), unbound).values()) == {200, 204}
    assert unbound.session_id is None


def test_a_flow_without_bound_to_asks_nobody(users):
    users.identify = lambda: abort(401)
    browser = users.app.test_client()
    with browser:
        browser.get("/done")
        flow = users.lean.connect(customer_id=users.customer, permissions=["identity"])
    assert flow.bound_to is None
    users.client().get(flow.url)
    assert users.asked == 0


# --- the end, on any device -----------------------------------------------------------------


def test_a_flow_that_has_ended_well_is_over_on_every_device_and_without_cookies(users):
    flow, phone, desk = users.flow(), users.client(USER), users.browser(USER)
    assert post(phone, "launch", flow, bank_identifier=BANK).status_code == 200
    assert succeed(phone, flow).json["next"].startswith("/done?lean_status=SUCCESS")
    for device in (phone, desk):
        assert post(device, "launch", flow, bank_identifier=BANK).json["reason"] == "completed"
        assert device.get(flow.url).status_code == 410
        status = CALLS["status"](device, flow).json
        assert (status["status"], status["sdk_status"]) == ("reported", "SUCCESS")


def test_a_late_report_is_taken_of_the_user_alone_and_from_another_device(users):
    clock = MovableClock()
    with users.app.app_context():
        use_clock(users.app, clock)
    flow = users.flow(max_age=600)
    assert post(users.client(USER), "launch", flow, bank_identifier=BANK).status_code == 200
    clock.ahead = 600 + 80_000
    assert post(users.client(USER), "launch", flow).json["reason"] == "expired"
    assert succeed(users.client("user-2"), flow).json["reason"] == "other_user"
    assert CALLS["open"](users.client(USER), flow).status_code == 200
    assert succeed(users.browser(USER), flow).status_code == 200
    clock.ahead = 600 + 86_400 + 60
    assert succeed(users.client(USER), flow).json["reason"] == "expired"
    assert reason_of(CALLS["open"](users.client(USER), flow)) == "expired"


@pytest.mark.parametrize(("max_age", "bound_to"), [(60, USER), (60, None), (90_000, USER)])
def test_each_flow_can_be_launched_for_its_own_time(fake_lean, max_age, bound_to):
    users = UserHost(fake_lean, bind_flow=False, per_customer=True)
    clock = MovableClock()
    with users.app.app_context():
        use_clock(users.app, clock)
    flow, client = users.flow(bound_to, max_age=max_age), users.client(USER)
    clock.ahead = max_age - 5
    assert CALLS["picker"](client, flow).status_code == 200
    assert CALLS["launch"](client, flow).status_code == 200
    clock.ahead = max_age + 5
    assert CALLS["picker"](client, flow).status_code == 410
    assert CALLS["launch"](client, flow).status_code == 410
    with users.app.test_request_context(headers={"Authorization": f"Bearer {USER}"}):
        late = users.lean.open(flow.token)  # it may be reported late
        with pytest.raises(FlowError, match="expired"):
            late.launch(bank_identifier=BANK)


def test_a_redirect_to_a_login_page_is_passed_on_by_open(users):
    users.identify = lambda: abort(redirect("/login"))
    assert CALLS["open"](users.client(), users.flow()).location == "/login"
