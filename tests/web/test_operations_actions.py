"""What an operator does from the page: it happens once, and the next page says what came of it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest

from lean_flask.banks.stores.base import StoreError
from lean_flask.testing import faults
from support.operations import ERROR, RIGHT, Operations, overrides_of, result_in


@pytest.fixture
def page(make_app):
    page = Operations(make_app())
    page.services.catalog.refresh()
    return page


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
    assert said.startswith("The lists were not refreshed. Customers see the same banks as before.")
    assert "status 503" in said


def test_a_list_that_lost_most_banks_is_taken_where_the_operator_says_so(page, fake_lean):
    fake_lean.fault("banks", faults.Shrunk(1))
    assert page.said("refresh").startswith("The lists were not refreshed.")
    assert page.said("refresh", accept_loss="yes").endswith(": 1 bank.")


# --- events -----------------------------------------------------------------------------------


def states(page):
    return {event.id: event.state for event in page.services.events.inbox.list()}


@pytest.fixture
def kept(make_app, tmp_path):
    """A page whose events are kept in a file, and delivered by nobody."""

    def make(delivery="background"):
        store = f"sqlite:///{tmp_path}/store.db"
        page = Operations(make_app(store_url=store, webhook_delivery=delivery))
        page.services.events.never_start()
        page.event("event-1", state="dead")
        page.event("event-2", state="dead")
        return page

    return make


def test_one_event_is_put_back(kept, caplog):
    caplog.set_level(logging.INFO)
    page = kept()
    said = page.said("retry", event="event-1")
    assert said == "1 event was put back. Delivery begins within seconds."
    assert states(page) == {"event-1": "waiting", "event-2": "dead"}
    assert "Put the webhook 'event-1' back for Noura" in caplog.messages


def test_all_dead_events_are_put_back(kept, caplog):
    caplog.set_level(logging.INFO)
    page = kept("worker")
    said = page.said("retry_dead")
    assert said == "2 events were put back. flask lean work delivers what was put back."
    assert set(states(page).values()) == {"waiting"}
    assert "Put 2 dead webhooks back for Noura" in caplog.messages


@pytest.mark.parametrize("do", ["retry", "retry_dead"])
def test_inline_they_are_delivered_at_once(page, fake_lean, monkeypatch, do):
    heard, fails = [], []

    @page.lean.on("*")
    def hear(event):
        heard.append(event.event_id)
        if fails:
            raise ValueError

    def dead(name):
        event = fake_lean.webhook_event("payment.created", {"id": name, "intent_id": name})
        body, headers = fake_lean.signed(event | {"event_id": name})
        fails.append(name)
        assert page.client.post("/lean/webhooks", data=body, headers=headers).status_code == 500
        inbox, now = page.services.events.inbox, page.services.wall_clock()
        inbox.bury(inbox.claim(now + 9e3, 60), now, (), ERROR)
        fails.clear()
        heard.clear()

    dead("event-1")
    assert page.said(do, event="event-1") == "1 event was delivered."
    assert heard == ["event-1"]
    dead("event-2")
    fails.append("again")
    assert page.said(do, event="event-2") == "1 event has failed again."
    assert states(page) == {"event-1": "delivered", "event-2": "waiting"}


@pytest.mark.parametrize("event", ["", "nothing", "x" * 5_000])
def test_an_event_that_is_kept_no_more_cannot_be_put_back(page, event):
    assert page.said("retry", event=event).startswith("That event is no longer kept")


@pytest.mark.parametrize("do", ["retry", "retry_dead"])
def test_where_the_store_fails_nothing_is_done(kept, monkeypatch, do):
    page = kept()

    def fails(*_):
        raise StoreError("the disk is full")

    monkeypatch.setattr(page.services.events.inbox, do, fails)
    said = page.said(do, event="event-1")
    assert said == "Nothing was done: the store does not work. the disk is full"


# --- banks by hand ----------------------------------------------------------------------------


def test_a_bank_is_set_by_hand_and_the_list_says_so(page):
    asked = RIGHT | {"purpose": "payments", "minutes": "60", "message_en": "Back soon."}
    assert page.said("set", **asked).startswith("Al Rajhi Bank is set by hand.")
    [override] = overrides_of(page)
    assert (override.action, override.purpose) == ("unavailable", "payments")
    assert (override.by, override.why) == ("Noura", "Incident 4711")
    assert override.message == {"en": "Back soon.", "ar": "Back soon."}
    lasts = override.until - override.since
    assert timedelta(minutes=59) < lasts <= timedelta(minutes=60)
    bank = page.client.get("/lean/banks/RJHI_SAU").json
    assert bank["notice"]["en"] == "Back soon."


def test_it_is_said_which_processes_know_it(kept, page, monkeypatch):
    said = page.said("set", **RIGHT)
    assert "Only the process that did it knows it: LEAN_STORE_URL is memory:" in said
    other, page = page, kept()
    page.services.catalog.refresh()
    assert page.said("set", **RIGHT).endswith("Every process knows it within two seconds.")
    page.break_store(monkeypatch)
    done = page.post("set", **RIGHT)
    other.client.set_cookie("session", done.headers["Set-Cookie"].split(";")[0].split("=", 1)[1])
    said = "Only the process that did it knows it until the shared store works again."
    assert said in result_in(other.get())


def test_a_hidden_bank_is_gone_until_it_is_undone(page):
    page.said("set", **RIGHT | {"action": "hide"})
    assert page.client.get("/lean/banks/RJHI_SAU").status_code == 404
    said = page.undo()
    assert said.startswith("Al Rajhi Bank is again as Lean says.")
    assert page.client.get("/lean/banks/RJHI_SAU").status_code == 200
    assert overrides_of(page) == ()


def test_only_what_was_asked_for_is_undone(page):
    page.said("set", **RIGHT | {"purpose": "data"})
    page.said("set", **RIGHT | {"purpose": "payments"})
    page.undo(purpose="data")
    assert [override.purpose for override in overrides_of(page)] == ["payments"]


@pytest.mark.parametrize("since", ["", "2026-01-01T00:00:00+00:00"])
def test_what_a_colleague_has_set_since_is_not_undone(page, since):
    page.said("set", **RIGHT)
    said = page.said("clear", bank="RJHI_SAU", purpose="", since=since)
    assert said.startswith("Nothing was done: Al Rajhi Bank was set once more meanwhile.")
    assert [override.action for override in overrides_of(page)] == ["unavailable"]


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
    assert overrides_of(page)[0].until == until


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
        ({"action": "hide", "message_ar": "قريبًا"}, ["message_ar"]),
        ({"message_en": "x" * 201, "message_ar": "س" * 201}, ["message_en", "message_ar"]),
    ],
    ids=str,
)
def test_a_wrong_form_comes_back_as_it_was_filled_in(page, fields, wrong):
    response = page.post("set", **RIGHT | fields)
    assert response.status_code == 422
    assert result_in(response) == "Nothing was done: correct the form below."
    assert overrides_of(page) == ()
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
    assert page.said("set", **RIGHT | {"bank": "RJHI"}).startswith("RJHI is set by hand.")
    assert page.said("set", **RIGHT).startswith("RJHI_SAU is set by hand.")
    assert "RJHI Unavailable For everything" in page.text()
    fake_lean.heal()
    page.said("refresh")
    shown = page.text()
    assert "RJHI Unavailable No list has this identifier, so it changes nothing." in shown
    assert "RJHI_SAU Unavailable For everything" in shown
