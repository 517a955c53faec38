"""Functions of the host that are called with events: ``@lean.on("entity.created")``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from ..common.callables import full_name_of, is_async, is_generator
from ..errors import ConfigurationError

Receiver = TypeVar("Receiver", bound=Callable[..., Any])

_PATTERN = re.compile(r"(?:[\w-]+\.)*(?:[\w-]+|\*)", re.ASCII)


class Receivers:
    """The receivers of one blueprint, each with the types that it wants."""

    def __init__(self) -> None:
        self._registered: list[tuple[tuple[str, ...], Callable[..., Any]]] = []

    def on(self, *patterns: str) -> Callable[[Receiver], Receiver]:
        """Return a decorator that registers a function for the types that match *patterns*.

        :param patterns: types such as ``entity.created``; ``payment.*`` is each type that begins
            with ``payment.``, and ``*`` is all of them.
        :raises ConfigurationError: without a pattern, or for one that no type can match.
        :raises TypeError: from the decorator, for what cannot be called with an event.
        """
        _check_patterns(patterns)

        def register(receiver: Receiver) -> Receiver:
            _check_receiver(receiver)
            self._registered.append((patterns, receiver))
            return receiver

        return register

    def matching(self, type: str) -> list[Callable[..., Any]]:
        """Return the receivers that want events of *type*, each once, as they were registered."""
        found = {
            id(receiver): receiver
            for patterns, receiver in self._registered
            if any(matches(pattern, type) for pattern in patterns)
        }
        return list(found.values())


def matches(pattern: str, type: str) -> bool:
    """Return whether an event's *type* is one that *pattern* names."""
    return type.startswith(pattern[:-1]) if pattern.endswith("*") else type == pattern


def _check_patterns(patterns: tuple[Any, ...]) -> None:
    takes = "it takes types such as 'entity.created', 'payment.*', or '*' for all"
    if not patterns:
        raise ConfigurationError(f"on() got no event type; {takes}")
    for pattern in patterns:
        if callable(pattern):
            raise ConfigurationError(
                f"on() got a function; {takes}: write @lean.on('entity.created') above it"
            )
        if not isinstance(pattern, str) or not _PATTERN.fullmatch(pattern):
            raise ConfigurationError(f"on() got {pattern!r:.100}; {takes}")


def _check_receiver(receiver: Any) -> None:
    if not callable(receiver):
        raise TypeError(f"on() registers functions, and got a {type(receiver).__name__}")
    if is_async(receiver):
        raise TypeError(
            f"The receiver {full_name_of(receiver)} is async, and would never run: use def. "
            "To await something, start a task of your own queue from it"
        )
    if is_generator(receiver):
        raise TypeError(f"The receiver {full_name_of(receiver)} has a yield, and would never run")
