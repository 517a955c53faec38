"""Log lines about skipped records: the first ten, then a count."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

Skip: TypeAlias = Callable[[object, object], None]

_MAX_LINES = 10  # per list, so that a hostile list cannot fill the disk with log lines


@contextmanager
def skipped_records(log: logging.Logger, message: str) -> Iterator[Skip]:
    """Yield a function ``skip(record, reason)`` that logs a skipped record as a warning.

    :param message: what each line begins with, such as ``Skipped bank``.
    """
    count = 0

    def skip(record: object, reason: object) -> None:
        nonlocal count
        count += 1
        if count <= _MAX_LINES:
            log.warning("%s %s: %s", message, record, reason)

    yield skip
    if count > _MAX_LINES:
        log.warning("%s: and %d more", message, count - _MAX_LINES)
