"""``python -m benchmarks.scale``: what a Redis bears as the processes that share it become many.

It prints tables, and with ``--write`` puts them into docs/scale.md.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import redis

from .killed_workers.redis_server import redis_server
from .servers import ROOT
from .simulation import TTL, Counting, Fleet, Process

SIZES = (1, 10, 100, 1000)
SECONDS = 8.0  # of simulated time for each measurement
FETCH = 3.0  # real seconds that Lean takes, for processes that start together
_BEGIN, _END = "<!-- measured by benchmarks/scale.py -->", "<!-- end of what was measured -->"


@dataclass(frozen=True)
class Load:
    """What processes ask of Redis, each per second of simulated time.

    :param round_trips: commands that a process waits for.
    :param sent: bytes that Redis sent.
    :param cpu: seconds of processor time that Redis took.
    """

    round_trips: float
    sent: float
    cpu: float


@dataclass(frozen=True)
class Measured:
    """What *size* processes did.

    :param start_calls: calls of Lean when all start together.
    :param start_trips: round trips of one process then, per second that it waited; ``None`` where
        this machine was too slow for so many threads.
    :param ttl_calls: calls of Lean while one ``BANKS_TTL`` passed.
    :param event: per process, seconds after which no answer was without the event.
    :param override: the same for an override.
    :param inbox: what it costs that each process looks for events once.
    :param connection: bytes of Redis for one process; *data*: bytes of all values.
    """

    size: int
    start_calls: int
    start_trips: float | None
    ttl_calls: int
    quiet: Load
    busy: Load
    inbox: Load
    event: Sequence[float]
    override: Sequence[float]
    connection: float
    data: int


def measure(size: int, url: str, seconds: float = SECONDS, fetch: float = FETCH) -> Measured:
    """Run *size* processes on the Redis at *url*, which nobody else uses and which is empty."""
    with closing(Fleet(size, url)) as fleet, redis.Redis.from_url(url) as client:
        memory = client.info("memory")["used_memory"]
        fleet.lean.before_answer = lambda: time.sleep(fetch)
        begun, before = time.monotonic(), Counting.round_trips
        fleet.start_together()
        waited = time.monotonic() - begun
        trips = (Counting.round_trips - before) / size / waited
        start_trips = trips if waited < 1.3 * fetch else None
        start_calls = fleet.lean.calls
        fleet.lean.before_answer = lambda: None
        fleet.run(6.0)  # the slowest has looked at the store

        quiet = _load(client, seconds, lambda: fleet.run(seconds))
        busy = _load(client, seconds, lambda: _launch_each_second(fleet, seconds))
        inbox = _load(client, 1.0, fleet.look_for_events)
        fleet.take_bank_down()
        event = fleet.seconds_of_old_answers(Process.is_down, seconds)
        fleet.hide_bank()
        override = fleet.seconds_of_old_answers(Process.is_hidden, seconds)
        calls = fleet.lean.calls
        fleet.now += TTL
        fleet.run(seconds)
        data = sum(client.memory_usage(name) or 0 for name in client.scan_iter())
        used = client.info("memory")["used_memory"] - memory
        return Measured(
            size=size,
            start_calls=start_calls,
            start_trips=start_trips,
            ttl_calls=fleet.lean.calls - calls,
            quiet=quiet,
            busy=busy,
            inbox=inbox,
            event=event,
            override=override,
            connection=max(0, used - data) / size,
            data=data,
        )


def _launch_each_second(fleet: Fleet, seconds: float) -> None:
    for _ in range(int(seconds)):
        fleet.launch()
        fleet.run(1.0)


def _load(client: redis.Redis, seconds: float, work: Callable[[], object]) -> Load:
    before, trips = _counters(client), Counting.round_trips
    work()
    after = _counters(client)
    return Load(
        (Counting.round_trips - trips) / seconds,
        (after["sent"] - before["sent"]) / seconds,
        (after["cpu"] - before["cpu"]) / seconds,
    )


def _counters(client: redis.Redis) -> dict[str, float]:
    info: dict[str, Any] = client.info()
    return {
        "sent": info["total_net_output_bytes"],
        "cpu": info["used_cpu_user"] + info["used_cpu_sys"],
    }


def tables(found: Sequence[Measured]) -> str:
    """Return what was found as Markdown."""
    most = found[-1]
    news = [
        [
            f"{one.size:,}",
            str(one.start_calls),
            str(one.ttl_calls),
            *_delays(one.event),
            *_delays(one.override),
        ]
        for one in found
    ]
    cost = [
        [
            f"{one.size:,}",
            "" if one.start_trips is None else f"{one.start_trips:.0f}",
            f"{one.quiet.round_trips / one.size:.1f}",
            f"{one.busy.round_trips / one.size:.1f}",
            f"{one.busy.sent / one.size / 1000:.1f} kB",
            *(f"{load.cpu:.1%}" for load in (one.quiet, one.busy, one.inbox)),
        ]
        for one in found
    ]
    return f"""{_table(_NEWS, news)}

{_table(_COST, cost)}

Memory of Redis: {most.data / 1000:,.0f} kB for the values of {most.size:,} processes, and
{most.connection / 1000:,.0f} kB for the connections of each."""


_NEWS = (
    "processes",
    "calls of Lean when all start at once",
    "calls of Lean in one `BANKS_TTL`",
    "an event: half of them know it after",
    "all after",
    "an override: half after",
    "all after",
)
_COST = (
    "processes",
    "round trips of one in a second: waiting for the first list",
    "a quiet second",
    "a second with a launch somewhere",
    "bytes to one in such a second",
    "one core of Redis: a quiet second",
    "a second with a launch",
    "all look for events once",
)


def _delays(seconds: Sequence[float]) -> list[str]:
    return [f"{statistics.median(seconds):.1f} s", f"{max(seconds):.1f} s"]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---:"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def with_tables(page: str, text: str) -> str:
    """Return *page* with *text* in place of what was measured before."""
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n\n{text}\n\n{_END}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--write", action="store_true", help="into docs/scale.md")
    options = parser.parse_args()
    logging.getLogger("lean_flask").setLevel(logging.ERROR)
    found = []
    for size in sorted(options.sizes):
        print(f"==> {size:,} processes", flush=True)
        with tempfile.TemporaryDirectory() as folder, redis_server(folder) as url:
            found.append(measure(size, url))
    text = tables(found)
    print(text)
    if options.write:
        path = ROOT / "docs" / "scale.md"
        path.write_text(with_tables(path.read_text("utf-8"), text), "utf-8")


if __name__ == "__main__":
    main()
