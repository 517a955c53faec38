"""Keys that look like a misspelt setting."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from typing import Any

from ..common.logs import get_logger
from .secret_files import FILE_KEYS

log = get_logger(__name__)


def unknown(name: str, shown: str, keys: Collection[str]) -> str:
    """Return that there is no setting *name*, and which of *keys* is near.

    :param shown: how the host wrote it.
    """
    near = difflib.get_close_matches(name.lower(), keys, n=1, cutoff=0.75)
    return f"unknown setting {shown!r}" + (f"; did you mean {near[0]!r}?" if near else "")


def warn_of_near_misses(config: Mapping[str, Any], prefix: str, keys: Collection[str]) -> None:
    """Log a warning for each key that looks like a misspelt setting."""
    for key in config:
        name = key.removeprefix(prefix).lower()
        if name in FILE_KEYS:
            continue
        if not key.startswith(prefix) or name in keys:
            continue
        if any(name.endswith(f"_{known}") for known in keys):  # of another prefix
            continue
        if difflib.get_close_matches(name, keys, n=1, cutoff=0.75):
            log.warning("%s", unknown(name, key, keys))
