"""Keeps what the stand-in was asked."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING

from flask import request

if TYPE_CHECKING:
    from .fake_lean import FakeLean


def record(lean: FakeLean, endpoint: str) -> None:
    """Note the present request under the name of its endpoint."""
    from .fake_lean import Recorded

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
