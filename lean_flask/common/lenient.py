"""Load a JSON object that is wrong in parts: what is wrong is repaired or left out by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, Final

from marshmallow import Schema, ValidationError

#: Return the value in the schema's own form, or ``None`` when it has none.
Repair = Callable[[Any], Any]

_ROUNDS: Final = 3  # a value, then the entry that cannot be without it, then the whole field
_GONE: Final = object()


def load_leniently(
    schema: Schema,
    record: Any,
    *,
    strict: frozenset[str] = frozenset(),
    repairs: Mapping[str, Repair] | None = None,
) -> tuple[Any, list[str]]:
    """Return what *schema* loads from *record*, and the names of the fields with something wrong.

    :param strict: fields that are never left out.
    :param repairs: by field.
    :raises ValidationError: when *record* is no object, or a strict field is wrong.
    """
    wrong: dict[str, None] = {}
    for attempt in count():
        try:
            return schema.load(record), list(wrong)
        except ValidationError as error:
            problems: dict[Any, Any] = error.messages_dict
            mendable = isinstance(record, Mapping) and problems.keys() <= record.keys() - strict
            if not mendable or attempt == _ROUNDS:
                raise
            wrong |= dict.fromkeys(problems)
            record = _mended(
                record, problems, {} if attempt else repairs or {}, attempt < _ROUNDS - 1
            )
    raise AssertionError  # pragma: no cover


def _mended(
    record: Mapping[str, Any],
    problems: Mapping[str, Any],
    repairs: Mapping[str, Repair],
    in_parts: bool,
) -> dict[str, Any]:
    mended = dict(record)
    for name, problem in problems.items():
        value = mended.pop(name)
        repaired = repairs[name](value) if name in repairs else None
        if repaired is not None:
            mended[name] = repaired
        elif in_parts and (rest := _without(value, problem)) is not _GONE:
            mended[name] = rest
    return mended


def _without(value: Any, problems: Any) -> Any:
    """Return *value* without the parts that *problems* names; ``_GONE`` where that is all of it."""
    if not isinstance(problems, Mapping):
        return _GONE
    if isinstance(value, Mapping):
        parts: Any = value
    elif isinstance(value, list):
        parts = dict(enumerate(value))
    else:
        return _GONE
    if not problems.keys() <= parts.keys():  # something is missing, or it is no such thing at all
        return _GONE
    rest = {
        key: left
        for key, part in parts.items()
        if (left := _without(part, problems[key]) if key in problems else part) is not _GONE
    }
    return list(rest.values()) if isinstance(value, list) else rest
