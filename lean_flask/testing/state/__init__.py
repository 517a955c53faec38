"""What the stand-in knows, all of it public and changeable by a test."""

from __future__ import annotations

from .consent_payments import ConsentPaymentState
from .entities import EntityState
from .intents import IntentState


class LeanState(EntityState, IntentState, ConsentPaymentState):
    """Lean's data: credentials, banks, customers, and what these have linked and paid."""
