"""A redis-server that has written what it answered."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import redis

DURABLE = ("--appendonly", "yes", "--appendfsync", "always", "--save", "")


@contextmanager
def redis_server(folder: str) -> Iterator[str]:
    """Run one in *folder*, and yield its URL."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), *DURABLE], cwd=folder, stdout=subprocess.DEVNULL
    )
    try:
        with redis.Redis(port=port) as client:
            _wait_until_up(client, process)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def store_url(kind: str, folder: str) -> Iterator[str]:
    """Yield the ``STORE_URL`` of a new store in *folder*.

    :param kind: ``sqlite`` or ``redis``.
    """
    if kind == "sqlite":
        yield f"sqlite:///{folder}/store.sqlite3"
        return
    with redis_server(folder) as url:
        yield url


def _wait_until_up(client: redis.Redis, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            client.ping()
        except redis.ConnectionError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("redis-server did not start")
