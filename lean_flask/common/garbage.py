"""The first full garbage collection of a process, at its start instead of under load."""

from __future__ import annotations

import gc
import os
from functools import lru_cache


def collect_garbage_once() -> None:
    """Collect all garbage, once per process, unless the host has turned that off.

    Python would do it after some thousand requests, and one of them would wait 20 to 40 ms. The
    next one is due when a quarter more objects are there.
    """
    if gc.isenabled():
        _collect(os.getpid())


@lru_cache(maxsize=1)
def _collect(pid: int) -> None:
    gc.collect()
