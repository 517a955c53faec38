"""Who may see the operations page, by the function registered with ``@lean.operator``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from .callables import ask, full_name_of, require_function
from .text import sanitize_text

Function = TypeVar("Function", bound=Callable[[], Any])

#: What operators are called whose function says no more than ``True``.
UNNAMED = "operations page"
MAX_NAME_LENGTH = 100  # characters


class OperatorFailed(Exception):
    """The host's function raised, or returned neither a bool nor a name."""


class Operators:
    """The function of one blueprint that says whether a request is of an operator."""

    def __init__(self) -> None:
        self._function: Callable[[], Any] | None = None

    @property
    def is_registered(self) -> bool:
        """Whether there is a function, and so a page."""
        return self._function is not None

    def register(self, function: Function) -> Function:
        """Register *function*; a later one takes its place.

        :raises TypeError: for what cannot be called and answer at once.
        """
        require_function(function, "operator")
        self._function = function
        return function

    def name(self) -> str | None:
        """Return the name of the operator who sends the current request; ``None`` of anyone else.

        A user object would be true even of somebody who is not signed in, so only ``True`` and a
        name count.

        :raises OperatorFailed: when the function raises, or returns anything else.
        :raises HTTPException: as the function aborts, for instance to a login page.
        """
        if self._function is None:
            return None
        answer = ask(self._function, OperatorFailed)
        if answer is None:
            return None
        if isinstance(answer, bool):
            return UNNAMED if answer else None
        if not isinstance(answer, str):
            called, kind = full_name_of(self._function), type(answer).__name__
            raise OperatorFailed(f"{called} returned a {kind}; it takes True, a name, or None")
        return sanitize_text(str(answer))[:MAX_NAME_LENGTH] or None
