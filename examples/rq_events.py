# rq_events.py
"""Hands Lean's events to RQ. RQ_REDIS_URL names the Redis."""

import os
from typing import Any

from book_once import book
from redis import Redis
from rq import Queue, Retry

from lean_flask import Event, LeanBlueprint, PaymentPayload

queue = Queue(connection=Redis.from_url(os.environ.get("RQ_REDIS_URL", "redis://localhost:6379")))


def book_payment(event_id: str, payload: dict[str, Any]) -> None:
    book(event_id, PaymentPayload.load(payload))


def receive(lean: LeanBlueprint) -> None:
    """Enqueue what Lean tells about payments. Where that fails, lean-flask tries again."""

    @lean.on("payment.created", "payment.updated")
    def enqueue(event: Event[PaymentPayload]) -> None:
        queue.enqueue(
            book_payment,
            event.event_id,
            dict(event.payload.raw),
            retry=Retry(max=5, interval=[10, 60, 300, 900, 3600]),
            failure_ttl=7 * 24 * 3600,  # seconds; RQ keeps the payload, by default for a year
        )
