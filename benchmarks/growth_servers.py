"""What requests cost at servers of more threads and workers, beside constant bytes at the same."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from .contenders import Setup, remember
from .load import LIMIT, OURS, Ratio
from .servers import GTHREAD, Server, serve
from .workloads import BANKS, LAUNCH, PICKER, SEARCH, WEBHOOKS, Request

AGAIN = "constant bytes again"
CONNECTIONS = 64  # as many as the most threads
#: How many are sent before the first is sent again: more than a server answers in a second.
_DIFFERENT = {BANKS: 1, SEARCH: 4000, PICKER: 1, LAUNCH: 2000, WEBHOOKS: 5000}
_WARM_UP = 60  # requests of each kind, and so many launches that each worker has all tokens
_MAX_SECONDS = 8  # of a round
_SCRIPT = Path(__file__).with_name("wrk_requests.lua")
_OF_THE_SERVER = {"Server", "Date", "Connection"}


def at_servers(
    setup: Setup, requests: Mapping[str, Iterator[Request]], shapes: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], dict[str, Ratio]]:
    """Return how much processor time each kind takes, beside the bytes of the list.

    :param setup: of the contender; each server gets a folder, and so a store, of its own.
    :param shapes: workers, and threads of each.
    """
    folder = Path(setup.folder)
    constant = _write(folder / "constant.txt", [Request("GET", "/constant")])
    kinds = [*_DIFFERENT, LAUNCH, LAUNCH]
    warm_up = [list(islice(requests[kind], _WARM_UP)) for kind in kinds]
    warming = _write(folder / "warm-up.txt", chain.from_iterable(zip(*warm_up, strict=True)))
    files = {
        kind: _write(folder / f"{number}.txt", islice(requests[kind], different))
        for number, (kind, different) in enumerate(_DIFFERENT.items())
    }
    listed = next(requests[BANKS])

    def at(shape: tuple[int, int]) -> dict[str, Ratio]:
        workers, threads = shape
        with ExitStack() as stack:

            def start(name: str) -> Server:
                return stack.enter_context(
                    serve(name, own[name], threads=threads, kind=GTHREAD, workers=workers)
                )

            own = {
                name: replace(setup, folder=stack.enter_context(tempfile.TemporaryDirectory()))
                for name in (OURS, LIMIT)
            }
            ours = start(OURS)
            answer = ours.get(listed.path, listed.headers)
            headers = [pair for pair in answer.headers if pair[0] not in _OF_THE_SERVER]
            remember(Path(own[LIMIT].folder), "constant", 200, headers, answer.body)
            limit = start(LIMIT)
            _wait_until_idle(ours, limit)
            _processor(ours, warming)
            before = _processor(limit, constant)
            took = {kind: _processor(ours, file) for kind, file in files.items()}
            after = _processor(limit, constant)
        found = {kind: _beside(seconds, before, after) for kind, seconds in took.items()}
        return found | {AGAIN: _beside(after, before)}

    return {shape: at(shape) for shape in dict.fromkeys(shapes)}


def _write(path: Path, requests: Iterable[Request]) -> Path:
    path.write_text("".join(f"{one.line()}\n" for one in requests))
    return path


def _wait_until_idle(*servers: Server) -> None:
    """Return when no worker starts any more, or answers what was sent before."""
    while True:
        before = [server.processor_seconds() for server in servers]
        time.sleep(0.15)
        if [server.processor_seconds() for server in servers] == before:
            return


def _processor(server: Server, requests: Path, seconds: int = 1) -> float:
    """Return the seconds of processor time that the workers take for one of *requests*."""
    command = [
        "wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s",
        "--timeout", "30s", "--script", str(_SCRIPT), server.url, "--", str(requests),
    ]  # fmt: skip
    begun = server.processor_seconds()
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    _wait_until_idle(server)
    took = server.processor_seconds() - begun
    came = json.loads(output.splitlines()[-1])
    if came["failed"]:
        raise RuntimeError(f"{came['failed']} requests of {requests.name} failed: {output}")
    if came["requests"] < CONNECTIONS and seconds < _MAX_SECONDS:  # a busy machine
        return _processor(server, requests, seconds * 2)
    # wrk does not wait for the last answer on each connection, but the workers give it.
    return float(took / (came["requests"] + CONNECTIONS))


def _beside(seconds: float, *limits: float) -> Ratio:
    """Return how many times the constant bytes' time it is, beside each run of them."""
    low, *_, high = sorted([seconds / limit for limit in (*limits, *limits)])
    return Ratio((low + high) / 2, low, high)
