"""gunicorn: four processes with eight threads each. A thread can wait for Lean, hence threads."""

import os
from pathlib import Path
from typing import Any

workers = int(os.environ.get("WEB_CONCURRENCY", "4"))
worker_class = "gthread"
threads = 8
# Loaded once, then forked: a wrong setting ends gunicorn at once, and the workers share memory.
# To load new code, start gunicorn anew; `kill -HUP` would fork the old code again.
preload_app = True
# Longer than the longest request: LEAN_TIMEOUT twice, and a little.
graceful_timeout = 30
# Where a worker says that it lives. On a disk that is slow, gunicorn would take it for dead.
if Path("/dev/shm").is_dir():  # noqa: S108 - a folder of the system's, and no file name to guess
    worker_tmp_dir = "/dev/shm"  # noqa: S108
# Nothing here is controlled while it runs: a socket for that would be one more thing to guard.
control_socket_disable = True
# No access log here: nginx writes one.

# Where the processes share their metrics. What former processes left there counts no more.
if metrics := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    folder = Path(metrics)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink()


def child_exit(_: Any, worker: Any) -> None:
    """Forget the gauges of a process that has ended."""
    if metrics:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)
