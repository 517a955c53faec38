"""What a server bears: a cold stampede, the list expiring under load, and Lean hanging."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from lean_flask.testing import FakeLean, faults
from lean_flask.testing.data.banks import many_banks

from .contenders import remember
from .load import LIMIT, LONG, OTHERS, OURS, Ratio, Run, Target, path_of, setup_on, wrk
from .servers import GTHREAD, SYNC, Server, serve

SECONDS = 2  # of one run under strain
_TIMEOUT = 2  # seconds that every contender gives a call to Lean


@dataclass(frozen=True)
class Stampede:
    """What came of requests that a cold server got at once.

    :param calls: to Lean.
    :param slowest: in units of the time that Lean takes.
    """

    calls: int
    slowest: float
    failed: int


def stampede(lean: FakeLean, requests: int = 100, lean_takes: float = 1.0) -> dict[str, Stampede]:
    """Start a cold server, and send as many requests at once as it has threads."""
    lean.banks = many_banks(40, lean.country, lean.url)
    found = {}
    for name in [OURS, *OTHERS]:
        with setup_on(lean, LONG, timeout=10) as setup, serve(name, setup, requests // 2) as server:
            lean.clear()
            lean.fault("banks", faults.Slow(lean_takes))
            responses = server.at_once(path_of(name), requests)
            lean.heal()
            found[name] = Stampede(
                lean.count("banks"),
                max(response.seconds for response in responses) / lean_takes,
                sum(response.status != 200 for response in responses),
            )
    return found


@dataclass(frozen=True)
class Strain:
    """How a server bore something.

    :param slowest: the slowest answer of a run, in medians of it; ``None`` if all failed.
    :param failed: share of all answers.
    """

    slowest: Ratio | None
    failed: float

    @classmethod
    def of(cls, runs: list[Run]) -> Strain:
        """Sum up some runs."""
        slowest = [run.slowest / run.median for run in runs if run.median and run.requests]
        failed = sum(run.failed for run in runs)
        asked = sum(run.requests for run in runs)
        is_alive = asked > failed and slowest
        return cls(Ratio.of(slowest) if is_alive else None, failed / asked if asked else 1.0)


def expiry(lean: FakeLean, runs: int) -> dict[str, dict[str, Strain]]:
    """Load while the list expires every second and Lean takes a fifth of one; by kind of worker."""

    def go_wrong() -> None:
        lean.fault("banks", faults.Slow(0.2))

    return _under_both_kinds(lean, runs, go_wrong)


def hanging(lean: FakeLean, runs: int) -> dict[str, dict[str, Strain]]:
    """Load on an expired list while Lean accepts calls and answers none; by kind of worker."""

    def go_wrong() -> None:
        lean.fault("banks", faults.Hang())
        time.sleep(1.2)

    return _under_both_kinds(lean, runs, go_wrong)


def _under_both_kinds(
    lean: FakeLean, runs: int, go_wrong: Callable[[], None]
) -> dict[str, dict[str, Strain]]:
    return {
        GTHREAD: _strained(lean, GTHREAD, runs, OTHERS, go_wrong),
        SYNC: _strained(lean, SYNC, runs, (), go_wrong),
    }


def _strained(
    lean: FakeLean,
    kind: str,
    runs: int,
    others: list[str] | tuple[()],
    go_wrong: Callable[[], None],
) -> dict[str, Strain]:
    """Measure lean-flask and the limit in turns, then each of *others* once."""
    lean.banks = many_banks(40, lean.country, lean.url)
    with ExitStack() as stack:

        def start(name: str) -> Server:
            setup = stack.enter_context(setup_on(lean, ttl=1, timeout=_TIMEOUT))
            if name == LIMIT:
                remember(Path(setup.folder), "plain", 200, [], ours.get(path_of(OURS)).body)
            return stack.enter_context(serve(name, setup, kind=kind))

        ours = start(OURS)
        targets = {OURS: Target(ours, path_of(OURS)), LIMIT: Target(start(LIMIT), "/plain")}
        measured: dict[str, list[Run]] = {name: [] for name in targets}
        for target in targets.values():
            _warm_up(target)
        go_wrong()
        for _ in range(runs):
            for name, target in targets.items():
                measured[name].append(wrk(target, SECONDS))
        lean.heal()
    for name in others:
        with setup_on(lean, ttl=1, timeout=_TIMEOUT) as setup, serve(name, setup, kind=kind) as one:
            target = Target(one, path_of(name))
            _warm_up(target)
            go_wrong()
            measured[name] = [wrk(target, SECONDS)]
            lean.heal()
    return {name: Strain.of(found) for name, found in measured.items()}


def _warm_up(target: Target) -> None:
    """Load until every worker has given its first answer, which takes longer than any other."""
    wrk(target, 1)
