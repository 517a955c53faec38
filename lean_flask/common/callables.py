"""What can be said of a function of the host before it is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any


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
