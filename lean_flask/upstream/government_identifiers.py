"""Government identifiers of customers, which long-lived consents need in the UAE."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..common.secret import Secret
from ..errors import FlowError

_TYPE = re.compile(r"[A-Z][A-Z0-9_]{0,63}", re.ASCII)
_MAX_LENGTH = 100  # characters
_TAKES = "a mapping with type, such as 'EMIRATES_ID', and value, a text"


def government_identifier_body(identifier: object) -> dict[str, str]:
    """Return *identifier* as Lean takes it.

    :raises FlowError: for what is none. The message does not repeat it.
    """
    if not isinstance(identifier, Mapping):
        raise _error(f"is of type {type(identifier).__name__}")
    if set(identifier) != {"type", "value"}:
        raise _error("has other names than type and value")
    kind, value = identifier["type"], identifier["value"]
    if not isinstance(kind, str) or not _TYPE.fullmatch(kind):
        raise _error("has a type that cannot be it")
    if not _is_text(value):
        raise _error("has a value that cannot be it")
    return {"type": kind, "value": Secret(value)}


def _is_text(value: Any) -> bool:
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_LENGTH:
        return False
    return value.isprintable()  # which half of a surrogate pair is not


def _error(problem: str) -> FlowError:
    words = f"government_identifier {problem}; it takes {_TAKES}"
    return FlowError(words, {"government_identifier": words})
