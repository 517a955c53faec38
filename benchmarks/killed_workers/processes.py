"""gunicorn and ``flask lean work``, killed at random and started again."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from types import TracebackType
from urllib.request import urlopen

from ..servers import ROOT
from .host import FACTORY, HostSetup

START_TIMEOUT = 30.0  # seconds


class Processes:
    """The workers of gunicorn, and as many of ``flask lean work`` as wanted."""

    def __init__(self, setup: HostSetup, web: int, work: int = 0, seed: int = 0) -> None:
        self._environment = os.environ | setup.environment() | {"PYTHONPATH": str(ROOT)}
        self._web_size, self._work_size = web, work
        self._folder = Path(setup.folder)
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self._address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.url = f"{self._address}/lean/webhooks"
        self._gunicorn: subprocess.Popen[bytes] | None = None
        self._workers: list[subprocess.Popen[bytes]] = []
        self._random = random.Random(seed)
        self.killed = 0

    def __enter__(self) -> Processes:
        """Start all, and wait until gunicorn's workers are there."""
        self._gunicorn = self._start(
            [
                "-m", "gunicorn", "--workers", str(self._web_size), "--threads", "4", "--preload",
                "--bind", f"fd://{self._socket.fileno()}", "--log-level", "warning", FACTORY,
            ]
        )  # fmt: skip
        self._workers = [self._start_worker() for _ in range(self._work_size)]
        end = time.monotonic() + START_TIMEOUT
        while len(self.web) < self._web_size:
            if time.monotonic() > end or self._gunicorn.poll() is not None:
                raise RuntimeError(f"gunicorn did not start:\n{self.log}")
            time.sleep(0.05)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Kill all: a stop that waits for what is under way would change no verdict any more."""
        for process in [*self._workers, *([self._gunicorn] if self._gunicorn else [])]:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._socket.close()

    @property
    def log(self) -> str:
        """Return what the processes wrote."""
        return (self._folder / "processes.log").read_text(errors="replace")

    def kill_one(self) -> None:
        """Kill a random process, and start a new one where gunicorn does not."""
        web = self.web
        chosen = self._random.randrange(len(web) + len(self._workers))
        self.killed += 1
        if chosen < len(web):
            os.kill(web[chosen], signal.SIGKILL)
            return
        worker = self._workers.pop(chosen - len(web))
        worker.kill()
        worker.wait()
        self._workers.append(self._start_worker())

    @contextmanager
    def being_killed(self, every: float) -> Iterator[None]:
        """Kill one process each *every* seconds."""
        with _each(every, self.kill_one):
            yield

    @contextmanager
    def being_visited(self) -> Iterator[None]:
        """Ask for the health once a second, as a load balancer does.

        A worker begins to deliver with its first request.
        """
        with _each(1.0, self._visit):
            yield

    def _visit(self) -> None:
        with (
            suppress(OSError, HTTPException),
            urlopen(f"{self._address}/lean/health/live", timeout=5) as answer,
        ):
            answer.read()

    def _start_worker(self) -> subprocess.Popen[bytes]:
        return self._start(["-m", "flask", "--app", FACTORY, "lean", "work"])

    def _start(self, arguments: list[str]) -> subprocess.Popen[bytes]:
        with (self._folder / "processes.log").open("a") as log:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=self._folder,
                env=self._environment,
                pass_fds=[self._socket.fileno()],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def web(self) -> list[int]:
        """Return the workers of gunicorn."""
        assert self._gunicorn
        pid = self._gunicorn.pid
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]


@contextmanager
def _each(seconds: float, work: Callable[[], None]) -> Iterator[None]:
    """Do *work* each so many *seconds*, in a thread."""
    stopped = threading.Event()

    def go_on() -> None:
        while not stopped.wait(seconds):
            work()

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
