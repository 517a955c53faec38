"""The ``fake_lean`` fixture: a fresh stand-in for Lean, on a port of its own, per test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .fake_lean import FakeLean


@pytest.fixture
def fake_lean() -> Iterator[FakeLean]:
    """A running :class:`~lean_flask.testing.FakeLean`; pass ``fake_lean.settings()`` to yours."""
    from .fake_lean import FakeLean  # not at import: pytest imports every plugin in every project

    with FakeLean() as lean:
        yield lean
