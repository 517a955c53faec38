"""What a blueprint keeps per process."""

import threading

from lean_flask.services import PerProcess


def test_threads_that_start_at_once_share_the_services():
    made, late = [], []

    def make():
        made.append(object())
        late.append(threading.Thread(target=lambda: late.append(kept.get())))
        late[0].start()
        late[0].join(0.1)
        return made[-1]

    kept = PerProcess(make)
    first = kept.get()
    late[0].join()
    assert made == [first]
    assert late[1] is first
