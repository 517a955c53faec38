"""What the operations page shows: each part, in both languages, and nothing of a customer."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from lean_flask import UpstreamError
from lean_flask.banks.stores.base import StoreError
from lean_flask.testing import faults
from lean_flask.upstream.circuit import FAILURES_TO_OPEN
from lean_flask.web.operations import report
from support.operations import SECRET_BODY, Operations


@pytest.fixture
def page(make_app):
    return Operations(make_app())


def refresh(page):
    with suppress(UpstreamError):
        page.services.catalog.refresh()


def test_all_is_well(page):
    refresh(page)
    shown = page.text()
    assert "All is well" in shown
    assert "Personal Fresh 18 banks fetched less than a minute ago" in shown
    assert "backend token Works worked less than a minute ago" in shown
    assert "Shared store None: memory of each process" in shown
    assert "None: customers see each bank as Lean says." in shown


def test_a_missing_list_comes_first_and_lean_is_not_called_for_the_page(page, fake_lean):
    assert "A list of banks is missing." in page.text()
    assert "Personal Missing" in page.text()
    assert "This process has made no calls yet." in page.text()
    assert fake_lean.requests == []


def test_a_refresh_that_fails_is_told_with_the_age_of_what_customers_see(page, fake_lean):
    refresh(page)
    fake_lean.fault("banks", faults.Status(503))
    refresh(page)
    shown = page.text()
    assert "Customers see the list of less than a minute ago." in shown
    assert "Personal Lean fails 18 banks" in shown
    assert "1 attempt has failed" in shown
    assert "status 503" in shown


def test_only_a_list_in_doubt_can_be_taken_by_hand(page, fake_lean):
    refresh(page)
    assert 'name="accept_loss"' not in page.get().text
    fake_lean.fault("banks", faults.Shrunk(1))
    refresh(page)
    assert "Lean’s list has lost most of its banks." in page.text()
    assert "Personal In doubt 18 banks" in page.text()
    assert 'name="accept_loss"' in page.get().text


def test_a_call_that_is_refused_and_one_that_is_not_made(page, fake_lean):
    client, customer = page.services.client, str(uuid4())
    fake_lean.fault("payment_sources", faults.Status(403))
    with suppress(UpstreamError):
        client.payment_sources(customer)
    assert "payment sources Fails has not worked yet Last error, less than" in page.text()
    circuit = client._circuit(client._request_of("entities", "GET", "/"))
    for _ in range(FAILURES_TO_OPEN):
        with suppress(UpstreamError):
            circuit.run(lambda: _raise(UpstreamError("no response")))
    shown = page.text()
    assert "Lean does not answer some calls" in shown
    assert shown.index("entities Not called now") < shown.index("payment sources Fails")
    assert customer not in shown


def test_a_store_that_is_down(make_app, tmp_path, monkeypatch):
    page = Operations(make_app(store_url=f"sqlite:///{tmp_path}/store.db"))
    assert "Shared store Works" in page.text()
    page.break_store(monkeypatch)
    shown = page.text()
    assert "The shared store does not work." in shown
    assert "Shared store Does not work the disk is full" in shown


def test_a_store_that_fails_only_when_the_page_reads_it(make_app, tmp_path, monkeypatch):
    page = Operations(make_app(store_url=f"sqlite:///{tmp_path}/store.db"))
    refresh(page)
    overrides = page.services.catalog.overrides
    monkeypatch.setattr(
        page.services.catalog, "overrides", lambda: page.break_store(monkeypatch) or overrides()
    )
    assert "Shared store Does not work the disk is full" in page.text()


def test_events_are_counted_and_those_that_fail_are_shown_without_what_they_say(page):
    page.event("event-new")
    page.event("event-failing", attempts=1)
    page.event("event-dead", state="dead")
    shown = page.text()
    assert "1 event was given up." in shown
    assert "Waiting 2 Oldest waits for less than a minute Failing 1 Given up 1" in shown
    dead, failing = shown.split("Failing, and tried again")
    assert "payment.created 1 attempt event-dead subject subject arrived" in dead
    assert re.search(r"next attempt in \d+ minutes", failing)
    assert "/srv/shop.py:7 in book" in dead
    assert "event-new" not in shown
    assert SECRET_BODY.decode() not in page.get().text
    assert "Deliver all" not in shown
    page.event("event-dead-2", state="dead")
    assert "Deliver all 2 again" in page.text()


def test_an_event_that_waits_for_long_deserves_a_look(page, monkeypatch):
    page.event("event-old")
    assert "An event has waited" not in page.text()
    monkeypatch.setattr(report, "LONG_WAIT", 0.0)
    monkeypatch.setattr("lean_flask.web.operations.attention.LONG_WAIT", 0.0)
    assert "An event has waited for less than a minute." in page.text()


def test_only_so_many_events_are_read(page, monkeypatch):
    monkeypatch.setattr(report, "MAX_SHOWN", 1)
    monkeypatch.setattr(report, "MAX_SEARCHED", 2)
    for number in range(3):
        page.event(f"dead-{number}", state="dead")
        page.event(f"failing-{number}", attempts=1)
    shown = page.text()
    assert shown.count("payment.created") == 2
    assert "The latest one of 3." in shown
    assert "Only the latest" in shown


@pytest.mark.parametrize("failing", ["counts", "list"])
def test_a_store_of_events_that_fails_is_told_and_the_rest_is_shown(page, monkeypatch, failing):
    refresh(page)
    page.event("event-dead", state="dead")

    def fails(*_):
        raise StoreError("the disk is full")

    monkeypatch.setattr(page.services.events.inbox, failing, fails)
    shown = page.text()
    assert "The store of events does not work." in shown
    assert "the disk is full" in shown
    assert "Personal Fresh 18 banks" in shown


def test_without_a_webhook_secret_there_are_no_events(make_app):
    page = Operations(make_app(webhook_secret=None))
    assert "Webhooks are off: LEAN_WEBHOOK_SECRET is not set." in page.text()


def test_banks_by_hand_are_listed_with_who_why_and_until_when(page):
    refresh(page)
    until = datetime.now(UTC) + timedelta(hours=2)
    with page.app.app_context():
        page.lean.override(
            "RJHI_SAU",
            "unavailable",
            purpose="payments",
            until=until,
            message={"en": "Back at six.", "ar": "يعود في السادسة."},
            by="Omar",
            why="Incident 4711",
        )
        page.lean.override("SNB_SAU", "hide", by="Omar")
    shown = page.text()
    assert "2 banks are set by hand." in shown
    rajhi, ahli = shown.split("Saudi National Bank SNB_SAU")
    assert "RJHI_SAU Unavailable For payments until" in rajhi
    assert f"{until:%Y-%m-%d %H:%M} UTC" in rajhi
    assert "By Omar , less than a minute ago Incident 4711" in rajhi
    assert "Customers read: Back at six. يعود في السادسة." in rajhi
    assert "Not shown For everything until somebody undoes it" in ahli


def test_in_arabic(page):
    refresh(page)
    page.event("event-dead", state="dead")
    shown = page.text("ar")
    assert '<html lang="ar" dir="rtl">' in page.get("ar").text
    assert "التشغيل" in shown
    assert "توقّف تسليم حدث واحد." in shown
    assert "18 بنكًا" in shown
    for word in ("Refresh", "Given up", "Calls", "Undo", "customers"):
        assert word not in shown


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_needs_no_script_and_nobody_may_frame_or_keep_it(make_app, language):
    page = Operations(make_app(frame_ancestors="'self'", csp=None))
    page.event("event-dead", state="dead")
    response = page.get(language)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "<script" not in response.text
    assert " style=" not in response.text
    assert not re.search(r"\son\w+=", response.text)


def test_nothing_that_an_operator_or_a_receiver_wrote_becomes_html(page):
    refresh(page)
    bad = "<img src=x>"
    with page.app.app_context():
        page.lean.override("SNB_SAU", "unavailable", message=bad, by=bad, why=bad)
    assert bad not in page.get().text


def _raise(error):
    raise error
