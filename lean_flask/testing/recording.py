"""Keeps what the stand-in was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import time
from typing import TYPE_CHECKING, Any

from flask import request

if TYPE_CHECKING:
    from .fake_lean import FakeLean


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request that the stand-in got. Header names are in lower case."""

    endpoint: str
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    form: Mapping[str, str] = field(repr=False)
    json: Any = field(repr=False)
    at: float


def record(lean: FakeLean, endpoint: str) -> None:
    """Note the present request under the name of its endpoint."""
    lean.record(
        Recorded(
            endpoint=endpoint,
            method=request.method,
            path=request.path,
            query=request.args.to_dict(),
            headers={name.lower(): value for name, value in request.headers.items()},
            form=request.form.to_dict(),
            json=request.get_json(silent=True),
            at=time(),
        )
    )
