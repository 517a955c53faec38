"""What can be said of a function of the host before it is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any


def is_async(function: Callable[..., Any]) -> bool:
    """Return whether calling *function* would only make a coroutine that nobody awaits."""
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(
        getattr(function, "__call__", None)  # noqa: B004
    )


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
