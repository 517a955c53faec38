"""Secrets from files: ``LEAN_CLIENT_SECRET_FILE`` and its like, as Docker and Kubernetes mount."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from typing import Any

from ..common.logs import get_logger
from ..common.secret import Secret
from ..errors import ConfigurationError

log = get_logger(__name__)

#: The settings that may also be read from a file.
SECRETS = ("app_token", "client_id", "client_secret", "webhook_secret", "store_url")
FILE_KEYS = frozenset(f"{name}_file" for name in SECRETS)
#: What a web page or an editor leaves at the ends of copied text: marks of direction and order.
_INVISIBLE = "\ufeff\u200b\u200e\u200f\u2060"
MAX_BYTES = 65_536


def merge(
    of_config: Mapping[str, Any], keywords: Mapping[str, Any], label: Callable[[str], str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the settings of both sources, with secrets read from their files.

    :param keywords: win over *of_config*, a secret also over the file of it, and a file over it.
    :param label: turns a setting's name into the name that the developer knows.
    :returns: the settings, and a sentence for each secret that cannot be had.
    """
    of_config = {
        key: value for key, value in of_config.items() if not _is_overridden(key, keywords)
    }
    values, problems = {**of_config, **keywords}, {}
    for name in SECRETS:
        path = values.pop(f"{name}_file", None)
        if path is None:
            continue
        if values.get(name) is not None:
            problems[name] = f"{label(name)} and {label(name)}_FILE are both set; set one of them"
            continue
        try:
            values[name] = _read(path, several=name == "webhook_secret")
        except ConfigurationError as error:
            problems[name] = (
                f"{label(name)}_FILE got {path!r:.200} ({error}); it takes the path of a text file"
            )
    return values, problems


def _is_overridden(key: str, keywords: Mapping[str, Any]) -> bool:
    name = key.removesuffix("_file")
    return any(keywords.get(other) is not None for other in (name, f"{name}_file"))


def strip_secrets(given: dict[str, Any], label: Callable[[str], str]) -> None:
    """Remove white space at the ends of each secret in *given*, with a warning that names it."""
    for name in SECRETS:
        value = given.get(name)
        if isinstance(value, str):
            given[name] = _stripped(value)
        elif isinstance(value, list | tuple):
            given[name] = [_stripped(part) if isinstance(part, str) else part for part in value]
        if isinstance(value, str | list | tuple) and list(given[name]) != list(value):
            log.warning("%s has white space at its ends, which is ignored", label(name))


def _stripped(value: str) -> Secret:
    rest = value
    while (shorter := rest.strip().strip(_INVISIBLE)) != rest:
        rest = shorter
    return Secret(rest)


def _read(path: Any, several: bool) -> Secret | tuple[Secret, ...]:
    if not isinstance(path, str | os.PathLike) or not str(path).strip():
        raise ConfigurationError("not a path")
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ConfigurationError("not a file")
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # a path may hold what no path can
        words = getattr(error, "strerror", None) or type(error).__name__
        raise ConfigurationError(f"it cannot be read: {words}") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError("it is not text in UTF-8") from None
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise ConfigurationError("it is empty")
    if len(content) > MAX_BYTES or (len(lines) > 1 and not several):
        raise ConfigurationError("it holds more than one line")
    return tuple(map(Secret, lines)) if several else Secret(lines[0])


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a pipe would wait for its writer
