"""The compose set-up, running as processes with nginx in front."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from support.compose import Compose, needs
from support.deployed import Deployed
from support.documents import blocks_of
from support.paths import SUPPORT
from support.redis_server import until


def be_patient(compose):
    """Change the app's limits, so that a busy machine is no outage."""
    with (compose.deploy / ".env").open("a") as file:
        file.write("FLASK_LEAN_TIMEOUT=30\n")  # seconds
    shutil.copy(SUPPORT / "patient_limits.py", compose.deploy)
    app = compose.deploy / "app.py"
    text = app.read_text().replace("\nPRICE =", "\nimport patient_limits\n\nPRICE =", 1)
    assert "import patient_limits" in text
    app.write_text(text)


@pytest.fixture(scope="package")
def deployed(tmp_path_factory):
    for program in ("nginx", "redis-server"):
        needs(program)
    compose = Compose(tmp_path_factory.mktemp("compose"))
    (make_env,) = (one for one in blocks_of("deploy/README.md") if "cp .env.example" in one.code)
    subprocess.run(["sh", "-euc", make_env.code], cwd=compose.deploy, check=True)
    be_patient(compose)
    try:
        assert compose.start("certificate").process.wait(60) == 0
        for name, port in {"redis": 6379, "lean": 8765, "app": 8000}.items():
            service = compose.start(name)
            until(lambda service=service, port=port: service.listens(port), 60)
        compose.start("worker")
        nginx = compose.start("nginx")
        until(lambda: nginx.listens(8443))
        set_up = Deployed(compose)
        until(lambda: set_up.is_ready(compose.container("app")), 60)
        yield set_up
    finally:
        compose.close()
