"""One line of ``flask lean check``."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Finding(NamedTuple):
    """A thing that was checked. Warnings are for what works, and is not as safe as it could be."""

    name: str
    state: Literal["ok", "warn", "FAIL"]
    detail: str
