"""What importing and registering the package costs, beside bare Flask apps: one, 50 and 200."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .servers import ROOT

#: Applications in one process.
SIZES = (1, 50, 200)

# Prints processor seconds and MiB: after the imports, then after so many apps.
_PROCESS = """
import json, sys, time
begun = time.process_time()
from flask import Flask
{imports}
apps, read = [], []
def note():
    resident = next(line for line in open("/proc/self/status") if line.startswith("VmRSS"))
    read.append((time.process_time() - begun, int(resident.split()[1]) / 1024))
note()
for size in {sizes}:
    while len(apps) < size:
        app = Flask("host")
        app.config["SECRET_KEY"] = "a key"
        {register}
        apps.append(app)
    note()
print(json.dumps(read))
"""
_BARE = {"imports": "", "register": ""}
_LEAN = {
    "imports": "from lean_flask import LeanBlueprint",
    "register": 'app.register_blueprint(LeanBlueprint(app_token="a token", store_url="memory:"))',
}
_Readings = list[tuple[float, float]]


@dataclass(frozen=True)
class Applications:
    """So many apps with the blueprint, beside as many without, in a process that has imported it.

    :param times: how many times the processor time.
    :param seconds: of processor time more.
    :param memory: MiB more, without those of the imports.
    """

    times: float
    seconds: float
    memory: float


@dataclass(frozen=True)
class Cost:
    """Beside the bare app.

    :param start: how many times the processor time of the imports and of one app.
    :param memory: MiB more that the process then holds.
    :param applications: by their number.
    """

    start: float
    memory: float
    applications: Mapping[int, Applications]


def cost(rounds: int) -> Cost:
    """Return medians of *rounds* processes of each kind, which take turns."""
    _process(_LEAN)  # writes the bytecode
    pairs = [(_process(_BARE), _process(_LEAN)) for _ in range(rounds)]

    def median(read: Callable[[_Readings, _Readings], float]) -> float:
        return statistics.median(read(bare, lean) for bare, lean in pairs)

    def applications(place: int) -> Applications:
        def spent(readings: _Readings, what: int) -> float:
            return readings[place][what] - readings[0][what]

        return Applications(
            times=median(lambda bare, lean: spent(lean, 0) / spent(bare, 0)),
            seconds=median(lambda bare, lean: spent(lean, 0) - spent(bare, 0)),
            memory=median(lambda bare, lean: spent(lean, 1) - spent(bare, 1)),
        )

    return Cost(
        start=median(lambda bare, lean: lean[1][0] / bare[1][0]),
        memory=median(lambda bare, lean: lean[1][1] - bare[1][1]),
        applications={size: applications(place) for place, size in enumerate(SIZES, 1)},
    )


def _process(kind: Mapping[str, str]) -> _Readings:
    # Without bytecode every import compiles; with authorities named in the environment, the start
    # reads them.
    unset = ("PYTHONDONTWRITEBYTECODE", "SSL_CERT_FILE", "SSL_CERT_DIR")
    done = subprocess.run(
        [sys.executable, "-c", _PROCESS.format(sizes=SIZES, **kind)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in unset},
        check=True,
        capture_output=True,
        text=True,
    )
    readings: _Readings = json.loads(done.stdout)
    return readings


if __name__ == "__main__":
    print(cost(7))
