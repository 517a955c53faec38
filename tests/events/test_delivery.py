"""One attempt: who is called, who is called again, and what is kept of an error."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lean_flask.banks.stores.base import StoreError
from lean_flask.events.delivery import Delivery
from lean_flask.events.sealed import SealError
from support.deliveries import Bench

IBAN = "SA0380000000608010167519"


@pytest.fixture
def bench():
    return Bench()


def test_every_receiver_gets_the_event_in_order(bench):
    heard = []
    bench.of_signal.append(("signal", lambda sender, event: heard.append((sender, event.type))))
    bench.own.append(("own", lambda event: heard.append(("own", event.type))))
    bench.on("entity.*")(lambda event: heard.append(("on", event.payload.id)))
    bench.add(id="e-1")
    assert bench.run()
    assert heard == [("own", "entity.created"), ("on", "e-1"), ("the app", "entity.created")]
    event = bench.inbox.get("1")
    assert event.state == "delivered"
    assert [name.rpartition(".")[2] for name in event.received_by] == ["own", "<lambda>", "signal"]


def test_each_receiver_has_a_context_of_its_own(bench):
    bench.on("*")(lambda event: None)
    bench.of_signal.append(("signal", lambda sender, event: None))
    bench.add()
    bench.run()
    assert bench.contexts == ["begun", "ended"] * 2


def test_one_that_raises_keeps_the_event_from_no_other_and_is_called_again_alone(bench):
    heard = []

    @bench.on("*")
    def fails_once(event):
        heard.append("fails")
        if heard.count("fails") == 1:
            raise RuntimeError

    bench.of_signal.append(("works", lambda sender, event: heard.append("works")))
    bench.add()
    assert not bench.run()
    assert heard == ["fails", "works"]
    assert bench.inbox.get("1").received_by == ("works",)
    bench.clock.ahead += 6
    assert bench.run()
    assert heard == ["fails", "works", "fails"]


def test_receivers_of_one_name_count_as_one(bench):
    heard = []

    def fail(sender, event):
        heard.append("fails")
        raise RuntimeError

    bench.of_signal += [("twin", lambda sender, event: heard.append("works")), ("twin", fail)]
    bench.add()
    for _ in range(2):
        assert not bench.run()
        bench.clock.ahead += 60
    assert heard == ["works", "fails"] * 2


def test_each_attempt_begins_with_another_receiver(bench):
    """So that one that never returns does not keep the event from those behind it."""
    heard = []

    def failing(name):
        def fail(sender, event):
            heard.append(name)
            raise RuntimeError

        return name, fail

    bench.of_signal += [failing("a"), failing("b")]
    bench.add()
    for _ in range(2):
        bench.run()
        bench.clock.ahead += 60
    assert heard == ["a", "b", "b", "a"]


def test_an_attempt_that_was_given_up_calls_no_more_receivers(bench):
    heard = []
    bench.own.append(("hangs", lambda event: delivery.abandon(600)))
    bench.of_signal.append(("later", lambda sender, event: heard.append("later")))
    bench.add()
    delivery = bench.begin(bench.claim())
    delivery.run()
    event = bench.inbox.get("1")
    assert (heard, event.state) == ([], "waiting")
    assert event.error == "hangs: it did not return within 600 s"


def fail_with_data(event):
    try:
        raise KeyError(IBAN)
    except KeyError as error:
        raise ValueError(f"no account {IBAN}") from error


def test_an_error_is_kept_and_logged_without_what_it_says(bench, caplog):
    bench.on("*")(fail_with_data)
    bench.add()
    assert not bench.run()
    kept = bench.inbox.get("1").error
    for text in (kept, caplog.text):
        assert IBAN not in text
        assert "ValueError" in text
        assert "caused by\nKeyError" in text
        assert f"{__file__}:" in text
        assert "in fail_with_data" in text
    assert "test_delivery.fail_with_data: ValueError" in kept
    [record] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.exc_info is None


@pytest.mark.parametrize("end", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_what_ends_the_process_gives_the_claim_back_and_goes_up(bench, end):
    def stop(event):
        raise end

    bench.on("*")(stop)
    bench.add()
    with pytest.raises(end):
        bench.run()
    event = bench.inbox.get("1")
    assert (event.state, event.attempts) == ("waiting", 0)
    assert bench.claim() is not None


def test_a_receiver_that_exits_in_a_thread_has_failed(bench):
    def stop(event):
        raise SystemExit

    bench.on("*")(stop)
    bench.add()
    assert not bench.run(errors=(Exception, SystemExit))
    assert bench.inbox.get("1").attempts == 1


def test_an_event_that_cannot_be_decrypted_says_so_and_waits(bench):
    def refuse(body):
        raise SealError

    bench.add()
    delivery = Delivery(replace(bench.tools, open_body=refuse), bench.claim())
    assert not delivery.run()
    event = bench.inbox.get("1")
    assert event.state == "waiting"
    assert "SECRET_KEY" in event.error


def test_an_event_that_fails_for_a_day_is_dead_and_its_subject_goes_on(bench, caplog):
    calls = []

    def fail(sender, event):
        calls.append(event.event_id)
        if event.event_id == "1":
            raise RuntimeError

    bench.of_signal.append(("signal", fail))
    bench.add("1")
    bench.add("2")
    while bench.inbox.get("1").state == "waiting":
        bench.clock.ahead += 3600
        bench.run()
    assert set(calls) == {"1"}
    assert 24 <= len(calls) <= 26
    assert "Gave up the webhook '1' ('entity.created') after" in caplog.text
    assert bench.run()
    assert calls[-1] == "2"


def test_an_outcome_that_could_not_be_noted_can_be_noted_later(bench, monkeypatch):
    heard = []
    bench.on("*")(lambda event: heard.append(event))
    bench.add()
    delivery = bench.begin(bench.claim())
    with monkeypatch.context() as patch:
        patch.setattr(type(bench.inbox), "deliver", _fail)
        with pytest.raises(StoreError):
            delivery.run()
    delivery.settle()
    assert bench.inbox.get("1").state == "delivered"
    assert len(heard) == 1


def _fail(*arguments):
    raise StoreError("down")
