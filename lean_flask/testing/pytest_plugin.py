"""Pytest fixtures: ``fake_lean``, a stand-in per test; ``make_fake_lean`` starts others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .fake_lean import FakeLean

# Its assertions say what they compared, wherever it is imported.
pytest.register_assert_rewrite("lean_flask.testing.store_suite")

# FakeLean is imported when a fixture is used: pytest imports every plugin in every project.


@pytest.fixture(scope="session")
def make_fake_lean() -> Iterator[Callable[..., FakeLean]]:
    """Return a function that starts a :class:`~lean_flask.testing.FakeLean`.

    It takes FakeLean's arguments. Every stand-in runs until the end of the session.
    """
    from .fake_lean import FakeLean

    with ExitStack() as running:

        def make(country: str = "sa", port: int = 0) -> FakeLean:
            return running.enter_context(FakeLean(country, port))

        yield make


@pytest.fixture
def fake_lean() -> Iterator[FakeLean]:
    """Return a running :class:`~lean_flask.testing.FakeLean`, a new one for each test."""
    from .fake_lean import FakeLean

    with FakeLean() as running:
        yield running
