"""The units of deploy/systemd: their commands and environments, and a socket that stays."""

from __future__ import annotations

import socket
import threading

import pytest

from lean_flask.testing import FakeLean
from support import plain_http
from support.deployed import PAUSE
from support.redis_server import until
from support.systemd import Unit

SECRET_KEY = "a secret key of 64 letters and digits, which all processes have"
HOST = "bank.example"


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """The app and the worker, what Lean is, and how nginx asks the app."""
    folder = tmp_path_factory.mktemp("systemd")
    with FakeLean() as lean, socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        settings = {
            "APP_TOKEN": lean.app_token,
            "API_URL": lean.url,
            "AUTH_URL": f"{lean.url}/oauth2/token",
            "WEBHOOK_DELIVERY": "worker",
            "TIMEOUT": "30",
        }
        lines = [f"FLASK_LEAN_{name}={value}" for name, value in settings.items()]
        (folder / "env").write_text("\n".join([*lines, f'FLASK_TRUSTED_HOSTS=["{HOST}"]']))
        secrets = {
            "secret_key": SECRET_KEY,
            "client_secret": lean.client_secret,
            "webhook_secret": lean.webhook_secret,
        }
        app, worker = (Unit(f"lean-{name}", folder, secrets) for name in ("app", "worker"))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        headers = {"Host": HOST, "X-Forwarded-Proto": "https", "Connection": "close"}
        try:
            app.start(listener)
            worker.start()
            with plain_http.Client(base_url=url, headers=headers, timeout=60) as nginx:
                until(lambda: nginx.get("/lean/banks").status_code == 200, 60)
                yield app, worker, lean, nginx, listener
        finally:
            app.close()
            worker.close()


def test_an_event_is_delivered_by_the_worker(machine):
    _, worker, lean, nginx, _ = machine
    event = lean.webhook_event("entity.created", {"id": "x"})
    body, headers = lean.signed(event)
    assert nginx.post("/lean/webhooks", content=body, headers=headers).status_code == 200
    until(lambda: event["event_id"] in worker.log.read_text(), 60)


def test_all_processes_share_their_metrics(machine):
    *_, nginx, listener = machine
    metrics = plain_http.get(f"http://127.0.0.1:{listener.getsockname()[1]}/metrics").text
    assert "pid=" not in metrics
    assert "lean_flask_bank_list_banks" in metrics
    assert nginx.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404


def test_a_restart_while_lean_is_down_fails_no_request(machine):
    app, _, lean, nginx, listener = machine
    lean.stop()
    statuses, over = [], threading.Event()

    def ask():
        while not over.wait(PAUSE):
            statuses.append(nginx.get("/lean/banks").status_code)

    asking = threading.Thread(target=ask)
    asking.start()
    assert app.stop() == 0
    app.start(listener)
    known = len(statuses)
    until(lambda: len(statuses) > known + 1, 60)
    over.set()
    asking.join()
    assert set(statuses) == {200}


def test_the_worker_ends_when_it_is_told_to(machine):
    _, worker, *_ = machine
    assert worker.stop() == 0
