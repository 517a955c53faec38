"""``make demo`` as a process, and the commands that it names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import plain_http
from support.paths import ROOT
from support.redis_server import free_port, until


@pytest.fixture
def demo(tmp_path):
    """Where it is, and what it prints."""
    for path in ROOT.glob("example_*.py"):
        shutil.copy(path, tmp_path)
    for name in ("templates", "static"):
        shutil.copytree(ROOT / name, tmp_path / name)
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if "LEAN" not in name}
    environ |= {"PORT": str(port), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    log = tmp_path / "log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "example_app.py"],
            cwd=tmp_path,
            env=environ,
            stdout=file,
            stderr=file,
        )
    try:
        until(lambda: process.poll() is not None or "Running on" in log.read_text(), 60)
        yield f"http://127.0.0.1:{port}", log.read_text(), environ
    finally:
        process.kill()
        process.wait()


def test_the_demo_says_how_commands_reach_it(demo):
    url, printed, environ = demo
    (prepare,) = [line for line in printed.splitlines() if line.startswith("  set -a;")]
    commands = f"flask lean fake bank SNB_SAU --off; flask lean trigger payment.created --url {url}"
    path = f"{Path(sys.executable).parent}:{environ['PATH']}"
    done = subprocess.run(
        ["sh", "-euc", f"{prepare}; {commands}"],
        env=environ | {"PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{url}/lean/webhooks: 200" in done.stdout
    assert "was taken by" in done.stdout

    def is_down():
        return not plain_http.get(f"{url}/lean/banks/SNB_SAU").json()["available"]["data"]

    until(is_down)
