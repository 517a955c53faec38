"""Blinker signals. Each is sent with the Flask app as sender and the keywords listed here."""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

#: A list was fetched from Lean. ``account_type: str``, ``banks: tuple[Bank, ...]``.
banks_refreshed = _signals.signal("lean-banks-refreshed")

#: A webhook changed a bank's availability. ``identifier: str``, ``availability: Availability``.
availability_changed = _signals.signal("lean-availability-changed")

#: A customer chose. ``flow: Flow``, ``bank: Bank | None``, ``account_id: str | None``.
bank_selected = _signals.signal("lean-bank-selected")

#: A config was handed to the browser. ``flow: Flow``, ``bank: Bank | None``.
flow_launched = _signals.signal("lean-flow-launched")

#: The SDK closed. ``flow: Flow``, ``data: CallbackData``. A hint: the webhook is the truth.
flow_closed = _signals.signal("lean-flow-closed")

#: A webhook with a valid signature arrived. ``event: WebhookEvent``.
webhook_received = _signals.signal("lean-webhook-received")
