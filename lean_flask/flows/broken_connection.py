"""What an answer of Lean's Data API says of a connection that does not work any more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from ..errors import UpstreamError

#: The method of the SDK that repairs the connection. ``reconnect`` is for banks that ask for
#: credentials; elsewhere the customer connects again at the same bank.
Cure: TypeAlias = Literal["reconnect", "connect"]

_CURES: Final[Mapping[str, Cure]] = {
    "RECONNECT_REQUIRED": "reconnect",
    "CONSENT_EXPIRED": "connect",
}
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class BrokenConnection:
    """How to repair a connection.

    :param cure: ``reconnect`` or ``connect``.
    :param reconnect_id: for ``reconnect``, where Lean said it. It is valid for 30 days; the next
        call of the Data API gives another one.
    """

    cure: Cure
    reconnect_id: str | None = None


def broken_connection(answer: object) -> BrokenConnection | None:
    """Return how to repair the connection that *answer* is about; ``None`` if it is not broken.

    :param answer: of the Data API as ``lean.client.request`` returns it, or the error that it
        raised. Anything else is no broken connection.
    """
    if isinstance(answer, UpstreamError):
        answer = {"status": answer.code}
    if not isinstance(answer, Mapping):
        return None
    statuses = {text for key in ("status", "data_status") for text in _texts(answer.get(key))}
    cure = next((cure for status, cure in _CURES.items() if status in statuses), None)
    if cure is None:
        return None
    return BrokenConnection(cure, _reconnect_id(answer) if cure == "reconnect" else None)


def _texts(value: Any) -> Iterator[str]:
    """Yield all texts in *value*: ``data_status`` is one text, or an object by kind of data."""
    left = [value]
    while left:
        part = left.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, Mapping):
            left += part.values()
        elif isinstance(part, list | tuple):
            left += part


def _reconnect_id(answer: Mapping[str, Any]) -> str | None:
    """Return the id, which each version of the Data API has in another place."""
    payload = answer.get("payload")
    inner = payload.get("reconnect_id") if isinstance(payload, Mapping) else None
    named = (inner, answer.get("reconnect_id"), answer.get("results_id"))
    return next((id for id in named if isinstance(id, str) and _UUID.fullmatch(id)), None)
