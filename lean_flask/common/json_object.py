"""A JSON object for reading, whose values no log line shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class JSONObject(Mapping[str, Any]):
    """A read-only view of *content*; ``dict()`` of it is a copy that can be changed."""

    __slots__ = ("_content",)

    def __init__(self, content: Mapping[str, Any] | None = None) -> None:
        self._content = dict(content or {})

    def __getitem__(self, name: str) -> Any:
        return self._content[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)

    def __repr__(self) -> str:
        return f"<JSON object with {len(self)} fields>"
