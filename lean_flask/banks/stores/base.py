"""The protocol that every store follows."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

#: From the present value and the version that this change will bear, to the new value.
#: ``None`` stands for "absent" both ways; the present value again means "leave it as it is".
Change = Callable[[bytes | None, int], bytes | None]


class StoreError(Exception):
    """The store is down, full, read-only or corrupt. Costs the sharing, never the list."""


class Store(Protocol):
    """Bytes by key, with one version number that grows with each change of anything.

    The version is what orders things across processes, where clocks differ or jump.
    """

    def version(self) -> int:
        """The version of the latest change; cheap, since every process asks once a second."""

    def read(self, key: str) -> bytes | None:
        """The value of *key*, or ``None`` where there is none or it has expired."""

    def update(self, key: str, change: Change, seconds: float) -> bytes | None:
        """Apply *change* to *key* atomically, to last *seconds*; the value afterwards."""


def next_version(last: int) -> int:
    """The version after *last*.

    Microseconds of the wall clock where that is later, so that versions go on growing in a store
    that was emptied, and compare with those given while the store was out of reach.
    """
    return max(last + 1, time.time_ns() // 1000)
