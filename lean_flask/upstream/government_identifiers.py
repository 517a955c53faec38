"""Government identifiers of customers, which long-lived consents need in the UAE."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from ..common.error_messages import DetailedError
from ..common.secret import Secret
from ..errors import FlowError

_TYPE = re.compile(r"[A-Z][A-Z0-9_]{0,63}", re.ASCII)
_MAX_LENGTH = 100  # characters
_TAKES = "a mapping with type, such as 'EMIRATES_ID', and value, a text"


def government_identifier_body(identifier: object) -> dict[str, str]:
    """Return *identifier* as Lean takes it.

    :raises FlowError: for what is none. The message does not repeat it.
    """
    try:
        return GovernmentIdentifier().deserialize(identifier)
    except ValidationError as error:
        words = f"government_identifier {error.messages[0]}; it takes {_TAKES}"
        raise FlowError(words, {"government_identifier": words}) from None


class GovernmentIdentifier(fields.Field[dict[str, str]]):
    """A government identifier, loaded as Lean takes it. Messages do not repeat it."""

    def __init__(self) -> None:
        super().__init__(metadata={"takes": _TAKES, "secret": True})

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, str]:
        problem = _problem_with(value)
        if problem:
            raise ValidationError(DetailedError(problem))
        return {"type": value["type"], "value": Secret(value["value"])}


def _problem_with(identifier: Any) -> str | None:
    if not isinstance(identifier, Mapping):
        return f"is of type {type(identifier).__name__}"
    if set(identifier) != {"type", "value"}:
        return "has other names than type and value"
    if not isinstance(identifier["type"], str) or not _TYPE.fullmatch(identifier["type"]):
        return "has a type that cannot be it"
    return None if _is_text(identifier["value"]) else "has a value that cannot be it"


def _is_text(value: Any) -> bool:
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_LENGTH:
        return False
    return value.isprintable()  # which half of a surrogate pair is not
