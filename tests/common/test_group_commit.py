"""Threads that write at once share a transaction, and each hears whether it was kept."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest

from lean_flask.common.group_commit import GroupCommit

WAIT = 20  # seconds that a test waits for what must come


class Log:
    """Keeps values; each transaction waits until the test lets it begin."""

    def __init__(self):
        self.kept = []
        self.transactions = []
        self.may_begin = Event()
        self.has_come = Event()
        self.error = None

    @contextmanager
    def begin(self):
        self.has_come.set()
        assert self.may_begin.wait(WAIT)
        values = []
        yield values
        if self.error:
            raise self.error
        self.transactions.append(values)
        self.kept += values

    @staticmethod
    def write(values, value):
        values.append(value)
        return value * 10


@pytest.fixture
def log():
    return Log()


@pytest.fixture
def together(log):
    """Run as many threads as there are values; let the first transaction begin when all wait."""

    def run(values):
        group = GroupCommit(log.begin, log.write)
        waiting = Event()
        append = group._queue.append

        def count(value):
            append(value)
            if len(group._queue) == len(values):
                waiting.set()

        group._queue = Counted(group._queue, count)
        with ThreadPoolExecutor(len(values)) as pool:
            futures = [pool.submit(group.run, value) for value in values]
            assert waiting.wait(WAIT)
            log.may_begin.set()
            return [future.exception(WAIT) or future.result() for future in futures]

    return run


class Counted:
    def __init__(self, queue, append):
        self._queue, self.append = queue, append
        self.popleft = queue.popleft

    def __len__(self):
        return len(self._queue)


def test_what_comes_while_one_waits_for_its_turn_is_written_with_it(log, together):
    assert together([1, 2, 3, 4]) == [10, 20, 30, 40]
    assert len(log.transactions) == 1
    assert sorted(log.kept) == [1, 2, 3, 4]


def test_a_transaction_that_fails_is_told_to_each_of_its_threads(log, together):
    log.error = OSError("the disk is full")
    assert together([1, 2, 3]) == [log.error] * 3
    assert log.kept == []


def test_one_that_is_alone_is_written_at_once(log):
    log.may_begin.set()
    group = GroupCommit(log.begin, log.write)
    assert [group.run(1), group.run(2)] == [10, 20]
    assert log.transactions == [[1], [2]]


def test_a_thread_that_is_told_to_end_takes_nothing_of_the_others_with_it(log):
    group = GroupCommit(log.begin, log.write)
    log.may_begin.set()
    log.error = SystemExit()
    with pytest.raises(SystemExit):
        group.run(1)
    log.error = None
    assert group.run(2) == 20
    assert log.transactions == [[1, 2]]
