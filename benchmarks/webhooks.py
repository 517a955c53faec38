"""``POST /webhooks`` beside a plain Flask view that verifies the signature and writes one row."""

from __future__ import annotations

import random
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from lean_flask.testing import FakeLean

from .contenders import Setup
from .killed_workers.plan import make_event
from .killed_workers.redis_server import redis_server
from .load import Ratio, Run, Target, wrk
from .servers import Server, serve
from .webhook_hosts import BACKGROUND, PLAIN, RECEIVED, WORKER

STORES = ("sqlite", "redis")
AGAIN = "plain view again"
NAMES = {PLAIN: PLAIN, AGAIN: PLAIN, WORKER: WORKER, BACKGROUND: BACKGROUND}
EVENTS = 5000  # more than a server takes in a round of one second
PATIENCE = 120.0  # seconds until the events of a round are delivered


@dataclass(frozen=True)
class Answers:
    """Requests per second, and the 99th percentile of an answer, beside those of the plain view."""

    rate: Ratio
    p99: Ratio


def webhooks(lean: FakeLean, rounds: int) -> dict[str, dict[str, Answers]]:
    """Measure each store: all once per round, in a rotated order, each with events of its own."""
    return {store: _beside_plain(lean, store, rounds) for store in STORES}


def _beside_plain(lean: FakeLean, store: str, rounds: int) -> dict[str, Answers]:
    runs: dict[str, list[Run]] = {name: [] for name in NAMES}
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        hosts = {
            name: _Host(stack, lean, name, store, home) for name in dict.fromkeys(NAMES.values())
        }
        for number in range(rounds):
            turn = number % len(NAMES)
            names = list(NAMES)
            for name in [*names[turn:], *names[:turn]]:
                path = _write_events(home, lean.webhook_secret, f"{number} {name}")
                runs[name].append(hosts[NAMES[name]].take(path))
    return {
        name: Answers(
            Ratio.of(ours.rate / plain.rate for ours, plain in _pairs(runs, name)),
            Ratio.of(ours.p99 / plain.p99 for ours, plain in _pairs(runs, name)),
        )
        for name in NAMES
    }


def _pairs(runs: dict[str, list[Run]], name: str) -> zip[tuple[Run, Run]]:
    return zip(runs[name], runs[PLAIN], strict=True)


def _write_events(home: Path, secret: str, seed: str) -> Path:
    """Return a file of signed events, which nobody has had before."""
    about, path = random.Random(seed), home / "events.txt"
    events = [make_event(f"entity {seed} {number}", secret, about) for number in range(EVENTS)]
    path.write_text("".join(f"{event.signature}\t{event.body.decode()}\n" for event in events))
    return path


class _Host:
    """A server with a store of its own."""

    def __init__(self, stack: ExitStack, lean: FakeLean, name: str, store: str, home: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(dir=home))
        url = f"sqlite:///{self._folder}/store.sqlite3"
        if store == "redis":
            url = stack.enter_context(redis_server(str(self._folder)))
        settings = lean.settings() | {"store_url": url}
        if name != PLAIN:
            settings["webhook_delivery"] = "worker" if name == WORKER else "background"
        setup = Setup(settings, 3600, 5.0, str(self._folder))
        self._server: Server = stack.enter_context(
            serve(name, setup, maker="benchmarks.webhook_hosts:make")
        )
        self._delivers = name == BACKGROUND
        self._expected = 0

    def take(self, events: Path) -> Run:
        """Post *events* for a second, and wait until what was taken is delivered."""
        target = Target(self._server, "/lean/webhooks", {})
        run = wrk(target, 1, "wrk_webhooks.lua", str(events))
        if run.failed:
            raise RuntimeError(f"{run.failed} webhooks were not answered 200")
        self._expected += run.requests
        end = time.monotonic() + PATIENCE
        while self._delivers and self._received() < self._expected and time.monotonic() < end:
            time.sleep(0.05)
        return run

    def _received(self) -> int:
        path = self._folder / RECEIVED
        return path.stat().st_size if path.exists() else 0


def main() -> None:
    """Print what is measured; for work on the code: ``python -m benchmarks.webhooks``."""
    with FakeLean() as lean:
        for store, found in webhooks(lean, 3).items():
            for name, answers in found.items():
                print(f"{store}: {name}: {answers}")


if __name__ == "__main__":
    main()
