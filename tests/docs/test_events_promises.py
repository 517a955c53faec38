"""docs/events.md promises nothing that no test proves."""

from __future__ import annotations

from support.named_tests import is_test, rows_of

ROWS = rows_of("events.md", "What is promised")


def test_every_promise_names_a_test_that_exists():
    assert len(ROWS) > 20
    assert {len(row) for row in ROWS} == {3}
    assert [promise for promise, _, test in ROWS if not is_test(test)] == []


def test_every_promise_is_made_once():
    assert len({promise for promise, _, _ in ROWS}) == len(ROWS)
