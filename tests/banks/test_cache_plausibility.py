"""A list that is suddenly short or empty is not accepted at once."""

import pytest

from lean_flask.errors import UpstreamError
from support.bank_cache import (
    FRESH,
    STALE_IF_ERROR,
    UP,
)


@pytest.mark.parametrize("left", [0, 1])
def test_a_suddenly_short_list_needs_a_second_look(process, lean, clock, left):
    process.get()
    lean.availability = dict(list(lean.availability.items())[:left])
    clock.now += FRESH + 1
    process.get()
    assert len(process.get().banks) == 4
    clock.now += 60
    process.get()
    assert len(process.get().banks) == left


def test_a_different_short_list_is_doubted_again(process, lean, clock):
    process.get()
    clock.now += FRESH + 1
    lean.availability = {"A": UP}
    process.get()
    lean.availability = {"B": UP}
    clock.now += 60
    process.get()
    assert len(process.get().banks) == 4


def test_a_list_too_old_to_be_served_casts_no_doubt_on_a_short_one(process, lean, clock):
    process.get()
    lean.availability = {"A": UP}
    clock.now += FRESH + STALE_IF_ERROR + 1
    assert len(process.get().banks) == 1


def test_half_of_the_list_is_believed(process, lean, clock):
    process.get()
    lean.availability = {"A": UP, "B": UP}
    clock.now += FRESH + 1
    process.get()
    assert len(process.get().banks) == 2


def test_a_first_list_that_is_empty_is_doubted(process, lean, clock):
    lean.availability = {}
    with pytest.raises(UpstreamError):
        process.get()
    clock.now += 10
    assert process.get().banks == ()


def test_a_list_of_nothing_valid_is_a_failure(process, lean, clock):
    process.get()
    clock.now += FRESH + 1
    lean.availability = {"not an identifier": UP, "nor this": UP}
    process.get()
    assert len(process.get().banks) == 4
