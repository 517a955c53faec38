"""What can be said of a function of the host before it is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from types import NoneType
from typing import Any

from werkzeug.exceptions import HTTPException


def require_function(value: Any, registers: str) -> None:
    """Refuse a *value* that would never run when it is called.

    :param registers: what registers functions, for the error.
    :raises TypeError: for no function, an async one, or a generator's.
    """
    if not callable(value):
        raise TypeError(f"{registers} registers functions, and got a {type(value).__name__}")
    name = full_name_of(value)
    if is_async(value):
        raise TypeError(f"The function {name} is async, and would never run: use def")
    if is_generator(value):
        raise TypeError(f"The function {name} has a yield, and would never run")


def ask(function: Callable[[], Any], failed: Callable[[str], Exception]) -> Any:
    """Return what a *function* of the host says of the current request; ``None`` of a proxy, too.

    :param failed: makes the error for one that raised, from what is said of it.
    :raises HTTPException: as the function aborts.
    """
    try:
        answer = function()
    except HTTPException:
        raise
    except Exception as error:
        said = f"{full_name_of(function)} raised {type(error).__name__}"
        raise failed(said) from error
    return None if isinstance(answer, NoneType) else answer  # also of werkzeug.local


def is_async(function: Callable[..., Any]) -> bool:
    """Return whether calling *function* would only make something that nobody awaits."""
    return _is(inspect.iscoroutinefunction, function) or _is(inspect.isasyncgenfunction, function)


def is_generator(function: Callable[..., Any]) -> bool:
    """Return whether calling *function* would only make an iterator that nobody reads."""
    return _is(inspect.isgeneratorfunction, function)


def _is(kind: Callable[[Any], bool], function: Callable[..., Any]) -> bool:
    return kind(function) or kind(getattr(function, "__call__", None))  # noqa: B004


def name_of(function: Callable[..., Any]) -> str:
    """Return the name without arguments of a ``partial``, which may be secret."""
    return str(_named(function).__qualname__)


def full_name_of(function: Callable[..., Any]) -> str:
    """Return the name with that of the module."""
    named = _named(function)
    return f"{named.__module__}.{named.__qualname__}"


def _named(function: Any) -> Any:
    while isinstance(function, partial):
        function = function.func
    return function if hasattr(function, "__qualname__") else type(function)
