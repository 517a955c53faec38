"""``python -m lean_flask.testing``: the same stand-in each time, for other processes."""

from __future__ import annotations

import stat
import subprocess
import sys
import uuid

import pytest

from lean_flask.testing.env_file import write_env_file
from lean_flask.testing.options import read_options
from support import plain_http
from support.stand_in_process import StandInProcess


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stand-in")
    with StandInProcess(folder, "--webhook-url", "http://127.0.0.1:9/hooks") as running:
        yield running


def token(process, scope="api"):
    settings = process.environment()
    form = {
        "client_id": settings["LEAN_APP_TOKEN"],
        "client_secret": settings["LEAN_CLIENT_SECRET"],
        "grant_type": "client_credentials",
        "scope": scope,
    }
    return plain_http.post(settings["LEAN_AUTH_URL"], data=form).json().get("access_token")


def test_a_restart_changes_nothing_for_an_app(process):
    def customer(authority):
        url, body = f"{process.url}/customers/v1/", {"app_user_id": "user-1"}
        return plain_http.post(url, json=body, headers=authority).json()["customer_id"]

    authority = {"Authorization": f"Bearer {token(process)}"}
    before = customer(authority), process.environment()
    printed, code = process.stop()
    assert (code, printed.splitlines()[-1]) == (0, "FakeLean is stopped.")
    process.start()
    assert token(process, f"customer.{before[0]}")  # an app that keeps ids asks for no customer
    assert not token(process, f"customer.{uuid.uuid4()}")
    assert (customer(authority), process.environment()) == before
    assert plain_http.get(f"{process.url}/banks/v1/", headers=authority).status_code == 200
    forged = {"Authorization": f"{authority['Authorization'][:-3]}abc"}
    assert plain_http.get(f"{process.url}/banks/v1/", headers=forged).status_code == 401


def test_its_settings_are_in_a_file_of_its_owner(process):
    settings = process.environment()
    assert stat.S_IMODE(process.env_file.stat().st_mode) == 0o600
    assert settings["LEAN_SANDBOX"] == settings["FLASK_LEAN_SANDBOX"] == "true"
    assert settings["LEAN_API_URL"] == process.url
    shell = f'set -a; . "{process.env_file}"; exec env'
    ran = subprocess.run(["sh", "-euc", shell], capture_output=True, text=True, check=True)
    assert {f"{name}={value}" for name, value in settings.items()} <= {*ran.stdout.splitlines()}


def test_it_is_controlled_over_http(process):
    state = process.control("GET", "/")
    assert state["webhooks"]["urls"] == ["http://127.0.0.1:9/hooks"]
    process.control("PUT", "/faults/banks", json={"fault": "Status", "arguments": {"status": 500}})
    assert process.control("GET", "/")["faults"]["banks"]["arguments"]["status"] == 500
    assert process.control("POST", "/reset")["faults"] == {}


def test_a_port_that_is_taken_is_said_in_one_line(process):
    command = [sys.executable, "-m", "lean_flask.testing", "--port", str(process.port)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 1
    assert str(process.port) in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    "option",
    [
        ("--webhook-url", "localhost:5000/lean/webhooks"),
        ("--webhook-secret", "two words"),
        ("--client-secret", "12345678"),
        ("--faults-url", "_fake"),
        ("--faults-url", "/"),
        ("--faults-url", "/banks/v1"),
        ("--base-url", "ftp://fake.example"),
        ("--country", "fr"),
        ("--port", "99999"),
    ],
    ids=" ".join,
)
def test_an_option_that_cannot_be_is_refused(option, capsys):
    with pytest.raises(SystemExit) as refused:
        read_options(option)
    assert refused.value.code == 2
    assert option[0] in capsys.readouterr().err


def test_each_address_for_events_is_taken():
    urls = ["http://127.0.0.1:5000/lean/webhooks", "https://b.example/hooks"]
    options = read_options(["--webhook-url", urls[0], "--webhook-url", urls[1]])
    assert options.webhook_urls == urls


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "there").mkdir()
    with pytest.raises(OSError, match="there"):
        write_env_file(tmp_path / "there", {"sandbox": True}, "http://127.0.0.1:1/_fake")
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
