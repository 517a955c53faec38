"""A real redis-server, to be started, killed and started again."""

from __future__ import annotations

import random
import socket
import subprocess
import time
from contextlib import suppress

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

AT_ONCE = Retry(NoBackoff(), 0)  # redis-py waits a second before it tries again


def until(condition, seconds=30.0, pause=0.02):
    """Poll *condition* until it holds, with a *pause* in seconds in between; its value.

    :raises TimeoutError: when it does not within *seconds*.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(pause)
    raise TimeoutError(f"{condition} did not hold within {seconds} s")


#: Below the ports that systems give to who asks for any: a server that a test stops finds its port
#: free when it starts again.
OWN_PORTS = range(12_000, 32_000)


def free_port():
    """A port that no other test gets by chance."""
    while True:
        port = random.SystemRandom().choice(OWN_PORTS)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


class RedisServer:
    """A redis-server with nothing on disk.

    :param program: may be another one of this kind.
    """

    def __init__(self, folder, *options, program="redis-server"):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._options = options
        self._program = program
        self._process = None

    def start(self):
        self._process = self._spawn()
        until(self._answers)

    def _spawn(self):
        command = [self._program, "--port", str(self.port), "--save", "", "--appendonly", "no"]
        return subprocess.Popen(
            [*command, *self._options],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _answers(self):
        if self._process.poll() is not None:  # another test's connection had the port
            self._process = self._spawn()
        try:
            with redis.Redis(port=self.port, retry=AT_ONCE) as client:
                return client.ping()
        except redis.AuthenticationError:
            return True
        except redis.ConnectionError:
            return False

    def flush(self):
        with redis.Redis(port=self.port) as client:
            client.flushall()

    def stop(self):
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
