"""Calls that come during a run are done together in the next one."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from lean_flask.common.batch import Batch
from support.redis_server import until


def test_what_comes_during_a_run_is_done_together_in_the_next():
    runs, gate = [], threading.Event()

    def work(items):
        runs.append(items)
        gate.wait(10)
        return len(items)

    batch = Batch(work)
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(batch.do, "first")
        until(lambda: runs)
        others = [pool.submit(batch.do, number) for number in range(8)]
        until(lambda: len(batch._waiting) == 8)
        gate.set()
        assert first.result() == 1
        assert {other.result() for other in others} == {8}
    assert [sorted(map(str, run)) for run in runs] == [["first"], [*"01234567"]]


def test_an_error_reaches_all_whose_run_it_was_and_nobody_else():
    def work(items):
        if "bad" in items:
            raise ValueError(items)
        return "done"

    batch = Batch(work)
    with pytest.raises(ValueError, match="bad"):
        batch.do("bad")
    assert batch.do("good") == "done"
