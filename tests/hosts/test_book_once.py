"""The examples for receivers: a payment is booked once, by the app or by a task queue's worker."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from decimal import Decimal

import book_once
import celery_events
import pytest
import redis
import rq_events
from redis import Redis
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from lean_flask.events.samples import sample_event
from support.documents import blocks_of
from support.paths import ROOT
from support.redis_server import until


@pytest.fixture
def database(tmp_path, monkeypatch):
    """A database for the examples, here and in the workers that a test starts."""
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    engine = create_engine(url)
    book_once.Base.metadata.create_all(engine)
    monkeypatch.setattr(book_once, "engine", engine)
    monkeypatch.setenv("DATABASE_URL", url)
    yield engine
    engine.dispose()


def bookings(engine):
    with Session(engine) as session:
        found = session.scalars(select(book_once.Booking)).all()
        return [(booking.payment_id, booking.amount, booking.currency) for booking in found]


def seen(engine):
    with Session(engine) as session:
        return sorted(session.scalars(select(book_once.SeenEvent.event_id)))


@pytest.fixture
def deliver(make_app, fake_lean):
    """Sends a signed event to a new app with the receiver of an example.

    The new app does not know the event, as one that stopped before it noted the delivery.
    """

    def send(example, sample):
        app = make_app()
        example.receive(app.blueprints["lean"])
        body, headers = fake_lean.signed(sample)
        return app.test_client().post("/lean/webhooks", data=body, headers=headers).status_code

    return send


@contextmanager
def worker(*command):
    """A worker of a task queue, in the folder of the examples."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "examples")])
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT / "examples",
        env=os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_payment_is_booked_once(database, deliver):
    sample = sample_event("payment.created")
    payment = sample["payload"]
    for event_id in ("e1", "e1", "e2"):
        deliver(book_once, sample | {"event_id": event_id})
    assert bookings(database) == [(payment["id"], Decimal("250.5"), "SAR")]
    assert seen(database) == ["e1", "e2"]


def test_an_event_whose_booking_fails_is_not_noted(database, deliver):
    """So it is booked when it comes again. Here Lean sent no amount."""
    sample = sample_event("payment.created")
    del sample["payload"]["amount"]
    assert deliver(book_once, sample) == 500
    assert seen(database) == []


def test_only_money_that_the_bank_accepted_is_booked(database, deliver):
    sample = sample_event("payment.created")
    for event_id, status in (("e1", "PENDING_WITH_BANK"), ("e2", "FAILED")):
        deliver(
            book_once,
            sample | {"event_id": event_id, "payload": sample["payload"] | {"status": status}},
        )
    assert bookings(database) == []


@pytest.mark.skipif(redis.VERSION < (6, 1), reason="Celery's transport takes newer versions only")
def test_celery_books_a_payment_once(database, deliver, redis_server, monkeypatch):
    monkeypatch.setenv("CELERY_BROKER_URL", redis_server.url)
    queue = Redis.from_url(redis_server.url)
    sample = sample_event("payment.updated")
    for _ in range(2):  # an event may be delivered twice
        deliver(celery_events, sample)
    deliver(celery_events, sample_event("payment.created"))
    options = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    with worker("celery", "-A", "celery_events", "worker", "--pool", "solo", *options):
        until(lambda: len(seen(database)) == 2)
        until(lambda: not queue.llen("celery") and not queue.hlen("unacked"))
    assert len(bookings(database)) == 2


def test_rq_books_a_payment_once(database, deliver, redis_server, monkeypatch):
    monkeypatch.setattr(rq_events.queue, "connection", Redis.from_url(redis_server.url))
    sample = sample_event("payment.updated")
    for _ in range(2):
        deliver(rq_events, sample)
    deliver(rq_events, sample_event("payment.created"))
    with worker("rq.cli", "worker", "--burst", "--url", redis_server.url) as process:
        process.wait(60)
    assert len(bookings(database)) == 2
    assert len(seen(database)) == 2


def test_an_event_that_cannot_be_enqueued_comes_again(deliver, redis_server, monkeypatch):
    monkeypatch.setattr(rq_events.queue, "connection", Redis.from_url(redis_server.url))
    redis_server.stop()
    assert deliver(rq_events, sample_event("payment.created")) == 500


@pytest.mark.parametrize("example", ["book_once.py", "celery_events.py", "rq_events.py"])
def test_the_documents_show_the_examples_as_they_are(example):
    shown = [block.code for block in blocks_of("docs/events.md") if block.file == example]
    assert shown == [(ROOT / "examples" / example).read_text("utf-8")]
