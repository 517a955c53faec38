"""Request headers that are parsed, which a stranger may make as long as the server lets through."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: No browser or cache sends more; a longer header counts as absent. It bounds what parsing costs,
#: and, as results are cached by header, what those caches hold.
MAX_HEADER_LENGTH = 1_000


def parsed_header(environ: WSGIEnvironment, name: str) -> str | None:
    """Return the request header *name*, such as ``Accept-Language``, unless it is too long."""
    value: str | None = environ.get(f"HTTP_{name.upper().replace('-', '_')}")
    return value if value is None or len(value) <= MAX_HEADER_LENGTH else None
