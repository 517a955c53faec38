"""Error messages for values that a schema refused: which field, what it got, what it takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError
from marshmallow.exceptions import SCHEMA

from .secret import Hidden


class DetailedError(str):
    """A validation message to show beside what the field takes; plain messages are left out."""

    __slots__ = ()


def describe_errors(
    error: ValidationError,
    schema: Schema,
    given: Mapping[str, Any],
    label: Callable[[str], str] = str,
) -> dict[str, str]:
    """Return one sentence per refused field, by field name.

    A field's metadata holds ``takes``, the words for what is allowed, and ``secret`` where the
    value must not be repeated.

    :param given: the values that the schema got.
    :param label: turns a field's name into the name that the developer knows.
    """
    sentences = {}
    for name, problems in error.messages_dict.items():
        field = schema.fields.get(name)
        if field is None:
            sentences[name] = f"{label(name)}: {_first_problem(problems)}"
            continue
        if name not in given:
            got = "is missing"
        elif isinstance(given[name], str) and not given[name]:
            got = "is empty"
        elif field.metadata.get("secret"):
            value = given[name]
            value = value.value if isinstance(value, Hidden) else value
            kind = "str" if isinstance(value, str) else type(value).__name__
            got = f"got a value of type {kind} that cannot be it"
            if kind in {"int", "float", "bool"}:
                got += " (in an environment variable, quote digits as JSON: '\"123\"')"
        else:
            got = f"got {_shown(given[name])}"
        is_detailed = isinstance(problems, dict) or isinstance(problems[0], DetailedError)
        detail = f" ({_first_problem(problems)})" if is_detailed else ""
        takes = field.metadata.get("takes")
        words = f"{detail}; it takes {takes}" if takes else f": {_first_problem(problems)}"
        sentences[name] = f"{label(name)} {got}{words}"
    return sentences


def _shown(value: Any) -> str:
    """Return the beginning of *value*'s repr; some have none, such as an int of 5,000 digits."""
    if isinstance(value, str) and re.search("://.*@", value, re.DOTALL):
        return "a URL that may hold a password"
    try:
        return f"{value!r:.200}"
    except Exception:
        return f"a value of type {type(value).__name__}"


def _first_problem(problems: Any, path: str = "") -> str:
    if isinstance(problems, dict):
        key, inner = next(iter(problems.items()))
        if key == SCHEMA:  # about all of it
            return _first_problem(inner, path)
        return _first_problem(inner, f"{path}.{key}" if path else str(key))
    problem = str(problems[0])
    return f"{path}: {problem}" if path else problem
