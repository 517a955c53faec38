"""One request to Lean, with what a message may say about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request to Lean.

    :param operation: what it is for, such as ``bank list``.
    :param template: its path without ids, such as ``/customers/v1/{customer_id}``.
    :param setting: the setting that holds the server's address.
    :param scope: of the token that it asks for; ``""`` when it is about something else.
    :param idempotent: whether it may be sent again after a failure.
    :param may_be_empty: whether a response without a body is one; it is ``None`` then.
    :param private: the ids in its path, which Lean's errors may repeat.
    """

    method: str
    url: str = field(repr=False)  # some of Lean's paths hold customer ids
    headers: Mapping[str, str] = field(repr=False)
    operation: str
    template: str
    setting: str
    params: Mapping[str, str | Sequence[str]] | None = field(default=None, repr=False)
    json: Any = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    scope: str = field(default="", repr=False)
    idempotent: bool = False
    may_be_empty: bool = False
    private: tuple[str, ...] = field(default=(), repr=False)

    def describe(self) -> str:
        """Return the call in words, without ids.

        Such as ``bank list, GET lean.example/banks/v1/ (LEAN_API_URL)``.
        """
        address = f"{urlsplit(self.url).netloc}{self.template}"
        return f"{self.operation}, {self.method} {address} ({self.setting})"
