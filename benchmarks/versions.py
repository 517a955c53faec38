"""What the benchmarks run on, for whoever compares two runs."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import version

from .page import chromium_version

_PACKAGES = (
    "Flask", "Werkzeug", "gunicorn", "Flask-Caching", "requests-cache", "hishel", "cachetools",
)  # fmt: skip


def versions() -> str:
    """Return the machine and the programs in one line."""
    machine = (f"{os.cpu_count()} cores", platform.machine(), f"Python {platform.python_version()}")
    packages = [f"{name} {version(name)}" for name in _PACKAGES]
    others = (f"wrk {_wrk_version()}", f"Chromium {chromium_version()}")
    return ", ".join([*machine, *packages, *others])


def _wrk_version() -> str:
    output = subprocess.run(["wrk", "--version"], capture_output=True, text=True).stdout
    found = re.search(r"wrk \S*?(\d[\d.]*)", output)
    return found[1] if found else "of unknown version"
