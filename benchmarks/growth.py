"""``python -m benchmarks.growth``: how the cost of each kind of request grows, and with what.

Requests are measured at more banks, threads and workers, the start of the package at more apps in
one process. Each number is a ratio to constant bytes, or bare apps, of the same size and turn.
"""

from __future__ import annotations

import argparse
import gc
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.test import run_wsgi_app

from lean_flask.testing import FakeLean
from lean_flask.testing.data.banks import many_banks

from .contenders import Setup
from .growth_servers import at_servers
from .in_process import make_app
from .load import Ratio
from .report import with_section
from .report_growth import MEMORY, SECONDS, Growth, Lines, section
from .servers import ROOT
from .workloads import BANKS, LAUNCH, PICKER, SEARCH, WEBHOOKS, Request, workloads

SIZES = (40, 200, 1000, 10_000)  # banks
THREADS = (1, 4, 64)  # of one worker
WORKERS = (1, 2, 8)  # of THREADS_OF_WORKER threads each
THREADS_OF_WORKER = 4
APPS = (1, 10, 50, 200)  # in one process
_CALLS = {BANKS: 40, SEARCH: 12, PICKER: 20, LAUNCH: 8, WEBHOOKS: 12}  # of one turn in process


def growth(lean: FakeLean, quick: bool) -> Growth:
    """Measure all; it takes less than two minutes."""
    banks = _by_banks(lean, 3 if quick else 5)
    setup, app = _contender(lean, SIZES[0])
    shapes = [(1, n) for n in THREADS] + [(n, THREADS_OF_WORKER) for n in WORKERS]
    servers = at_servers(setup, workloads(app, lean), shapes)
    return Growth(
        banks=banks,
        threads=_by_size({n: servers[1, n] for n in THREADS}),
        workers=_by_size({n: servers[n, THREADS_OF_WORKER] for n in WORKERS}),
        apps=_by_size({n: _of_apps(n, 1) for n in APPS}),
    )


def _by_size(found: Mapping[int, Mapping[str, Ratio]]) -> Lines:
    names = next(iter(found.values()))
    return {name: {size: found[size][name] for size in found} for name in names}


# --- banks, in process ---------------------------------------------------------------------------


def _by_banks(lean: FakeLean, turns: int) -> Lines:
    return _by_size({size: _in_process(lean, size, turns) for size in SIZES})


def _in_process(lean: FakeLean, size: int, turns: int) -> dict[str, Ratio]:
    """Return the processor time of one WSGI call beside that of the same bytes, at *size* banks."""
    _, app = _contender(lean, size)
    return {
        kind: _beside_constant(app, requests, _CALLS[kind], turns)
        for kind, requests in workloads(app, lean).items()
    }


def _contender(lean: FakeLean, banks: int) -> tuple[Setup, Flask]:
    lean.banks = many_banks(banks, lean.country, lean.url)
    # What is taken is not delivered here: the app's receivers are no part of the answer.
    return make_app(lean, webhook_delivery="worker")


def _beside_constant(app: Flask, requests: Iterator[Request], calls: int, turns: int) -> Ratio:
    warm_up = list(islice(requests, calls))
    constant = _constant(app, warm_up[0])
    gc.collect()
    _seconds(app, warm_up)
    ratios = []
    for _ in range(turns):
        now = list(islice(requests, calls))
        ratios.append(_seconds(app, now) / _seconds(constant, now))
    return Ratio.of(ratios)


def _seconds(app: Flask, requests: Iterable[Request]) -> float:
    """Return the processor time of this thread: Lean's stand-in answers in another one."""
    environs = [one.environ() for one in requests]
    begun = time.thread_time()
    for environ in environs:
        response: Any = app(environ, lambda status, headers, error=None: lambda data: None)
        list(response)
        response.close()
    return time.thread_time() - begun


def _constant(app: Flask, one: Request) -> Flask:
    """Return an app that gives the same response to the same request without any work."""
    parts, status, headers = run_wsgi_app(app, one.environ(), buffered=True)
    body = b"".join(parts)
    if not status.startswith("200"):
        raise RuntimeError(f"{one.method} {one.path} is answered {status}")
    constant = Flask("constant")
    constant.config["SECRET_KEY"] = app.config["SECRET_KEY"]

    def view() -> Response:
        request.get_data()
        return Response(body, status, list(headers))

    path = one.path.partition("?")[0]
    constant.add_url_rule(path, "constant", view, methods=[one.method])
    return constant


# --- apps in one process -------------------------------------------------------------------------

_START = """
import sys, time
from flask import Flask
{register}
def app(number):
    made = Flask(f"host{{number}}")
    made.config["SECRET_KEY"] = "a key"
    register(made)
    return made
kept = [app(number) for number in range(int(sys.argv[1]))]
resident = next(line for line in open("/proc/self/status") if line.startswith("VmRSS"))
print(time.process_time(), int(resident.split()[1]))
"""
_BARE = "register = id"
_LEAN = """
from lean_flask import LeanBlueprint
def register(app):
    app.register_blueprint(LeanBlueprint(app_token="a token", store_url="memory:"))
"""


def _of_apps(number: int, rounds: int) -> dict[str, Ratio]:
    """Return what *number* apps with the package cost beside as many without, imports included."""
    pairs = [(_started(number, _LEAN), _started(number, _BARE)) for _ in range(rounds)]
    return {
        SECONDS: Ratio.of(ours[0] / bare[0] for ours, bare in pairs),
        MEMORY: Ratio.of(ours[1] / bare[1] for ours, bare in pairs),
    }


def _started(number: int, register: str) -> tuple[float, float]:
    """Return the seconds of processor time until the apps stand, and the memory then."""
    command = [sys.executable, "-c", _START.format(register=register), str(number)]
    output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    seconds, memory = map(float, output.split())
    return seconds, memory


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer turns, for work on this file")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    options = parser.parse_args()
    logging.getLogger("lean_flask").setLevel(logging.ERROR)
    begun = time.monotonic()
    with FakeLean() as lean:
        found = growth(lean, options.quick)
    folder = ROOT / "docs" / "images" if options.write else Path(tempfile.mkdtemp())
    text = section(found, folder)
    print(text, f"\n\nAfter {time.monotonic() - begun:.0f} s; pictures in {folder}")
    if options.write:
        page = ROOT / "docs" / "benchmarks.md"
        page.write_text(with_section(page.read_text("utf-8"), text), "utf-8")


if __name__ == "__main__":
    main()
