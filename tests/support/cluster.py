"""Real gunicorn workers and a real redis-server, to be started, asked and killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from support import plain_http
from support.redis_server import until

HERE = Path(__file__).parent
WORKERS = 4
ASKING_PAUSE = 0.1  # seconds
PROMISED = 2.0  # seconds


class Cluster:
    """gunicorn with workers of its own, on a socket that the test holds.

    :param kind: of its workers; only those of gthread have threads.
    """

    def __init__(self, settings, folder, threads, preload, kind="gthread", workers=WORKERS):
        self._size = workers
        self.settings = settings
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.events = folder / "events"
        self.log = folder / "gunicorn.log"
        self._command = [
            sys.executable, "-m", "gunicorn", "--workers", str(workers), "--worker-class", kind,
            *(["--threads", str(threads)] if kind == "gthread" else []),
            "--bind", f"fd://{self.socket.fileno()}", "--chdir", str(HERE),
            "--graceful-timeout", "1",
            *(["--preload"] if preload else []), "cluster_host:app",
        ]  # fmt: skip
        self._environment = os.environ | {
            "HOST_SETTINGS": json.dumps(settings),
            "HOST_INSTANCE": str(folder),
            "HOST_EVENTS": str(self.events),
        }
        self._process = None
        self._client = self.browser()

    def browser(self, timeout=20):
        """A client with its own cookies.

        Each request has a connection of its own: the kernel spreads them over the workers, and
        none is sent on one that gunicorn is about to close.
        """
        alone = {"Connection": "close"}
        return plain_http.Client(base_url=self.url, timeout=timeout, headers=alone)

    def start(self):
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                pass_fds=[self.socket.fileno()],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(self._answers, 60)
        self.by_worker("/")  # all of them are up

    def _answers(self):
        try:
            return self.get("/").status_code == 404
        except httpx.TransportError:
            return False

    def stop(self):
        """As a host does: what is under way is ended first."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(10)
        self._process = None

    def close(self):
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._client.close()
        self.socket.close()

    def get(self, path="/lean/banks", **options):
        return self._client.get(path, **options)

    def post(self, path, **options):
        return self._client.post(path, **options)

    def many(self, path="/lean/banks", requests=32):
        """As many answers at once."""
        with ThreadPoolExecutor(requests) as pool:
            return list(pool.map(lambda _: self.get(path), range(requests)))

    def by_worker(self, path="/lean/banks"):
        """One answer of each worker, the latest."""
        responses = {}
        while len(responses) < self._size:
            for response in self.many(path, 12):
                responses[response.headers["X-Worker"]] = response
        return responses

    def until(self, condition, seconds=30.0):
        """Poll *condition*, which asks many workers: at once again would keep a core busy."""
        return until(condition, seconds, ASKING_PAUSE)

    def until_all_know(self, condition):
        """Poll *condition* until it holds, as news are promised to reach every worker.

        A question that is put later than that has no excuse.
        """
        said = asked = time.monotonic()
        while not condition():
            assert asked - said < PROMISED
            time.sleep(ASKING_PAUSE)
            asked = time.monotonic()

    def kill_worker(self, pid):
        os.kill(pid, signal.SIGKILL)

    def workers(self):
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]
