"""``POST /webhooks`` beside a plain Flask view that verifies the signature and writes one row.

Beside both stands a view that only answers the same, and has no store.
"""

from __future__ import annotations

import random
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from lean_flask.testing import FakeLean

from .beside import PLAIN, Answers, compare, in_turns, post, remember_answer
from .contenders import Setup
from .killed_workers.plan import make_event
from .killed_workers.redis_server import store_url
from .load import LIMIT, Run, Target, wrk
from .servers import GTHREAD, SYNC, Answer, Server, serve
from .webhook_hosts import BACKGROUND, PATH, RECEIVED, WORKER

STORES = ("sqlite", "redis")
NAMES = (PLAIN, WORKER, BACKGROUND)
EVENTS = 6000  # more than a server takes in a round of one second
PATIENCE = 120.0  # seconds until the events of a round are delivered


def webhooks(lean: FakeLean, rounds: int) -> dict[str, dict[str, Answers]]:
    """Measure each store with each kind of worker: all once per round, with new events."""
    found = {}
    for kind in (GTHREAD, SYNC):
        with ExitStack() as stack:
            hosts = _start(stack, lean, kind)

            def run(name: str, number: int, hosts: dict[str, _Host] = hosts) -> Run:
                return hosts[name].take(f"{number} {name}")

            runs = in_turns(hosts, rounds, run)
        for store in STORES:
            plain = runs[f"{store} {PLAIN}"]
            found[f"{store}, {kind}"] = {
                name: compare(runs[f"{store} {name}"], plain, runs[LIMIT]) for name in NAMES
            } | {LIMIT: compare(runs[LIMIT], plain, runs[LIMIT])}
    return found


def _start(stack: ExitStack, lean: FakeLean, kind: str) -> dict[str, _Host]:
    """Return a host of each store and name, and the limit, which answers as the first of ours."""
    home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    hosts = {
        f"{store} {name}": _Host(stack, lean, name, store, home, kind)
        for store in STORES
        for name in NAMES
    }
    ours = hosts[f"{STORES[0]} {WORKER}"]
    return hosts | {LIMIT: _Host(stack, lean, LIMIT, STORES[0], home, kind, ours)}


def _write_events(home: Path, secret: str, seed: str) -> Path:
    """Return a file of signed events, which nobody has had before."""
    about, path = random.Random(seed), home / "events.txt"
    events = [make_event(f"entity {seed} {number}", secret, about) for number in range(EVENTS)]
    path.write_text("".join(f"{event.signature}\t{event.body.decode()}\n" for event in events))
    return path


class _Host:
    """A server with a store of its own."""

    def __init__(
        self,
        stack: ExitStack,
        lean: FakeLean,
        name: str,
        store: str,
        home: Path,
        kind: str,
        like: _Host | None = None,
    ) -> None:
        self._folder = Path(tempfile.mkdtemp(dir=home))
        self._secret = lean.webhook_secret
        url = stack.enter_context(store_url(store, str(self._folder)))
        settings = lean.settings() | {"store_url": url}
        if name in {WORKER, BACKGROUND}:
            settings["webhook_delivery"] = "worker" if name == WORKER else "background"
        setup = Setup(settings, 3600, 5.0, str(self._folder))
        if like:
            remember_answer(setup.folder, like.answer())
        self._server: Server = stack.enter_context(
            serve(name, setup, maker="benchmarks.webhook_hosts:make", kind=kind)
        )
        self._delivers = name == BACKGROUND
        self._expected = 0

    def answer(self) -> Answer:
        """Return the answer to one event."""
        event = make_event("entity of one", self._secret, random.Random("one"))
        self._expected += 1
        headers = {"Content-Type": "application/json", "lean-signature": event.signature}
        return post(self._server, PATH, headers, event.body)

    def take(self, seed: str) -> Run:
        """Post new events for a second, and wait until what was taken is delivered."""
        events = _write_events(self._folder, self._secret, seed)
        again = ("again",) if self._server.name == LIMIT else ()
        run = wrk(Target(self._server, PATH, {}), 1, "wrk_webhooks.lua", str(events), *again)
        if run.failed:
            name = self._server.name
            raise RuntimeError(f"{run.failed} webhooks of {name} were not answered 200")
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
