"""The server's workloads: throughput in rounds, cold stampede, expiry under load, Lean hanging."""

from __future__ import annotations

import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lean_flask.testing import FakeLean, faults
from lean_flask.testing.data.banks import many_banks

from .contenders import MAKERS, Setup, remember
from .servers import WORKERS, Server, serve

CONNECTIONS = 8
LIMIT, CONTROL, OURS = "limit", "limit again", "lean-flask"
OTHERS = [name for name in MAKERS if name not in {LIMIT, OURS}]
LONG = 3600  # seconds: no list expires while throughput is measured

_SCRIPTS = Path(__file__).parent
_GZIP = {"Accept-Encoding": "gzip"}


@dataclass(frozen=True)
class Run:
    """What one run of wrk came to. Times are seconds."""

    requests: int
    failed: int
    rate: float
    median: float
    p99: float
    slowest: float


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
    headers: Mapping[str, str]


def wrk(target: Target, seconds: int, script: str = "wrk.lua", *arguments: str) -> Run:
    """Ask *target* with a script beside this file, which gets *arguments*."""
    headers = [
        part for name, value in target.headers.items() for part in ("-H", f"{name}: {value}")
    ]
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
    good = came["requests"] - came["failed"]
    return Run(
        requests=came["requests"],
        failed=came["failed"],
        rate=max(0, good) / came["lasted"] * 1e6,
        median=came["median"] / 1e6,
        p99=came["p99"] / 1e6,
        slowest=came["slowest"] / 1e6,
    )


def in_rounds(targets: Mapping[str, Target], rounds: int) -> dict[str, Ratio]:
    """Measure requests per second beside the limit's: all once per round, in a rotated order."""
    names = list(targets)
    rates: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        turn = number % len(names)
        for name in [*names[turn:], *names[:turn]]:
            target = targets[name]
            rates[name].append(wrk(target, 1).rate)
            # What wrk gave up on is still in the queue, and must not slow the next one down.
            target.server.at_once(target.path, WORKERS)
    return {
        name: Ratio.of(mine / limit for mine, limit in zip(rates[name], rates[LIMIT], strict=True))
        for name in names
    }


@contextmanager
def setup_on(lean: FakeLean, ttl: int, timeout: float = 5.0) -> Iterator[Setup]:
    with tempfile.TemporaryDirectory() as folder:
        yield Setup(lean.settings(), ttl, timeout, folder)


def throughput(lean: FakeLean, banks: int, rounds: int) -> dict[str, dict[str, Ratio]]:
    """Plain, gzip and 304 of a list of *banks*, for every contender."""
    lean.banks = many_banks(banks, lean.country, lean.url)
    with ExitStack() as stack:

        def start(name: str) -> Server:
            return stack.enter_context(serve(name, stack.enter_context(setup_on(lean, LONG))))

        servers = {name: start(name) for name in [OURS, *OTHERS]}
        constant = stack.enter_context(setup_on(lean, LONG))
        asked = _questions(servers)
        for kind, headers in asked[OURS].items():
            _remember(constant, kind, servers[OURS], "/lean/banks", headers)
        servers[LIMIT] = stack.enter_context(serve(LIMIT, constant))
        return {
            kind: in_rounds(
                {
                    LIMIT: Target(servers[LIMIT], f"/{kind}", asked[OURS][kind]),
                    CONTROL: Target(servers[LIMIT], f"/{kind}", asked[OURS][kind]),
                    **{
                        name: Target(servers[name], _path(name), asked[name][kind])
                        for name in [OURS, *OTHERS]
                    },
                },
                rounds,
            )
            for kind in ("plain", "gzip", "304")
        }


def _path(name: str) -> str:
    return "/lean/banks" if name == OURS else "/banks"


def _questions(servers: Mapping[str, Server]) -> dict[str, dict[str, dict[str, str]]]:
    """Return the request headers of each kind, per contender; this warms both workers."""
    questions = {}
    for name, server in servers.items():
        known = server.at_once(_path(name), 8)[0].header("ETag")
        server.at_once(_path(name), 8)
        questions[name] = {"plain": {}, "gzip": _GZIP, "304": {"If-None-Match": known}}
    return questions


