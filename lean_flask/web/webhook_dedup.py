"""Handles each webhook event once, in whichever process it arrives."""

from __future__ import annotations

import secrets

from ..banks.stores.scoped import ScopedStore, digest

#: Lean repeats an event for three hours.
DEDUP_WINDOW = 2 * 86_400  # seconds


def claim_event(store: ScopedStore, event_id: str) -> bool:
    """Return whether *event_id* is new, and remember it for the window."""
    claim = secrets.token_bytes(8)
    return store.update(_key(event_id), lambda old, _: old or claim, DEDUP_WINDOW) == claim


def release_event(store: ScopedStore, event_id: str) -> None:
    """Forget *event_id* after handling it failed, so that Lean's retry is handled."""
    store.update(_key(event_id), lambda *_: None)


def _key(event_id: str) -> str:
    return f"event:{digest(event_id)}"
