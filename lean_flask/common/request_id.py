"""The id of the request that is being answered, for log lines."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

#: What a proxy may have put into ``X-Request-ID``: nothing that a log or its reader acts on.
_HARMLESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:=+/-]{0,127}", re.ASCII)

current_request_id: ContextVar[str | None] = ContextVar("lean_flask_request_id", default=None)


def new_request_id(given: str | None) -> str:
    """Return the id of a request that begins: *given* if it is harmless, else one that is made.

    :param given: the header ``X-Request-ID``, which anybody may send.
    """
    is_harmless = given is not None and _HARMLESS.fullmatch(given)
    return given if given and is_harmless else secrets.token_hex(16)
