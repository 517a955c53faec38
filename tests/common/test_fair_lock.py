"""A lock that is given in the order of asking."""

import threading

import pytest

from lean_flask.common.fair_lock import FairLock


def test_who_asked_first_gets_it_first():
    lock, order, threads = FairLock(), [], []

    def work(number):
        with lock.held(5):
            order.append(number)

    with lock.held(5):
        for number in range(8):
            thread = threading.Thread(target=work, args=[number])
            thread.start()
            threads.append(thread)
            while len(lock._waiting) <= number:
                pass
    with lock.held(5):  # the holder who asks again stands behind those who wait
        order.append("again")
    for thread in threads:
        thread.join()
    assert order == [*range(8), "again"]


def test_who_waits_too_long_gives_up_and_holds_up_nobody():
    lock = FairLock()
    with lock.held(5), pytest.raises(TimeoutError), lock.held(0.001):
        pass
    with lock.held(0):
        pass
