"""gunicorn: four processes with eight threads each. A thread can wait for Lean, hence threads."""

import os
from pathlib import Path

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
# No access log here: nginx writes one.
