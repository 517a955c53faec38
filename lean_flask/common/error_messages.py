"""Messages for values that a schema refused: which field, what it got, what it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError


class Reason(str):
    """Why a value was refused, where that says more than what its field takes."""

    __slots__ = ()


def explain(
    error: ValidationError,
    schema: Schema,
    given: Mapping[str, Any],
    shown_as: Callable[[str], str] = str,
) -> dict[str, str]:
    """One sentence per refused field.

    A field's metadata holds ``takes``, the words for what is allowed, and ``secret`` where the
    value must not be repeated.
    """
    sentences = {}
    for name, problems in error.messages_dict.items():
        field = schema.fields.get(name)
        if field is None:
            sentences[name] = f"{shown_as(name)}: {_first_problem(problems)}"
            continue
        if name not in given:
            got = "is missing"
        elif field.metadata.get("secret"):
            kind = "str" if isinstance(given[name], str) else type(given[name]).__name__
            got = f"got a value of type {kind} that cannot be it"
        else:
            got = f"got {given[name]!r:.200}"
        own = isinstance(problems, dict) or isinstance(problems[0], Reason)
        detail = f" ({_first_problem(problems)})" if own else ""
        sentences[name] = f"{shown_as(name)} {got}{detail}; it takes {field.metadata['takes']}"
    return sentences


def _first_problem(problems: Any, path: str = "") -> str:
    if isinstance(problems, dict):
        key, inner = next(iter(problems.items()))
        return _first_problem(inner, f"{path}.{key}" if path else str(key))
    problem = str(problems[0])
    return f"{path}: {problem}" if path else problem
