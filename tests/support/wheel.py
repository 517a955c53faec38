"""Builds the package and tries it in an empty environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from support.paths import SUPPORT


def build(source: Path, out: Path) -> list[Path]:
    """The wheel and the sdist of the tree at *source*, put into *out*."""
    run([sys.executable, "-m", "hatchling", "build", "-d", out], cwd=source)
    return sorted(out.iterdir())


def try_out(package: Path, python: Path | str, folder: Path) -> str:
    """Return what ``serve_once.py`` says, run by *python* where nothing but *package* is installed.

    :param package: a wheel, or a folder with a ``pyproject.toml``.
    :raises AssertionError: with the output of the step that failed.
    """
    environment = folder / "env"
    installed = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [sys.executable, "-m", "pip", "--python", installed, "--disable-pip-version-check"]
    run([python, "-m", "venv", "--without-pip", environment])
    run([*pip, "install", "--quiet", "--no-compile", package])
    return run([installed, SUPPORT / "serve_once.py"], cwd=folder).strip()


def run(command: list[Path | str], cwd: Path | None = None) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    ended = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"{command}\n{ended.stdout}{ended.stderr}"
    return ended.stdout
