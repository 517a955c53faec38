"""How a browser is set for one test."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """A phone in light, with everything that a browser allows by default."""

    width: int = 390
    height: int = 844
    dark: bool = False
    javascript: bool = True
    cookies: bool = True
    storage: bool = True
