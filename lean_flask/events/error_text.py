"""Where an error of a receiver came from, without what it says: that may be customer data."""

from __future__ import annotations

import traceback
from collections.abc import Iterator

MAX_FRAMES = 15  # of each error, the innermost
MAX_LENGTH = 8_000  # characters


def describe_error(error: BaseException) -> str:
    """Return the types of *error* and its causes, each with the frames that it passed.

    No message, note, argument or local variable is in it.
    """
    return "\n".join(_lines(error, set()))[:MAX_LENGTH]


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    if id(error) in seen:
        return
    seen.add(id(error))
    yield _type_name(error)
    for frame, line in list(traceback.walk_tb(error.__traceback__))[-MAX_FRAMES:]:
        code = frame.f_code
        yield f"  {code.co_filename}:{line} in {code.co_qualname}"
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for part in parts:
        yield "with"
        yield from _lines(part, seen)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield "caused by"
        yield from _lines(cause, seen)


def _type_name(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else _full_name(kind)


def _full_name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
