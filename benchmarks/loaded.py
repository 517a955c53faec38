"""How busy the machine is with other work, and such work for what is measured under load."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

QUIET = 0.1  # of the processors: what other programs may take in a run that is called quiet


def share_taken(seconds: float = 2.0) -> float:
    """Return the share of the processors that other programs take while this one waits."""
    before = _times()
    time.sleep(seconds)
    passed = [now - then for now, then in zip(_times(), before, strict=True)]
    idle = passed[3] + passed[4]  # waiting for a disk is idle, too
    return 1 - idle / sum(passed)


def _times() -> list[int]:
    return [int(ticks) for ticks in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]


@contextmanager
def busy_machine() -> Iterator[None]:
    """Keep each processor busy with one more program."""
    command = [sys.executable, "-c", "while True: pass"]
    programs = [subprocess.Popen(command) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for program in programs:
            program.kill()
            program.wait()
