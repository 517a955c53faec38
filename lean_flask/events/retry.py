"""When an event that failed is tried again."""

from __future__ import annotations

from collections.abc import Callable

from .inbox import KeptEvent

FIRST_DELAY = 5.0  # seconds; each one is twice as long as the one before
MAX_DELAY = 3600.0  # seconds
GIVE_UP_AFTER = 86_400.0  # seconds


def next_attempt(event: KeptEvent, now: float, random: Callable[[], float]) -> float | None:
    """Return when *event*, whose attempt has failed, is due; ``None`` to give it up.

    :param now: seconds since the epoch.
    :param random: from 0 to 1. Events that failed together must not all come back together.
    """
    if now - event.waiting_since >= GIVE_UP_AFTER:
        return None
    doubled = FIRST_DELAY * 2.0 ** min(event.attempts - 1, 20)
    return now + min(doubled, MAX_DELAY) * (0.5 + random() / 2)
