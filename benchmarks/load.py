"""Load on a server: wrk, in rounds, beside the limit."""

from __future__ import annotations

import json
import math
import statistics
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lean_flask.testing import FakeLean

from .contenders import MAKERS, Setup
from .servers import WORKERS, Server

CONNECTIONS = 8
LIMIT, CONTROL, OURS = "limit", "limit again", "lean-flask"
BARE, SESSION = "constant bytes without headers", "constant bytes after reading the session"
OTHERS = [name for name in MAKERS if name not in {LIMIT, OURS}]  # what a team would write
LONG = 3600  # seconds: no list expires while throughput is measured

_SCRIPTS = Path(__file__).parent

_GZIP = {"Accept-Encoding": "gzip"}


@dataclass(frozen=True)
class Run:
    """What one run of wrk came to. Times are seconds.

    :param processor: what the server's workers took for one good answer.
    """

    requests: int
    failed: int
    rate: float
    median: float
    p99: float
    slowest: float
    processor: float


@dataclass(frozen=True)
class Ratio:
    """The median over all rounds, and the range of the middle half of them."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Ratio:
        ordered = sorted(values)
        quarter = len(ordered) // 4
        return cls(statistics.median(ordered), ordered[quarter], ordered[-1 - quarter])


@dataclass(frozen=True)
class Target:
    """One URL of one server, and the request headers that it is asked with."""

    server: Server
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)


def wrk(target: Target, seconds: int, script: str = "wrk.lua", *arguments: str) -> Run:
    """Ask *target* with a script beside this file, which gets *arguments*."""
    headers = [
        part for name, value in target.headers.items() for part in ("-H", f"{name}: {value}")
    ]
    before = target.server.processor_seconds()
    output = subprocess.run(
        [
            "wrk", "--threads", "1", "--connections", str(CONNECTIONS),
            "--duration", f"{seconds}s", "--timeout", "30s", "--script", str(_SCRIPTS / script),
            *headers, target.server.url + target.path, "--", *arguments,
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout  # fmt: skip
    came: dict[str, Any] = json.loads(output.splitlines()[-1])
    took = target.server.processor_seconds() - before
    good = max(0, came["requests"] - came["failed"])
    return Run(
        requests=came["requests"],
        failed=came["failed"],
        rate=good / came["lasted"] * 1e6,
        median=came["median"] / 1e6,
        p99=came["p99"] / 1e6,
        slowest=came["slowest"] / 1e6,
        processor=took / good if good else math.inf,
    )


@dataclass(frozen=True)
class Rounds:
    """What came of measuring in turns: for each name its runs, one for each round."""

    runs: Mapping[str, list[Run]]

    def beside(self, name: str, other: str = LIMIT) -> Ratio:
        """Return how many answers *name* gives for one of *other*, in the same processor time.

        Processor time, since requests per second under gthread say first which of the workers
        happened to accept the connections, and on a busy machine what else runs there.
        """
        pairs = zip(self.runs[name], self.runs[other], strict=False)
        return Ratio.of(base.processor / mine.processor for mine, base in pairs)


def in_rounds(targets: Mapping[str, Target], rounds: int, few: int | None = None) -> Rounds:
    """Measure each of *targets* once per round, in a rotated order.

    :param few: rounds for what others would write, which lies further apart; default: all.
    """
    runs: dict[str, list[Run]] = {name: [] for name in targets}
    for number in range(rounds):
        names = [name for name in targets if name not in OTHERS or number < (few or rounds)]
        turn = number % len(names)
        for name in [*names[turn:], *names[:turn]]:
            target = targets[name]
            runs[name].append(wrk(target, 1))
            # What wrk gave up on is still in the queue, and must not slow the next one down.
            target.server.at_once(target.path, WORKERS)
    return Rounds(runs)


@contextmanager
def setup_on(lean: FakeLean, ttl: int, timeout: float = 5.0) -> Iterator[Setup]:
    with tempfile.TemporaryDirectory() as folder:
        yield Setup(lean.settings(), ttl, timeout, folder)


def path_of(name: str) -> str:
    """Return where a contender serves its list."""
    return "/lean/banks" if name == OURS else "/banks"
