"""What importing and registering the package costs, beside a bare Flask app."""

from __future__ import annotations

import statistics
import subprocess
import sys
from dataclasses import dataclass

from .servers import ROOT

_BARE = """
import time
begun = time.perf_counter()
from flask import Flask
app = Flask("host")
app.config["SECRET_KEY"] = "a key"
{more}
took = time.perf_counter() - begun
resident = next(line for line in open("/proc/self/status") if line.startswith("VmRSS"))
print(took, int(resident.split()[1]) / 1024)
"""
_LEAN = """
from lean_flask import LeanBlueprint
app.register_blueprint(LeanBlueprint(app_token="a token", store_url="memory:"))
"""


@dataclass(frozen=True)
class Cost:
    """Beside the bare app: how many times the start, and how many MiB more memory."""

    start: float
    memory: float


def cost(rounds: int) -> Cost:
    pairs = [(_started(""), _started(_LEAN)) for _ in range(rounds)]
    return Cost(
        start=statistics.median(lean[0] / bare[0] for bare, lean in pairs),
        memory=statistics.median(lean[1] - bare[1] for bare, lean in pairs),
    )


def _started(more: str) -> tuple[float, float]:
    """Seconds until the app stands, and the MiB that the process then holds."""
    output = subprocess.run(
        [sys.executable, "-c", _BARE.format(more=more)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    return float(output[0]), float(output[1])
