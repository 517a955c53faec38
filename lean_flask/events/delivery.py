"""One attempt to deliver an event to every receiver that has not had it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from ..banks.stores.base import StoreError
from ..common.logs import get_logger, log_fields
from ..common.metric_table import DELIVERIES, EVENT_SECONDS
from ..common.metrics import NO_METRICS, Metrics
from ..common.tracing import Attributes, span
from ..upstream.webhook import WebhookEvent, parse_event
from .calls import Call
from .error_text import describe_error
from .inbox import Claim, Inbox
from .retry import next_attempt
from .sealed import SealError

log = get_logger(__name__)

Errors = tuple[type[BaseException], ...]


@dataclass(frozen=True, slots=True)
class DeliveryTools:
    """What each delivery needs.

    :param open_body: decrypts.
    :param calls_for: returns what to call for an event, by the name of the receiver.
    :param app_context: makes the context in which one receiver is called.
    :param clock: seconds since the epoch.
    :param random: from 0 to 1.
    :param metrics: counts attempts.
    """

    inbox: Inbox
    open_body: Callable[[bytes], bytes]
    calls_for: Callable[[WebhookEvent], Mapping[str, list[Call]]]
    app_context: Callable[[], AbstractContextManager[Any]]
    clock: Callable[[], float]
    random: Callable[[], float]
    metrics: Metrics = NO_METRICS


class Delivery:
    """The attempt that *claim* allows.

    :ivar receiver: the name of the one that is called now.
    """

    def __init__(self, tools: DeliveryTools, claim: Claim) -> None:
        self._tools = tools
        self.claim = claim
        self.receiver = "no receiver yet"
        self._received = claim.event.received_by
        self._errors: list[str] = []
        self._lock = threading.Lock()
        self._is_settled = False

    def run(self, errors: Errors = (Exception,)) -> bool:
        """Call the receivers, and note the outcome; return whether all of them have had the event.

        All are called, also after one that raises. An error that is none of *errors*, such as
        SystemExit, gives the claim back and goes up: the process ends.

        :param errors: what counts as a failure of a receiver.
        :raises StoreError: when the outcome cannot be noted; :meth:`settle` tries it again.
        """
        try:
            with span("lean_flask deliver", "consumer", self._attributes()):
                self._call_receivers(errors)
        except BaseException:
            self.release()
            raise
        self.settle()
        return not self._errors

    def settle(self) -> None:
        """Note the outcome, once.

        :raises StoreError: when the store fails.
        """
        with self._lock:
            if not self._is_settled:
                self._settle()
                self._is_settled = True

    def abandon(self, seconds: float) -> None:
        """Count the attempt as failed, since the receiver has not returned for *seconds*.

        :raises StoreError: when the store fails.
        """
        with self._lock:
            if not self._is_settled:
                self._errors.append(f"{self.receiver}: it did not return within {seconds:.0f} s")
                self._settle()
                self._is_settled = True

    def release(self) -> None:
        """Give the claim back, unless the outcome is noted. A claim that is lost ends by itself."""
        with self._lock:
            if not self._is_settled:
                self._is_settled = True
                try:
                    self._tools.inbox.release(self.claim)
                except StoreError as error:
                    log.info("The claim of a webhook could not be given back: %s", error)

    def _call_receivers(self, errors: Errors) -> None:
        try:
            calls = self._remaining()
        except SealError as error:
            self._errors.append(str(error))
            return
        except errors as error:
            self._errors.append(describe_error(error))
            return
        for name, functions in calls:
            if self._is_settled:  # given up meanwhile: another attempt calls the others
                return
            self.receiver = name
            failures = [self._failure_of(call, errors) for call in functions]
            if any(failures):
                self._errors += [f"{name}: {failure}" for failure in failures if failure]
            else:
                self._received += (name,)

    def _attributes(self) -> Attributes:
        event = self.claim.event
        return {"lean_flask.event_type": event.type, "lean_flask.attempt": event.attempts}

    def _remaining(self) -> list[tuple[str, list[Call]]]:
        """Return who has not had the event.

        Each attempt begins with another one, so that a receiver that never returns does not keep
        the event from those behind it.
        """
        event = self.claim.event
        webhook = parse_event(self._tools.open_body(event.body or b""))
        calls = self._tools.calls_for(webhook)
        left = [item for item in calls.items() if item[0] not in event.received_by]
        first = (event.attempts - 1) % len(left) if left else 0
        return left[first:] + left[:first]

    def _failure_of(self, call: Call, errors: Errors) -> str | None:
        try:
            with self._tools.app_context():
                call()
        except errors as error:
            return describe_error(error)
        return None

    def _settle(self) -> None:
        event, now, metrics = self.claim.event, self._tools.clock(), self._tools.metrics
        extra = log_fields(event=event.id, event_type=event.type, attempt=event.attempts)
        if not self._errors:
            self._tools.inbox.deliver(self.claim, now, self._received)
            metrics.count(DELIVERIES, "delivered")
            metrics.observe(EVENT_SECONDS, now - event.received_at)
            log.info("Delivered the webhook %.200a (%.200a)", event.id, event.type, extra=extra)
            return
        text = "\n".join(self._errors)
        due_at = next_attempt(event, now, self._tools.random)
        if due_at is None:
            self._tools.inbox.bury(self.claim, now, self._received, text)
            metrics.count(DELIVERIES, "dead")
            log.error(
                "Gave up the webhook %.200a (%.200a) after %d attempts: %s",
                event.id,
                event.type,
                event.attempts,
                text,
                extra=extra,
            )
        else:
            self._tools.inbox.postpone(self.claim, due_at, self._received, text)
            metrics.count(DELIVERIES, "failed")
            log.error(
                "Delivering the webhook %.200a (%.200a) failed, attempt %d, next try in %.0f s: %s",
                event.id,
                event.type,
                event.attempts,
                due_at - now,
                text,
                extra=extra | log_fields(seconds=due_at - now),
            )
