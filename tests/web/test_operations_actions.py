"""What an operator does from the page: it happens once, and the next page says what came of it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest

from lean_flask.banks.stores.base import StoreError
from lean_flask.testing import faults
from support.operations import Operations, result_in, text_of

RIGHT = {"bank": "RJHI_SAU", "action": "unavailable", "why": "Incident 4711"}


@pytest.fixture
def page(make_app):
    page = Operations(make_app())
    page.services.catalog.refresh()
    return page


def overrides(page):
    return page.services.catalog.overrides()


# --- lists ------------------------------------------------------------------------------------


def test_the_lists_are_fetched_now(page, fake_lean, caplog):
    caplog.set_level(logging.INFO)
    fake_lean.banks = fake_lean.banks[:-1]
    assert page.said("refresh") == "The lists were fetched from Lean: 17 banks."
    assert "Refreshing the bank lists for Noura" in caplog.messages
    assert result_in(page.get()) == ""  # said once


def test_a_refresh_that_fails_says_why(page, fake_lean):
    fake_lean.fault("banks", faults.Status(503))
    said = page.said("refresh")
    assert said.startswith("Lean did not give the list. Customers see the same banks as before.")
    assert "status 503" in said


def test_a_list_that_lost_most_banks_is_taken_where_the_operator_says_so(page, fake_lean):
    fake_lean.fault("banks", faults.Shrunk(1))
    assert page.said("refresh").startswith("Lean did not give the list.")
    assert page.said("refresh", accept_loss="yes").endswith(": 1 bank.")


# --- events -----------------------------------------------------------------------------------


def states(page):
    return {event.id: event.state for event in page.services.events.inbox.list()}


def test_one_event_is_put_back(page, caplog):
    caplog.set_level(logging.INFO)
    page.event("event-1", state="dead")
    page.event("event-2", state="dead")
    said = page.said("retry", event="event-1")
    assert said == "1 event was put back. Run flask lean work to deliver it."
    assert states(page) == {"event-1": "waiting", "event-2": "dead"}
    assert "Put the webhook 'event-1' back for Noura" in caplog.messages


def test_all_dead_events_are_put_back(page, caplog):
    caplog.set_level(logging.INFO)
    page.event("event-1", state="dead")
    page.event("event-2", state="dead")
    assert page.said("retry_dead").startswith("2 events were put back.")
    assert set(states(page).values()) == {"waiting"}
    assert "Put 2 dead webhooks back for Noura" in caplog.messages


@pytest.mark.parametrize("event", ["", "nothing", "x" * 5_000])
def test_an_event_that_is_kept_no_more_cannot_be_put_back(page, event):
    assert page.said("retry", event=event).startswith("That event is no longer kept")


@pytest.mark.parametrize(
    ("delivery", "words"),
    [
        ("background", "It is delivered within seconds."),
        ("worker", "flask lean work delivers it."),
        ("inline", "Run flask lean work to deliver it."),
    ],
)
def test_it_is_said_who_delivers_an_event(make_app, tmp_path, delivery, words):
    store = f"sqlite:///{tmp_path}/store.db"
    page = Operations(make_app(store_url=store, webhook_delivery=delivery))
    page.services.events.never_start()
    page.event("event-1", state="dead")
    assert page.said("retry", event="event-1").endswith(words)


@pytest.mark.parametrize("do", ["retry", "retry_dead"])
def test_where_the_store_fails_nothing_is_done(page, monkeypatch, do):
    def fails(*_):
        raise StoreError("the disk is full")

    monkeypatch.setattr(page.services.events.inbox, do, fails)
    said = page.said(do, event="event-1")
    assert said == "Nothing was done: the store does not work. the disk is full"


# --- banks by hand ----------------------------------------------------------------------------


def test_a_bank_is_set_by_hand_and_the_list_says_so(page):
    asked = RIGHT | {"purpose": "payments", "minutes": "60", "message_en": "Back soon."}
    assert page.said("set", **asked).startswith("Al Rajhi Bank is set by hand.")
    [override] = overrides(page)
    assert (override.action, override.purpose) == ("unavailable", "payments")
    assert (override.by, override.why) == ("Noura", "Incident 4711")
    assert override.message == {"en": "Back soon.", "ar": "Back soon."}
    lasts = override.until - override.since
    assert timedelta(minutes=59) < lasts <= timedelta(minutes=60)
    bank = page.client.get("/lean/banks/RJHI_SAU").json
    assert bank["notice"]["en"] == "Back soon."


def test_a_hidden_bank_is_gone_until_it_is_undone(page):
    page.said("set", **RIGHT | {"action": "hide"})
    assert page.client.get("/lean/banks/RJHI_SAU").status_code == 404
    said = page.said("clear", bank="RJHI_SAU", purpose="")
    assert said.startswith("Al Rajhi Bank is again as Lean says.")
    assert page.client.get("/lean/banks/RJHI_SAU").status_code == 200
    assert overrides(page) == ()


def test_only_what_was_asked_for_is_undone(page):
    page.said("set", **RIGHT | {"purpose": "data"})
    page.said("set", **RIGHT | {"purpose": "payments"})
    page.said("clear", bank="RJHI_SAU", purpose="data")
    assert [override.purpose for override in overrides(page)] == ["payments"]


@pytest.mark.parametrize(
    "fields",
    [
        {"bank": "RJHI_SAU", "purpose": ""},
        {"bank": "../x", "purpose": ""},
        {"bank": "RJHI_SAU", "purpose": "everything"},
        {"bank": "RJHI_SAU"},
        {},
    ],
    ids=str,
)
def test_what_is_not_set_cannot_be_undone(page, fields):
    assert page.said("clear", **fields).endswith("was not set by hand any more.")


def test_a_time_wins_over_a_duration_and_is_in_utc(page):
    until = (datetime.now(UTC) + timedelta(days=2)).replace(second=0, microsecond=0)
    page.said("set", **RIGHT, minutes="15", until=f"{until:%Y-%m-%dT%H:%M}")
    assert overrides(page)[0].until == until


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"bank": ""}, ["bank"]),
        ({"bank": "NOBODY_SAU"}, ["bank"]),
        ({"bank": "<b>"}, ["bank"]),
        ({"why": " "}, ["why"]),
        ({"why": "x" * 501}, ["why"]),
        ({"until": "2020-01-01T10:00", "why": ""}, ["why", "until"]),
        ({"until": "tomorrow"}, ["until"]),
        ({"until": "9" * 400}, ["until"]),
        ({"message_en": "x" * 201, "message_ar": "س" * 201}, ["message_en", "message_ar"]),
    ],
    ids=str,
)
def test_a_wrong_form_comes_back_as_it_was_filled_in(page, fields, wrong):
    response = page.post("set", **RIGHT | fields)
    assert response.status_code == 422
    assert result_in(response) == "Nothing was done: correct the form below."
    assert overrides(page) == ()
    html = response.text
    for name in wrong:
        assert f'id="{name}-wrong"' in html
        assert f'aria-describedby="{name}-wrong"' in html
    assert html.count('-wrong"></span>') == 0
    assert html.count("aria-invalid") == len(wrong)
    assert html.count("autofocus") == 1
    if fields.get("why") is None:
        assert 'value="Incident 4711"' in html


def test_without_a_list_a_bank_can_be_named(make_app, fake_lean, caplog):
    fake_lean.fault("banks", faults.Status(503))
    page = Operations(make_app())
    assert '<select id="bank"' not in page.get().text
    assert page.said("set", **RIGHT).startswith("RJHI_SAU is set by hand.")
    assert "RJHI_SAU Unavailable" in page.text()


# --- who may send a form ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://app.example"},
        {"Origin": "https://app.example"},
        {"Origin": "null"},
    ],
    ids=str,
)
def test_no_other_page_can_send_one(make_app, headers, caplog):
    """Not even with the token, nor a page that may call the JSON routes."""
    page = Operations(make_app(origins=["https://app.example"]))
    response = page.post("set", headers=headers, **RIGHT)
    assert response.status_code == 403
    assert "Access-Control-Allow-Origin" not in response.headers
    assert overrides(page) == ()
    assert caplog.messages[0].startswith("Refused a POST to lean.operations_action")


def test_no_other_origin_can_read_the_page(make_app):
    page = Operations(make_app(origins=["https://app.example"]))
    for response in (
        page.get(headers={"Origin": "https://app.example"}),
        page.client.options("/lean/operations", headers={"Origin": "https://app.example"}),
    ):
        assert "Access-Control-Allow-Origin" not in response.headers


def refused(page, token, caplog):
    response = page.client.post("/lean/operations", data={"token": token, "do": "set"} | RIGHT)
    assert response.status_code == 403
    assert "this page was open for too long" in result_in(response)
    assert overrides(page) == ()
    assert "Refused lean.operations_action: the form is too old, or of another session" in (
        caplog.messages
    )


@pytest.mark.parametrize("token", ["", "x", "x.y.z", "x" * 5_000])
def test_a_form_needs_a_token_of_the_page(page, token, caplog):
    refused(page, token, caplog)


def test_the_token_of_another_browser_is_worth_nothing(page, caplog):
    other = Operations(page.app)
    refused(page, other.token(), caplog)


def test_the_token_of_another_operator_is_worth_nothing(page, caplog):
    token, page.operator = page.token(), "Omar"
    refused(page, token, caplog)


def test_a_token_ends_with_the_session_and_by_itself(page, caplog, monkeypatch):
    token = page.token()
    with page.client.session_transaction() as session:
        session.clear()
    refused(page, token, caplog)
    token = page.token()
    monkeypatch.setattr("lean_flask.web.operations.form_token.MAX_AGE", -1)
    refused(page, token, caplog)


def test_a_token_survives_a_change_of_the_secret_key(page):
    token = page.token()
    page.app.config.update(
        SECRET_KEY_FALLBACKS=[page.app.config["SECRET_KEY"]], SECRET_KEY="a newer secret key"
    )
    response = page.client.post("/lean/operations", data={"token": token, "do": "refresh"})
    assert response.status_code == 303


@pytest.mark.parametrize(
    ("do", "fields"),
    [
        ("", {}),
        ("drop", {}),
        ("set", {"action": "delete"}),
        ("set", {"purpose": "all"}),
        ("set", {"minutes": "-5"}),
        ("set", {"minutes": "1e9"}),
    ],
    ids=str,
)
def test_a_form_that_asks_for_what_the_page_does_not_offer_is_refused(page, caplog, do, fields):
    assert page.post(do, **RIGHT | fields).status_code == 400
    assert overrides(page) == ()
    assert "Refused lean.operations_action: the form asks for nothing that there is" in (
        caplog.messages
    )


def test_a_body_that_is_too_large_is_refused(page):
    assert page.post("set", **RIGHT | {"why": "x" * 70_000}).status_code == 413


def test_the_result_is_in_the_language_of_the_page(page):
    data = {"token": page.token(), "do": "refresh"}
    response = page.client.post("/lean/operations?lang=ar", data=data)
    assert response.location.endswith("/lean/operations?lang=ar")
    assert "وصلت القوائم من Lean" in text_of(page.client.get(response.location))


@pytest.mark.parametrize("kept", ["x", ["x"], [1, 2, 3], ["x", True, []], {"a": 1}], ids=str)
def test_what_else_the_session_may_hold_breaks_nothing(page, kept):
    with page.client.session_transaction() as session:
        session["lean_flask"] = {"kept": kept}
    assert result_in(page.get()) == ""
