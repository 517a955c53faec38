"""``flask lean work``: deliver events in a process of its own, until it is stopped."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue

import click
from flask.cli import AppGroup

from ..common.logs import get_logger
from ..events.workers import DeliveryWorkers
from ..services import Services
from .printing import fail

log = get_logger("lean_flask.work")


def add_work(commands: AppGroup, services_of: Callable[[], Services]) -> None:
    """Add ``work`` to *commands*, those of one blueprint."""

    @commands.command("work")
    @click.option(
        "--threads",
        type=click.IntRange(1, 64),
        default=8,
        show_default=True,
        help="Events at once, of different subjects.",
    )
    def work(threads: int) -> None:
        """Call the receivers of Lean's events, until SIGTERM or SIGINT.

        Then it takes no more events, and ends when the receivers that run have returned. A second
        signal ends it at once; other processes take up what was under way.
        """
        events = services_of().events
        if not events.inbox.is_durable:
            fail(
                "LEAN_STORE_URL is memory:, or the instance folder is not writable. The events are "
                "in the memory of the process that got them: set LEAN_STORE_URL to a file or Redis"
            )
        _show_log_lines()
        sys.exit(run_until_stopped(events.make_workers(threads), threads))


def run_until_stopped(workers: DeliveryWorkers, threads: int) -> int:
    """Deliver until a signal comes; return the exit code."""
    news: SimpleQueue[str] = SimpleQueue()  # unlike an Event, safe in a handler of signals
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: news.put("signal"))
    workers.start()
    log.info("Delivering events, up to %d at once", threads)
    news.get()
    log.info("Stopping: no more events are taken; a second signal ends at once")
    threading.Thread(target=_finish, args=(workers, news), daemon=True).start()
    if news.get() == "signal":
        workers.stop(0)
        log.info("Stopped at once; what was under way is delivered again")
        return 1
    log.info("Stopped")
    return 0


def _finish(workers: DeliveryWorkers, news: SimpleQueue[str]) -> None:
    workers.stop(None)
    news.put("ended")


def _show_log_lines() -> None:
    """Write our lines to the terminal, unless the host has set up logging."""
    ours = logging.getLogger("lean_flask")
    if not ours.hasHandlers():
        logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
    if ours.getEffectiveLevel() > logging.INFO and ours.level == logging.NOTSET:
        ours.setLevel(logging.INFO)
