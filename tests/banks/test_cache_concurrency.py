"""Many callers at once make one call to Lean."""

import threading

from lean_flask.errors import UpstreamError, UpstreamTimeout
from support.bank_cache import (
    KEY,
)


def run_while_closed(gate, work):
    """Run *work* in 20 threads, and open the gate once all have begun."""
    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()


def test_many_cold_callers_make_one_call(process, scripted_lean):
    gate = threading.Event()
    scripted_lean.while_fetching = gate.wait
    served = []
    run_while_closed(gate, lambda: served.append(process.cache.get(KEY)))
    assert len(served) == 20
    assert scripted_lean.calls == 1


def test_cold_callers_look_into_the_store_together(process, monkeypatch):
    read, readers, late = process.store.read, [], []

    def slow_read(key):
        if key.endswith(":overrides"):  # read in the background, by a thread of its own
            return read(key)
        readers.append(threading.get_ident())
        if not late:
            late.append(threading.Thread(target=lambda: process.cache.get(KEY)))
            late[0].start()
            late[0].join(0.1)
            assert readers == [threading.get_ident()]
        return read(key)

    monkeypatch.setattr(process.store, "read", slow_read)
    assert process.cache.get(KEY).banks
    late[0].join()


def test_many_cold_callers_share_one_error(process, scripted_lean):
    gate = threading.Event()
    scripted_lean.while_fetching = gate.wait
    scripted_lean.failure = UpstreamTimeout("slow")
    errors = []

    def ask():
        try:
            process.cache.get(KEY)
        except UpstreamError as error:
            errors.append(error)

    run_while_closed(gate, ask)
    assert len(errors) == 20
    assert scripted_lean.calls == 1
