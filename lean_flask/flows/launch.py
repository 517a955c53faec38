"""A call of Lean's SDK: the method, its config, and what a native SDK is set up with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Launch:
    """What a front end opens Lean's SDK with.

    :param method: of the SDK, such as ``connect`` or ``captureRedirect``.
    :param config: its argument, in the names of the web's SDK; the front end adds ``callback``. It
        holds the customer's token: send it to nobody else.
    :param native: what the SDK of an app is set up with: ``app_token``, ``country``, ``env``,
        ``sandbox``, ``version`` and ``language``. ``None`` for the web, whose config has it.
    """

    method: str
    config: Mapping[str, Any] = field(repr=False)
    native: Mapping[str, Any] | None = field(default=None, repr=False)
