"""What a process works with is made once, by its first request, and again after a fork."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from lean_flask import services
from lean_flask.banks.stores import open_store

FORK_WHILE_MAKING = """
import os, signal, threading
from lean_flask.services import PerProcess

parent, making, over = os.getpid(), threading.Event(), threading.Event()

def make():
    if os.getpid() == parent:
        making.set()
        over.wait()
    return "services"

of_this_process = PerProcess(make)
threading.Thread(target=of_this_process.get).start()
making.wait()
child = os.fork()
if not child:
    signal.alarm(10)
    os._exit(of_this_process.get() != "services")
over.set()
raise SystemExit(os.waitpid(child, 0)[1] != 0)
"""


def test_first_requests_that_come_at_once_make_one_call(make_app, fake_lean, monkeypatch):
    app = make_app()
    makers = threading.Barrier(2)

    def open_late(*where, **options):
        with suppress(threading.BrokenBarrierError):
            makers.wait(0.2)  # for a second maker, who must not come
        return open_store(*where, **options)

    monkeypatch.setattr(services, "open_store", open_late)
    with ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(lambda _: app.test_client().get("/lean/banks"), range(8)))
    assert {response.status_code for response in responses} == {200}
    assert fake_lean.count("banks") == 1


def test_a_fork_amid_the_making_leaves_the_child_able_to_make_its_own():
    subprocess.run([sys.executable, "-c", FORK_WHILE_MAKING], check=True, timeout=30)
