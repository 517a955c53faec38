"""gunicorn under each contender, and plain HTTP to ask it.

Both kinds of workers that Flask apps run under are measured: ``gthread`` with keep-alive, which
docs/deployment.md recommends, and gunicorn's default ``sync``, which opens a connection for each
request.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

from .contenders import Setup

ROOT = Path(__file__).parent.parent
WORKERS = 2
SYNC, GTHREAD = "sync", "gthread"
THREADS = 8  # of each gthread worker, as in docs/deployment.md
KEEP_ALIVE = 75  # seconds: no connection ends while a server is measured


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    seconds: float

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def cookies(self) -> str:
        """Return what this response sets, as the value of a ``Cookie`` header."""
        return "; ".join(
            value.partition(";")[0] for name, value in self.headers if name == "Set-Cookie"
        )


@dataclass(frozen=True)
class Server:
    """A running gunicorn.

    :param pid: of its master, which answers nothing itself.
    """

    name: str
    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def processor_seconds(self) -> float:
        """Return the processor time that its workers have taken so far."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return sum(_processor_seconds(pid) for pid in children)

    def get(
        self, path: str, headers: Mapping[str, str] | None = None, timeout: float = 60
    ) -> Answer:
        """One answer on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        begun = time.monotonic()
        try:
            connection.request("GET", path, headers=dict(headers or {}))
            response = connection.getresponse()
            body = response.read()
            return Answer(response.status, response.getheaders(), body, time.monotonic() - begun)
        finally:
            connection.close()

    def at_once(self, path: str, requests: int) -> list[Answer]:
        """Return the responses to as many requests that set out together."""
        line = Barrier(requests)

        def ask(_: int) -> Answer:
            line.wait()
            return self.get(path)

        with ThreadPoolExecutor(requests) as pool:
            return list(pool.map(ask, range(requests)))


@contextmanager
def serve(
    name: str,
    setup: Setup,
    threads: int | None = None,
    maker: str = "benchmarks.contenders:make",
    kind: str = SYNC,
    workers: int = WORKERS,
) -> Iterator[Server]:
    """Run a contender under gunicorn.

    :param threads: of each worker; more than one means gthread. By default as *kind* has it.
    :param maker: module and name of the function that makes the app of *name*.
    :param kind: :data:`SYNC` or :data:`GTHREAD`.
    :param workers: how many processes.
    """
    threads = threads or (THREADS if kind == GTHREAD else 1)
    kind = GTHREAD if threads > 1 else kind
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        log = Path(setup.folder) / "gunicorn.log"
        command = [
            sys.executable, "-m", "gunicorn", "--workers", str(workers),
            "--worker-class", kind, "--threads", str(threads), "--keep-alive", str(KEEP_ALIVE),
            "--bind", f"fd://{listening.fileno()}", "--log-level", "warning",
            f'{maker}("{name}")',
        ]  # fmt: skip
        with log.open("w") as lines:
            process = subprocess.Popen(
                command,
                cwd=setup.folder,
                env=os.environ | setup.environment() | {"PYTHONPATH": str(ROOT)},
                pass_fds=[listening.fileno()],
                stdout=lines,
                stderr=lines,
            )
        server = Server(name, listening.getsockname()[1], process.pid)
        try:
            _wait_until_up(server, process, log)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _processor_seconds(pid: str) -> float:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = after_name[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _wait_until_up(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once a worker answers, if only that there is no such page."""
    while process.poll() is None:
        try:
            server.get("/up", timeout=1)
        except TimeoutError:
            continue
        return
    raise RuntimeError(f"gunicorn did not start {server.name}:\n{log.read_text()}")
