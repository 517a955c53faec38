"""What an error of redis-py says to an operator. redis-py's own text may quote a URL or a value."""

from __future__ import annotations

import re
import ssl

from redis import exceptions


class NoMaster(exceptions.TimeoutError):
    """No sentinel names a server that can be written."""


# The more special ones first, since some are kinds of others.
_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (exceptions.AuthenticationError, "it refuses the user name or the password"),
    (exceptions.NoPermissionError, "the user may not do this"),
    (exceptions.BusyLoadingError, "it is still loading its data"),
    (exceptions.OutOfMemoryError, "its memory is full"),
    (exceptions.ReadOnlyError, "it is read-only, perhaps a replica"),
    (exceptions.ClusterCrossSlotError, "the keys are on several nodes of a cluster"),
    (exceptions.ClusterDownError, "the cluster is down"),
    (exceptions.MovedError, "the node of the cluster that has the keys is down"),
    (exceptions.AskError, "the cluster is moving the keys to another node"),
    (exceptions.TryAgainError, "the cluster is moving the keys to another node"),
    (exceptions.TimeoutError, "no answer in time"),
)
_QUOTED = re.compile(r"[`'\"].*", re.DOTALL)


def describe(error: BaseException) -> str:
    """Return the cause in words, without any value, with the name of the class."""
    name = type(error).__name__
    if isinstance(error, NoMaster):
        return f"no sentinel names a master: {error}"
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return f"{words} ({name})"
    if isinstance(error, exceptions.ResponseError):
        said = re.sub(r"[^ -~]", " ", _QUOTED.sub("", str(error)))[:80].strip()
        if said.startswith(("NOAUTH", "WRONGPASS")):
            return f"it refuses the user name or the password ({said})"
        return f"{name}: {said}"
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLError):
        return f"TLS failed: {getattr(cause, 'reason', None) or type(cause).__name__}"
    if isinstance(cause, OSError) and cause.strerror:
        return f"{cause.strerror} ({name})"
    return name
