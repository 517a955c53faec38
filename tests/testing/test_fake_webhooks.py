"""The stand-in's events: in Lean's shape, late, withheld, and again until they are answered."""

from __future__ import annotations

import pytest

INTENT = "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01"


def test_a_payment_that_was_approved_on_the_banks_page_is_told_once_they_are_back(
    receiver, end, fake_lean
):
    customer = fake_lean.add_customer("user-1")
    end("pay", "REDIRECT", payment_intent_id=INTENT)
    end("captureRedirect", customer_id=customer)
    event = receiver.next()
    assert (event["type"], event["payload"]["intent_id"]) == ("payment.created", INTENT)
    end("captureRedirect", customer_id=customer)  # a page that is loaded again makes nothing
    assert len(fake_lean.payments[INTENT]) == 1


def test_an_entity_has_the_hosts_own_id_and_its_bank(receiver, end, fake_lean):
    customer = fake_lean.add_customer("user-1")
    config = {"customer_id": customer, "permissions": ["identity"], "bank_identifier": "RJHI_SAU"}
    end("connect", **config)
    event = receiver.next()
    payload = event["payload"]
    assert (event["type"], payload["app_user_id"]) == ("entity.created", "user-1")
    assert set(payload["bank_details"]) == {
        "identifier",
        "name",
        "logo",
        "main_color",
        "background_color",
        "swift_code",
        "account_type",
        "bank_type",
    }
    assert payload["bank_details"]["name"] == "Al Rajhi Bank"
    end("connect", **config)
    again = receiver.next()
    assert (again["type"], again["payload"]["id"]) == ("entity.updated", payload["id"])


def test_a_payment_stays_with_the_bank_until_it_is_settled(receiver, end, fake_lean):
    fake_lean.payment_status = "PENDING_WITH_BANK"
    end("pay", payment_intent_id=INTENT)
    pending = receiver.next()
    fake_lean.settle_payment(INTENT, "FAILED")
    settled = receiver.next()
    assert (pending["type"], pending["payload"]["status"]) == (
        "payment.created",
        "PENDING_WITH_BANK",
    )
    assert (settled["type"], settled["payload"]["status"]) == ("payment.updated", "FAILED")
    assert settled["payload"]["id"] == pending["payload"]["id"]


def test_without_a_payment_there_is_none_to_settle(fake_lean):
    with pytest.raises(LookupError):
        fake_lean.settle_payment(INTENT)


def test_a_test_without_a_server_ends_a_flow_and_takes_its_event(fake_lean):
    customer = fake_lean.add_customer("user-1")
    launch = {"method": "connect", "config": {"customer_id": customer, "permissions": ["identity"]}}
    fake_lean.finish(launch, "CANCELLED")
    assert not fake_lean.events
    fake_lean.finish(launch, bank_identifier="RJHI_SAU")
    event = fake_lean.events.popleft()
    assert event["payload"]["bank_details"]["identifier"] == "RJHI_SAU"
    assert not fake_lean.events


def test_events_that_are_held_come_later(receiver, end, fake_lean):
    fake_lean.hold_webhooks()
    end("pay", payment_intent_id=INTENT)
    fake_lean.settle_payment(INTENT)
    assert receiver.got.empty()
    fake_lean.release_webhooks()
    assert {receiver.next()["type"], receiver.next()["type"]} == {
        "payment.created",
        "payment.updated",
    }


def test_an_event_that_is_not_answered_is_sent_again_by_hand(receiver, fake_lean):
    receiver.answer(500, 503)
    sent = fake_lean.notify("results.ready", {"id": "x"})
    assert receiver.next() == sent
    while not fake_lean.unanswered:
        pass
    assert fake_lean.resend() == [sent]
    assert fake_lean.resend() == []
    assert [receiver.next(), receiver.next()] == [sent, sent]


def test_it_is_sent_again_on_leans_schedule(receiver, fake_lean):
    receiver.answer(500, 500, 500, 500, 500, 500, 500)
    fake_lean.webhook_minute = 0.0001
    fake_lean.notify("results.ready", {"id": "x"})
    ids = {receiver.next()["event_id"] for _ in range(7)}
    assert len(ids) == 1


def test_a_host_that_is_down_gets_it_later(receiver, fake_lean):
    url, fake_lean.webhook_url = fake_lean.webhook_url, "http://127.0.0.1:9/"
    event = fake_lean.notify("results.ready", {"id": "x"})
    while not fake_lean.unanswered:
        pass
    fake_lean.webhook_url = url
    assert fake_lean.resend() == []
    assert receiver.next() == event
