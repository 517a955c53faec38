"""Events around a fork and the end of a process: each process has threads of its own."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import os, pathlib, signal, sys, threading, time
from flask import Flask
from lean_flask import LeanBlueprint
from lean_flask.services import get_services
from lean_flask.testing import FakeLean

fake = FakeLean()
fake.start()
app = Flask("host")
app.config["SECRET_KEY"] = "k"
lean = LeanBlueprint(**fake.settings(), store_url=f"sqlite:///{sys.argv[1]}/store.sqlite3")
app.register_blueprint(lean)

@lean.on("*")
def receive(event):
    if event.payload.id == "last":
        begun.set()
        time.sleep(0.3)
    pathlib.Path(sys.argv[1], f"{event.payload.id}.{os.getpid()}").touch()

def inbox():
    with app.app_context():
        return get_services("lean").events.inbox

def send(id, wait=True):
    event = fake.webhook_event("entity.created", {"id": id})
    body, headers = fake.signed(event)
    assert app.test_client().post("/lean/webhooks", data=body, headers=headers).status_code == 200
    while wait and inbox().get(event["event_id"]).state != "delivered":
        time.sleep(0.005)

begun = threading.Event()
signal.alarm(60)
send("parent")
child = os.fork()
if not child:
    signal.alarm(20)
    send("child")
    sys.exit()  # which ends the child's threads alone
assert os.waitpid(child, 0)[1] == 0
send("again")
send("last", wait=False)
assert begun.wait(10)
fake.stop()
"""


def test_each_process_delivers_and_its_end_waits_for_receivers(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(tmp_path)])
    assert process.wait(60) == 0
    made = {path.stem: int(path.suffix[1:]) for path in tmp_path.glob("*.[0-9]*")}
    assert set(made) == {"parent", "child", "again", "last"}
    assert made["parent"] == made["again"] == made["last"] == process.pid
    assert (tmp_path / f"child.{made['child']}").exists()
