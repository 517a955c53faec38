"""``flask lean work``: it delivers until it is stopped, and says why it cannot."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from support.redis_server import until

HOST = """
import json, os, pathlib, time
from flask import Flask
from lean_flask import LeanBlueprint

app = Flask("host")
app.config["SECRET_KEY"] = "a test's secret key"
lean = LeanBlueprint(**json.loads(os.environ["SETTINGS"]))
folder = pathlib.Path(os.environ["FOLDER"])

@lean.on("*")
def receive(event):
    (folder / f"{event.payload.id}.begun").touch()
    while event.payload.id == "slow" and not (folder / "go").exists():
        time.sleep(0.01)
    (folder / f"{event.payload.id}.done").touch()

app.register_blueprint(lean)
"""


@pytest.fixture
def host(make_app, fake_lean, tmp_path):
    """Sends events to an app that leaves them to another process."""
    (tmp_path / "host.py").write_text(HOST)
    settings = fake_lean.settings() | {
        "store_url": f"sqlite:///{tmp_path / 'store.sqlite3'}",
        "webhook_delivery": "worker",
    }
    client = make_app(**settings).test_client()

    def send(id):
        body, headers = fake_lean.signed(fake_lean.webhook_event("entity.created", {"id": id}))
        assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200

    @contextmanager
    def work():
        with (tmp_path / "log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "host", "lean", "work", "--threads", "2"],
                cwd=tmp_path,
                env=os.environ | {"SETTINGS": json.dumps(settings), "FOLDER": str(tmp_path)},
                stdout=log,
                stderr=log,
            )
            try:
                yield process
            finally:
                process.kill()
                process.wait()

    return send, work


def test_it_delivers_and_ends_gracefully(host, tmp_path):
    send, work = host
    send("quick")
    send("slow")
    with work() as process:
        until(lambda: (tmp_path / "quick.done").exists() and (tmp_path / "slow.begun").exists())
        process.send_signal(signal.SIGTERM)
        until(lambda: "Stopping: no more events are taken" in (tmp_path / "log").read_text())
        send("late")
        (tmp_path / "go").touch()
        assert process.wait(30) == 0
    assert (tmp_path / "slow.done").exists()
    assert not (tmp_path / "late.begun").exists()
    log = (tmp_path / "log").read_text()
    assert "Delivering events, up to 2 at once" in log
    assert "INFO Delivered the webhook" in log
    assert log.rstrip().endswith("Stopped")


def test_a_second_signal_ends_it_at_once(host, tmp_path):
    send, work = host
    send("slow")
    with work() as process:
        until(lambda: (tmp_path / "slow.begun").exists())
        process.send_signal(signal.SIGINT)
        until(lambda: "a second signal ends at once" in (tmp_path / "log").read_text())
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 1
    (tmp_path / "go").touch()
    with work():
        until(lambda: (tmp_path / "slow.done").exists())  # without a wait for its lease


def test_events_in_memory_are_refused_with_the_reason(app):
    result = app.test_cli_runner().invoke(args=["lean", "work"])
    assert result.exit_code == 1
    assert "set LEAN_STORE_URL to a file or Redis" in result.output
