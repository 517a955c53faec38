"""Loggers whose records have the request's id, and the fields that records have beside it.

The filter is on our own loggers. A record factory, or a filter on a handler, would be the host's.
"""

from __future__ import annotations

import logging
from typing import Any

from ..errors import UpstreamError
from .request_id import current_request_id

#: Before the name of each field, so that none is a name that the host's own records have.
PREFIX = "lean_"
#: The fields that our records may have, by their names without the prefix.
FIELDS = (
    "account_type",
    "attempt",
    "bank",
    "code",
    "correlation_id",
    "endpoint",
    "event",
    "event_type",
    "flow",
    "method",
    "operation",
    "reason",
    "seconds",
    "status",
)
NO_REQUEST = "-"
MAX_LENGTH = 200  # characters of a field


class _RequestFilter(logging.Filter):
    """Give each record the id of its request, unless something of the host has done so."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "request_id"):
            record.request_id = str(current_request_id.get() or NO_REQUEST)
        return True


_filter = _RequestFilter()


def get_logger(name: str) -> logging.Logger:
    """Return the logger *name*, one of ours, whose records have a ``request_id``."""
    logger = logging.getLogger(name)
    logger.addFilter(_filter)
    return logger


def log_fields(error: UpstreamError | None = None, **values: Any) -> dict[str, Any]:
    """Return the ``extra`` of a log call: the fields that are known.

    :param error: adds which operation failed, and what Lean said about it.
    :param values: by their names in :data:`FIELDS`; ``None`` is left out.
    """
    if error is not None:
        values = {**_of_error(error), **values}
    return {PREFIX + name: _cut(value) for name, value in values.items() if value is not None}


def _cut(value: Any) -> Any:
    return value[:MAX_LENGTH] if isinstance(value, str) else value


def _of_error(error: UpstreamError) -> dict[str, Any]:
    return {
        "operation": error.call and error.call.partition(",")[0],
        "status": error.status,
        "code": error.code,
        "correlation_id": error.correlation_id,
    }
