"""A fork while threads serve: what they held at that moment must not stop the child."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from types import ModuleType

import pytest

import lean_flask

HOST = """
import json, os, signal, sys, threading, time
from flask import Flask, redirect
from lean_flask import LeanBlueprint
from lean_flask.web.routes import banks

settings, customer = json.loads(sys.argv[1])
app = Flask("host", template_folder="none")  # the demo has one here: no page would be cached
app.config["SECRET_KEY"] = "k"
lean = LeanBlueprint(**settings, store_url="memory:", bind_flow=False)
app.register_blueprint(lean)

@app.get("/link")
def link():
    return redirect(lean.connect(customer_id=customer, permissions=["identity"]).url)

def start_child(work, seconds=60):
    child = os.fork()
    if not child:
        signal.alarm(seconds)
        os._exit(work() is not None)
    return child

def wait_for(child):
    status = os.waitpid(child, 0)[1]  # its alarm ends it
    if status:
        raise SystemExit(f"the child ended with {status}")

def ask(path):
    response = app.test_client().get(path)
    assert response.status_code == 200, response.status
"""

WHILE_A_BODY_IS_MADE = """
made, over, parent, represent = threading.Event(), threading.Event(), os.getpid(), banks.represent

def slow(content, *options):
    if os.getpid() == parent:
        made.set()
        over.wait(100)
    return represent(content, *options)

banks.represent = slow
threading.Thread(target=ask, args=("/lean/banks",), daemon=True).start()
assert made.wait(30)
wait_for(start_child(lambda: ask("/lean/banks")))
over.set()
"""

MANY_TIMES = """
page = app.test_client().get("/link").location
ask("/lean/banks?q=riyad")  # first requests take locks of Python and Jinja,
ask(page)  # which would stay locked in a child of any app
over = threading.Event()

def serve(number):
    while not over.is_set():
        ask(f"/lean/banks?q={number}{time.monotonic()}")
        ask("/lean/banks")
        ask(page)

threads = [threading.Thread(target=serve, args=(number,), daemon=True) for number in range(3)]
for one in threads:
    one.start()

def child():
    ask("/lean/banks?q=riyad")
    ask(page)

for one in [start_child(child) for _ in range(8)]:  # each fork at some moment of the threads
    wait_for(one)
over.set()
for one in threads:
    one.join(30)
    assert not one.is_alive()
"""


@pytest.fixture
def run(fake_lean):
    """Runs a script in a host whose Lean is in this process: it answers while the host is busy."""
    given = json.dumps([fake_lean.settings(), fake_lean.add_customer(app_user_id="u")])

    def run(script):
        subprocess.run([sys.executable, "-c", HOST + script, given], check=True, timeout=120)

    return run


def test_a_fork_while_a_body_is_made_leaves_the_child_able_to_make_its_own(run):
    run(WHILE_A_BODY_IS_MADE)


def test_children_of_a_busy_process_serve(run):
    run(MANY_TIMES)


def holders(value, path, depth=4):
    """Where a lock hangs on *value*: it would be held for ever in a child."""
    if isinstance(value, type(threading.Lock()) | type(threading.RLock()) | threading.Condition):
        yield path
    if depth == 0 or isinstance(value, ModuleType | type | str | bytes | int):
        return
    inner = dict(value) if isinstance(value, dict) else {}
    if isinstance(value, list | tuple | set | frozenset):
        inner = dict(enumerate(value))
    if type(value).__module__.startswith("lean_flask"):
        inner = getattr(value, "__dict__", {})
    for name, part in inner.items():
        yield from holders(part, f"{path}.{name}", depth - 1)


def test_no_module_holds_a_lock():
    modules = [
        module
        for name, module in list(sys.modules.items())
        if name.startswith(lean_flask.__name__) and "testing" not in name
    ]
    assert len(modules) > 60
    found = [
        where
        for module in modules
        for name, value in vars(module).items()
        if not name.startswith("__")
        for where in holders(value, f"{module.__name__}.{name}")
    ]
    assert found == []
