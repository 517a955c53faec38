"""What tests of front ends run: Node.js with the packages of package-lock.json."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support.paths import ROOT

NODE_MODULES = ROOT / "node_modules"


def require_package(name: str) -> None:
    """Skip the test where *name* is not installed; in CI it fails."""
    if shutil.which("node") and (NODE_MODULES / name).exists():
        return
    why = f"needs Node.js and {name} of package-lock.json: make static"
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Return what *command* of node_modules, or of Node.js, prints."""
    path = f"{NODE_MODULES / '.bin'}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=os.environ | {"PATH": path} | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-3000:]
    return ran.stdout
