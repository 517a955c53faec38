"""How long the current request has waited for the store."""

from __future__ import annotations

from contextvars import ContextVar

_spent: ContextVar[float | None] = ContextVar("lean_flask_store_seconds", default=None)


def begin_request() -> None:
    """Count anew: a request begins in this thread."""
    _spent.set(0.0)


def spend(seconds: float) -> float:
    """Add *seconds* of waiting, and return the sum of this request, or of this operation alone.

    Threads without a request, in the background, have no sum: nobody waits for it.
    """
    before = _spent.get()
    if before is None:
        return seconds
    _spent.set(before + seconds)
    return before + seconds