def _remember(
    constant: Setup, name: str, server: Server, path: str, headers: Mapping[str, str]
) -> None:
    response = server.get(path, headers)
    ours = [pair for pair in response.headers if pair[0] not in {"Server", "Date", "Connection"}]
    remember(Path(constant.folder), name, response.status, ours, response.body)


def picker(lean: FakeLean, banks: int, rounds: int) -> dict[str, Ratio]:
    """Measure the hosted page for a valid flow in its browser session, beside constant bytes."""
    lean.banks = many_banks(banks, lean.country, lean.url)
    customer_id = lean.add_customer(app_user_id="benchmark")
    with (
        setup_on(lean, LONG) as ours,
        setup_on(lean, LONG) as constant,
        serve(OURS, ours) as server,
    ):
        link = server.get(f"/link/{customer_id}")
        path = link.header("Location").removeprefix(server.url)
        headers = {"Cookie": link.cookies, "Accept-Language": "en"}
        for _ in range(20):
            server.get(path, headers)
        _remember(constant, "picker", server, path, headers)
        with serve(LIMIT, constant) as limit:
            same = Target(limit, "/picker", headers)
            return in_rounds(
                {LIMIT: same, CONTROL: same, OURS: Target(server, path, headers)}, rounds
            )


@dataclass(frozen=True)
class Stampede:
    calls: int
    slowest: float  #: in units of the time that Lean takes
    failed: int


def stampede(lean: FakeLean, requests: int = 100, lean_takes: float = 1.0) -> dict[str, Stampede]:
    """Start a cold server, and send as many requests at once as it has threads."""
    lean.banks = many_banks(40, lean.country, lean.url)
    found = {}
    for name in [OURS, *OTHERS]:
        with setup_on(lean, LONG, timeout=10) as setup, serve(name, setup, requests // 2) as server:
            lean.clear()
            lean.fault("banks", faults.Slow(lean_takes))
            responses = server.at_once(_path(name), requests)
            lean.heal()
            found[name] = Stampede(
                lean.count("banks"),
                max(response.seconds for response in responses) / lean_takes,
                sum(response.status != 200 for response in responses),
            )
    return found


@dataclass(frozen=True)
class Strain:
    """How a server bore something: its slowest answer in units of its own median answer."""

    slowest: float
    failed: float  #: share of all answers
    rate: float  #: beside the limit's


def expiry(lean: FakeLean, seconds: int) -> dict[str, Strain]:
    """Load while the list expires every second and Lean takes a fifth of one."""

    def go_wrong() -> None:
        lean.fault("banks", faults.Slow(0.2))

    return _strained(lean, seconds, go_wrong)


def hanging(lean: FakeLean, seconds: int) -> dict[str, Strain]:
    """Load on an expired list while Lean accepts calls and answers none."""

    def go_wrong() -> None:
        lean.fault("banks", faults.Hang())
        time.sleep(1.2)

    return _strained(lean, seconds, go_wrong)


def _warm_up(target: Target) -> None:
    """Load until every worker has given its first answer, which takes longer than any other."""
    wrk(target, 1)


def _strained(lean: FakeLean, seconds: int, go_wrong: Any) -> dict[str, Strain]:
    lean.banks = many_banks(40, lean.country, lean.url)
    runs = {}
    for name in [OURS, *OTHERS]:
        with setup_on(lean, ttl=1, timeout=2) as setup, serve(name, setup) as server:
            _warm_up(Target(server, _path(name), {}))
            if name == OURS:
                constant = server.get(_path(name))
            go_wrong()
            runs[name] = wrk(Target(server, _path(name), {}), seconds)
            lean.heal()
    with setup_on(lean, ttl=1) as setup:
        remember(Path(setup.folder), "plain", 200, [], constant.body)
        with serve(LIMIT, setup) as server:
            _warm_up(Target(server, "/plain", {}))
            runs[LIMIT] = wrk(Target(server, "/plain", {}), seconds)
    return {
        name: Strain(
            run.slowest / run.median if run.median else 0.0,
            run.failed / run.requests if run.requests else 1.0,
            run.rate / runs[LIMIT].rate,
        )
        for name, run in runs.items()
    }
