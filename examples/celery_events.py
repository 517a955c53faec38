# celery_events.py
"""Hands Lean's events to Celery. CELERY_BROKER_URL names the broker."""

from typing import Any

from book_once import book
from celery import Celery

from lean_flask import Event, LeanBlueprint, PaymentPayload

celery = Celery("shop")
celery.conf.update(
    task_acks_late=True,  # a task whose worker dies is given to another one
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
)


@celery.task(autoretry_for=(Exception,), retry_backoff=True, max_retries=10)
def book_payment(event_id: str, payload: dict[str, Any]) -> None:
    book(event_id, PaymentPayload.load(payload))


def receive(lean: LeanBlueprint) -> None:
    """Enqueue what Lean tells about payments. Where that fails, lean-flask tries again."""

    @lean.on("payment.created", "payment.updated")
    def enqueue(event: Event[PaymentPayload]) -> None:
        book_payment.delay(event.event_id, dict(event.payload.raw))
