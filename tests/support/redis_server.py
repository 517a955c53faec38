"""A real redis-server, to be started, killed and started again."""

from __future__ import annotations

import socket
import subprocess
import time

import redis


def until(condition, seconds=30.0):
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


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


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
            with redis.Redis(port=self.port) as client:
                return client.ping()
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


class RedisCluster:
    """Three nodes, each of which has a third of the slots."""

    def __init__(self, folder):
        self.nodes, self._buses = [], []
        for number in range(3):
            home = folder / f"node-{number}"
            home.mkdir()
            # By default 10,000 above the port, which may be taken, or above the highest.
            bus = free_port()
            options = ("--cluster-enabled", "yes", "--cluster-port", str(bus))
            self.nodes.append(RedisServer(home, *options))
            self._buses.append(bus)
        self.urls = [node.url for node in self.nodes]
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        self.url = f"redis+cluster://{hosts}"

    def start(self):
        for node in self.nodes:
            node.start()
        bounds = (0, 5461, 10923, 16384)
        for number, node in enumerate(self.nodes):
            with redis.Redis(port=node.port) as client:
                slots = (bounds[number], bounds[number + 1] - 1)
                client.execute_command("CLUSTER ADDSLOTSRANGE", *slots)
                client.execute_command("CLUSTER SET-CONFIG-EPOCH", number + 1)
                for other, bus in zip(self.nodes[:number], self._buses, strict=False):
                    client.execute_command("CLUSTER MEET", "127.0.0.1", other.port, bus)
        for node in self.nodes:
            with redis.Redis(port=node.port) as client:
                until(lambda c=client: c.cluster("info")["cluster_state"] == "ok")

    def flush(self):
        for node in self.nodes:
            node.flush()

    def stop(self):
        for node in self.nodes:
            node.stop()
