"""A real redis-server, to be started, killed and started again."""

from __future__ import annotations

import socket
import subprocess
import time

import redis


def until(condition, seconds=10.0):
    """Poll *condition* until it holds; its value.

    :raises TimeoutError: when it does not within *seconds*.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise TimeoutError(f"{condition} did not hold within {seconds} s")


class RedisServer:
    """A redis-server with nothing on disk."""

    def __init__(self, folder):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process = None

    def start(self):
        command = ["redis-server", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(
            command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(self._answers)

    def _answers(self):
        try:
            with redis.Redis(port=self.port) as client:
                return client.ping()
        except redis.ConnectionError:
            return False

    def stop(self):
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
