"""Overrides in the store: every process reads what one has said, and nobody says it twice."""

from datetime import UTC, datetime

import pytest

from lean_flask.banks.cache.shared_overrides import SharedOverrides
from lean_flask.banks.overrides import new_override
from lean_flask.banks.rulings import Ruling, Rulings
from lean_flask.banks.stores.scoped import ScopedStore
from support.bank_cache import OpenStore


@pytest.mark.parametrize(
    "until",
    [
        datetime.max.replace(tzinfo=UTC),
        datetime(9999, 12, 30, 1, 2, 3, 333_333, tzinfo=UTC),
        datetime(2099, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
    ],
    ids=str,
)
def test_an_end_in_the_far_future_is_stored_once_and_read_by_all(clock, until):
    store = OpenStore(clock)
    one, other = (SharedOverrides(ScopedStore(store, "x", 1.0), clock.wall) for _ in range(2))
    one.put(
        new_override(
            "A", "hide", purpose=None, until=until, message=None, by="", why="", now=clock.wall()
        )
    )
    version = store.version()
    for process in (other, one):
        process.sync()
        assert [override.identifier for override in process.active().overrides] == ["A"]
    assert other.active().overrides == one.active().overrides
    assert store.version() == version


def test_of_two_with_one_version_every_process_takes_the_same():
    """As two processes make them without the store, after a machine whose clock is ahead."""
    one, other = (Rulings(0, {("A", "data"): Ruling(7, None, by)}) for by in ("noura", "omar"))
    assert one.merged(other) == other.merged(one)
