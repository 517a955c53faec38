"""Which user of the host a request is of, by the function registered with ``@lean.identify``."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from ..common.callables import ask, full_name_of, require_function
from ..errors import ConfigurationError, FlowError

UserID: TypeAlias = str | int | UUID
Function = TypeVar("Function", bound=Callable[[], Any])

MAX_USER_ID_LENGTH = 255  # characters


class IdentifyFailed(FlowError):
    """The host's function raised, or returned no id. The text holds nothing of the user."""

    def __init__(self, message: str) -> None:
        super().__init__(message, reason="identify_failed")


class Identity:
    """The function of one blueprint that says whose request this is."""

    def __init__(self) -> None:
        self._function: Callable[[], UserID | None] | None = None

    def register(self, function: Function) -> Function:
        """Register *function*; a later one takes its place.

        :raises TypeError: for what cannot be called and answer at once.
        """
        require_function(function, "identify")
        self._function = function
        return function

    @property
    def is_registered(self) -> bool:
        """Return whether this process knows a function."""
        return self._function is not None

    def require(self) -> None:
        """Refuse to bind a flow to a user while nothing can tell whose a request is.

        :raises ConfigurationError: naming the decorator.
        """
        if self._function is None:
            raise ConfigurationError(
                "bound_to needs a function that says which user a request is of; write "
                "@lean.identify above one that returns the current user's id, or None"
            )

    def user(self) -> str | None:
        """Return the id of the current user, or ``None`` where nobody is signed in.

        :raises IdentifyFailed: when the function raises, or returns anything else.
        :raises HTTPException: as the function aborts, for instance to a login page.
        """
        if self._function is None:
            raise IdentifyFailed("No function is registered in this process: @lean.identify")
        name = full_name_of(self._function)
        user = ask(self._function, IdentifyFailed)
        if user is None:
            return None
        try:
            return user_id_text(user)
        except ValueError as error:
            raise IdentifyFailed(f"{name} returned {error}") from None


def check_user(user: str | None, bound_to: str) -> None:
    """Refuse a *user* other than *bound_to*. The comparison takes constant time.

    :raises FlowError: with reason ``signed_out`` or ``other_user``.
    """
    if user is None:
        raise FlowError("The flow is a user's, and nobody is signed in", reason="signed_out")
    if not secrets.compare_digest(user.encode(), bound_to.encode()):
        raise FlowError("The flow is another user's", reason="other_user")


def user_id_text(user: object) -> str:
    """Return the text of a user's id.

    :raises ValueError: saying what it is instead, without its value.
    """
    if isinstance(user, bool) or not isinstance(user, str | int | UUID):
        raise ValueError(f"a {type(user).__name__}, which is no user's id")
    text = str(user)
    if not 0 < len(text) <= MAX_USER_ID_LENGTH:
        raise ValueError(f"a text of {len(text)} characters, which is no user's id")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("a text that is not Unicode") from None
    return text
