"""The id of the request that is being answered, for log lines."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

#: What a proxy may have put into ``X-Request-ID``: nothing that a log or its reader acts on.
_HARMLESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:=+/-]{0,127}", re.ASCII)


class RequestId:
    """The id of one request: *given* if it is harmless, else one that is made for its first line.

    :param given: the header ``X-Request-ID``, which anybody may send.
    """

    __slots__ = ("_kept",)

    def __init__(self, given: str | None) -> None:
        is_harmless = given is not None and _HARMLESS.fullmatch(given)
        self._kept = {"id": given} if given and is_harmless else {}

    def __str__(self) -> str:
        """Return it as text, the same in all threads that work for the request."""
        return self._kept.get("id") or self._kept.setdefault("id", secrets.token_hex(16))


current_request_id: ContextVar[RequestId | None] = ContextVar("lean_flask_request_id", default=None)
