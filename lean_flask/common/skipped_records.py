"""Log lines about records that are left out: the first few, then a count."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_MOST = 10  # lines; what sends more of them wants to fill a disk


@contextmanager
def left_out(log: logging.Logger, says: str) -> Iterator[Callable[[object, object], None]]:
    """Gives the function that notes which record was left out, and why."""
    noted = 0

    def note(which: object, why: object) -> None:
        nonlocal noted
        noted += 1
        if noted <= _MOST:
            log.warning("%s %s: %s", says, which, why)

    yield note
    if noted > _MOST:
        log.warning("%s: and %d more", says, noted - _MOST)
