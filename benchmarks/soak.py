"""An hour of mixed traffic and faults in ten minutes: do memory, descriptors and threads stay?

Two gunicorn workers of four threads answer visitors, webhooks and operators while Lean breaks in
one way after the other. The app's clocks run six times as fast (see :mod:`.soak_host`).
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import redis

from lean_flask.testing import FakeLean

from .killed_workers.redis_server import store_url
from .report import with_section
from .servers import serve
from .soak_chart import soak_chart
from .soak_client import Answers
from .soak_host import HurriedSetup
from .soak_report import PACE, PICTURE, THREADS, WORKERS, Outcome, soak_section
from .soak_samples import Sample, compare, growth, read_sample
from .soak_traffic import Traffic
from .soak_weather import FAULTS, Weather

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
HOST = "benchmarks.soak_host:create_app"
MINUTES = 60.0  # of test clock
CLIENTS = 6  # threads that visit at the same time
RATE = 100.0  # requests per second, if the machine can
TURN = 20.0  # seconds of the weather, in a run that is long enough for each fault
INTERVAL = 2.0  # seconds between samples
MIN_SAMPLES = 30  # in a short run they are taken more often
LINES = 20  # on the terminal, in a soak
LIST_TTL, TOKEN_SECONDS = 60, 300  # of test clock
TIMEOUT = 2.0  # seconds for one call to Lean


def soak(minutes: float, store: str, rate: float, tell: Callable[[str], None]) -> Outcome:
    """Run for so many *minutes* of test clock.

    :param store: ``sqlite`` or ``redis``.
    :param rate: requests per second.
    :param tell: gets a line from time to time.
    """

    def said(sample: Sample) -> None:
        tell(f"{sample}; {answers.total:,} requests")

    seconds = minutes * 60 / PACE
    with (
        FakeLean() as lean,
        tempfile.TemporaryDirectory() as folder,
        store_url(store, folder) as url,
    ):
        lean.token_seconds = TOKEN_SECONDS
        settings = lean.settings() | {"store_url": url}
        setup = HurriedSetup(settings, LIST_TTL, TIMEOUT, folder, PACE, time.time())
        weather = Weather(lean, min(TURN, seconds / len(FAULTS)))
        answers = Answers(weather.trouble, weather.describe)
        with serve("soak", setup, THREADS, HOST, workers=WORKERS) as server:
            traffic = Traffic(lean, setup, server.port, answers, rate)
            visits = [partial(traffic.run, seed=number) for number in range(CLIENTS)]
            with _running([*visits, weather.run], lean) as running:
                samples = list(_watch(setup, url, seconds, running, said))
        measures = compare(samples)
    broken = growth(one for one in measures if store == "sqlite" or one.name != "store")
    broken += answers.complaints()
    if len(setup.workers()) > WORKERS:
        broken.append("a worker ended, and another one took its place")
    for example in answers.examples:
        tell(example)
    return Outcome(minutes, store, answers.total, answers.refused, samples, measures, broken)


@contextmanager
def _running(
    works: Sequence[Callable[[threading.Event], None]], lean: FakeLean
) -> Iterator[Sequence[Future[None]]]:
    """Do each of *works* in a thread of its own; they end when their event is set."""
    over = threading.Event()
    with ThreadPoolExecutor(len(works)) as pool:
        try:
            yield [pool.submit(work, over) for work in works]
        finally:
            over.set()
            lean.heal()


def _watch(
    setup: HurriedSetup,
    url: str,
    seconds: float,
    running: Sequence[Future[None]],
    tell: Callable[[Sample], None],
) -> Iterator[Sample]:
    """Take samples for so many *seconds*.

    :raises OSError: when a worker has ended.
    :raises Exception: the error of one of those *running*.
    """
    while len(setup.workers()) < WORKERS:
        time.sleep(0.05)
    begun, told = time.monotonic(), 0.0
    every = min(INTERVAL, seconds / MIN_SAMPLES)
    while (since := time.monotonic() - begun) < seconds:
        for work in running:
            if work.done():
                work.result()
        sample = read_sample(since * PACE / 60, setup.workers(), _size(url))
        yield sample
        if since >= told:
            told = since + seconds / LINES
            tell(sample)
        time.sleep(every)


def _size(url: str) -> int:
    """Return how many rows there are; of Redis, the bytes."""
    if url.startswith("sqlite:"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            counts = " + ".join(f"(SELECT count(*) FROM {name})" for (name,) in tables)
            return int(database.execute(f"SELECT {counts or 0}").fetchone()[0])
    with redis.Redis.from_url(url) as client:
        used: int = client.info("memory")["used_memory"]
        return used


def main() -> None:
    """Run once, and exit with 1 if something grew, or a request was answered as none should be."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="of test clock")
    parser.add_argument("--store", choices=("sqlite", "redis"), default="sqlite")
    parser.add_argument("--rate", type=float, default=RATE, help="requests per second")
    parser.add_argument("--write", action="store_true", help="a whole hour into docs/benchmarks.md")
    options = parser.parse_args()
    outcome = soak(options.minutes, options.store, options.rate, partial(print, flush=True))
    print(outcome)
    if options.write and options.minutes >= MINUTES:
        PAGE.write_text(with_section(PAGE.read_text(), soak_section(outcome)))
        picture = soak_chart(outcome.samples, outcome.measures)
        (PAGE.parent / "images" / PICTURE).write_text(picture)
    sys.exit(bool(outcome.broken))


if __name__ == "__main__":
    main()
