"""An event as a row of a database's table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from .inbox import KeptEvent

#: The fields of ``KeptEvent``, without the body.
COLUMNS = (
    "id, type, subject, state, received, waiting_since, due, attempts, ended, received_by, error"
)


def event_of(row: Sequence[Any]) -> KeptEvent:
    """Return the event of :data:`COLUMNS` and the body."""
    *fields, received_by, error, body = row
    id, type, subject, state, received_at, waiting_since, due_at, attempts, ended_at = fields
    return KeptEvent(
        id=id,
        type=type,
        subject=subject,
        state=state,
        received_at=received_at,
        waiting_since=waiting_since,
        due_at=due_at,
        attempts=attempts,
        ended_at=ended_at,
        received_by=tuple(json.loads(received_by)),
        error=error,
        body=body,
    )
