"""Blinker signals. Each is sent with the Flask app as sender and the keywords listed here.

A receiver that raises never breaks a customer's page: the error is logged, and the other receivers
are called. Only an error of ``webhook_received`` counts: the event is delivered again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from blinker import NamedSignal, Namespace
from flask import current_app

from .common.callables import full_name_of, is_async, name_of
from .common.logs import get_logger

log = get_logger(__name__)

_signals = Namespace()

#: A list was fetched from Lean. ``account_type: str``, ``banks: tuple[Bank, ...]``.
banks_refreshed = _signals.signal("lean-banks-refreshed")

#: A webhook changed a bank's availability. ``identifier: str``, ``availability: Availability``.
availability_changed = _signals.signal("lean-availability-changed")

#: The picker was shown. ``flow: Flow``, ``language: str``.
picker_viewed = _signals.signal("lean-picker-viewed")

#: The picker had no list to show, since Lean gave none. ``flow: Flow``.
list_missing = _signals.signal("lean-list-missing")

#: A search found no bank. ``flow: Flow``, ``query: str | None``, which is ``None`` unless
#: ``LEAN_REPORT_QUERIES`` is on.
search_empty = _signals.signal("lean-search-empty")

#: A customer wanted a bank that cannot be used now. ``flow: Flow``,
#: ``bank_identifier: str | None``, ``reason: str``.
bank_unavailable = _signals.signal("lean-bank-unavailable")

#: Lean's loader did not load in the customer's browser. ``flow: Flow``.
loader_blocked = _signals.signal("lean-loader-blocked")

#: A customer chose. ``flow: Flow``, ``bank: Bank | None``, ``account_id: str | None``.
bank_selected = _signals.signal("lean-bank-selected")

#: A config was handed to the browser. ``flow: Flow``, ``bank: Bank | None``.
flow_launched = _signals.signal("lean-flow-launched")

#: The SDK closed. ``flow: Flow``, ``data: CallbackData``. A hint: the webhook is the truth.
flow_closed = _signals.signal("lean-flow-closed")

#: It became known what became of a flow. ``flow_id: str``, ``outcome: Outcome``. Once per change of
#: its status, the SDK's status or an id, whoever brought the news: the page or a webhook.
outcome_changed = _signals.signal("lean-outcome-changed")

#: An event says that a connection does not work any more. ``entity: Entity``, as far as the event
#: tells of it; ``cure: str``, ``connect`` or ``reconnect``. Once per event.
connection_broken = _signals.signal("lean-connection-broken")

#: A webhook with a valid signature is delivered. ``event: WebhookEvent``.
webhook_received = _signals.signal("lean-webhook-received")


def send(signal: NamedSignal, **values: Any) -> None:
    """Send *signal* with the current app as its sender and *values* as its keywords."""
    sender = current_app._get_current_object()  # type: ignore[attr-defined]
    if not signal.is_muted:
        for receiver in signal.receivers_for(sender):
            _call(signal.name, receiver, sender, values)


def webhook_receivers(sender: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield name and function of each receiver of ``webhook_received``.

    Each is called as ``receiver(sender, event=event)``. An async one raises TypeError when it is
    called: its event must not be taken for delivered.
    """
    if webhook_received.is_muted:
        return
    for receiver in webhook_received.receivers_for(sender):
        name = f"signal {full_name_of(receiver)}"
        if is_async(receiver):
            _warn_of_async_receiver(webhook_received.name, name_of(receiver))
            yield name, _refuse
        else:
            yield name, receiver


def _refuse(sender: Any, **values: Any) -> None:
    raise TypeError("An async receiver is not called: use def")


def _call(name: str, receiver: Callable[..., Any], sender: Any, values: dict[str, Any]) -> None:
    if is_async(receiver):
        _warn_of_async_receiver(name, name_of(receiver))
        return
    try:
        receiver(sender, **values)
    except Exception:
        log.exception("A receiver of the signal %s raised an error; the request goes on", name)


@lru_cache(maxsize=64)
def _warn_of_async_receiver(name: str, receiver: str) -> None:
    """Log once per receiver that it is never called."""
    log.error(
        "The receiver %s of the signal %s is async, so it is not called: use def", receiver, name
    )
